-- Every share that a reshare stands on, its parent's ancestors too: it is good
-- while all of them are.
CREATE TABLE share_ancestors (
    share_id BIGINT UNSIGNED NOT NULL,
    ancestor_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (share_id, ancestor_id),
    KEY share_ancestors_ancestor (ancestor_id),
    CONSTRAINT share_ancestors_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE,
    CONSTRAINT share_ancestors_ancestor FOREIGN KEY (ancestor_id)
        REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
