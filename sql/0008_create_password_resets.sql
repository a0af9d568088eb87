-- Links that set a new password, by the hash of their token. One is good for
-- the account as it was: a new password, or disabling it, raises the
-- generation and ends them all.
CREATE TABLE password_resets (
    token_hash BINARY(32) NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    generation INT UNSIGNED NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (token_hash),
    KEY password_resets_user (user_id),
    KEY password_resets_expiry (expires_at),
    CONSTRAINT password_resets_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
