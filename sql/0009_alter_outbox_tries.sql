-- attempts counts each time that a mail was sent, for ever, so that one that
-- comes back late is known; tries those since it was queued last. A mail that
-- somebody gave up is dropped. message is the whole of it as it goes out, and
-- empty once it has gone, or while it is yet to be made.
ALTER TABLE outbox
    MODIFY state ENUM('queued', 'sending', 'sent', 'failed', 'unknown',
        'dropped') NOT NULL DEFAULT 'queued',
    ADD COLUMN tries INT UNSIGNED NOT NULL DEFAULT 0 AFTER attempts;
