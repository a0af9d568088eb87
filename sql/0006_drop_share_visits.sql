-- A link's visitor carries the end of his visit in a signed cookie.
DROP TABLE share_visits;
