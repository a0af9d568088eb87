-- Whether the account wants its notifications by e-mail too.
ALTER TABLE users ADD mail_notifications BOOLEAN NOT NULL DEFAULT TRUE;
