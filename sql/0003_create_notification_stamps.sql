-- Raised with every change of an account's notifications: who polls learns
-- from it alone that there is nothing new.
CREATE TABLE notification_stamps (
    user_id BIGINT UNSIGNED NOT NULL,
    version BIGINT UNSIGNED NOT NULL DEFAULT 1,
    PRIMARY KEY (user_id),
    CONSTRAINT notification_stamps_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
