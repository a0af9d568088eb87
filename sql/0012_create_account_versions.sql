-- Raised by every change of what an account's vault or links show, within the
-- transaction that makes it: what a host has kept of them is good as long as
-- these stay. Accounts share the rows, by their ids; one that is missing has
-- version 0.
CREATE TABLE account_versions (
    slot SMALLINT UNSIGNED NOT NULL,
    version BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (slot)
) ENGINE=InnoDB;
