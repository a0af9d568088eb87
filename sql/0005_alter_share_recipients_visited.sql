-- A recipient's visit is one use of the share for half an hour.
ALTER TABLE share_recipients ADD visited_until DATETIME(3) NULL;
