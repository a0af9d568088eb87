-- One row for each worker that runs, renewed by it every few seconds: where
-- none is fresh, no background job is done. A worker that ends in order takes
-- its row out.
CREATE TABLE workers (
    id BINARY(16) NOT NULL,
    host VARCHAR(64) NOT NULL,
    pid INT UNSIGNED NOT NULL,
    version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    seen_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
