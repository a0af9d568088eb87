-- A deleted collection stays as long as the log of its shares is kept.
ALTER TABLE collections
    ADD deleted_at DATETIME(3) NULL,
    ADD KEY collections_deleted (deleted_at);
