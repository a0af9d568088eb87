-- The baseline: accounts, the vault, the one share model under all four APIs,
-- the community, jobs and outgoing mail.
--
-- Times are DATETIME(3) in UTC. Tokens and hashes are BINARY. Paths are
-- VARBINARY, unique by their SHA-256: a text collation takes A.jpg for a.jpg.
-- Text that people search folds case by utf8mb4_unicode_520_ci, which tells
-- one emoji from another.

CREATE TABLE users (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    username VARCHAR(64) CHARACTER SET ascii NOT NULL,
    display_name VARCHAR(128) NOT NULL,
    email VARCHAR(254) NOT NULL,
    role ENUM('user', 'moderator', 'admin') NOT NULL DEFAULT 'user',
    password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- A new password, "disable" and "end all sessions" raise it; access
    -- tokens carry it.
    generation INT UNSIGNED NOT NULL DEFAULT 1,
    quota BIGINT UNSIGNED NOT NULL DEFAULT 0,
    disabled_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY users_uuid (uuid),
    UNIQUE KEY users_username (username),
    UNIQUE KEY users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE sessions (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id BIGINT UNSIGNED NOT NULL,
    token_hash BINARY(32) NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii NOT NULL,
    agent VARCHAR(255) NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    last_seen DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY sessions_token (token_hash),
    KEY sessions_user (user_id),
    KEY sessions_expiry (expires_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE api_keys (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id BIGINT UNSIGNED NOT NULL,
    name VARCHAR(128) NOT NULL,
    key_hash BINARY(32) NOT NULL,
    scopes SET('media:read', 'media:write', 'media:generated', 'shares',
        'links', 'community') NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    last_used DATETIME(3) NULL,
    expires_at DATETIME(3) NULL,
    revoked_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY api_keys_hash (key_hash),
    KEY api_keys_user (user_id),
    CONSTRAINT api_keys_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Subjects of the other issuer of access tokens, compared byte by byte.
CREATE TABLE token_subjects (
    issuer VARBINARY(255) NOT NULL,
    subject VARBINARY(255) NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (issuer, subject),
    KEY token_subjects_user (user_id),
    CONSTRAINT token_subjects_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Wrong tries by a key that names what is tried and from where; hashed, since
-- what people type as a name may be their password.
CREATE TABLE tries (
    id BINARY(32) NOT NULL,
    count INT UNSIGNED NOT NULL,
    until DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY tries_until (until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE media (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    -- The category: smart-caption, upload, …
    source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Below the bucket user-media: users/{id}/{Folder}/{file name}. A trashed
    -- row keeps its path, and its hash is NULL, so the name is free again.
    path VARBINARY(512) NOT NULL,
    path_hash BINARY(32) NULL,
    file_name VARCHAR(255) NOT NULL,
    original_name VARCHAR(255) NOT NULL,
    title VARCHAR(255) NULL,
    caption TEXT NULL,
    -- Set, or taken off, by a person: enrichment leaves it alone.
    caption_by_user BOOLEAN NOT NULL DEFAULT FALSE,
    subreddit VARCHAR(64) NULL,
    character_name VARCHAR(255) NULL,
    mime VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'application/octet-stream',
    size BIGINT UNSIGNED NOT NULL DEFAULT 0,
    -- Nanoseconds since 1970, of the file as it was last seen.
    mtime BIGINT NOT NULL DEFAULT 0,
    width INT UNSIGNED NOT NULL DEFAULT 0,
    height INT UNSIGNED NOT NULL DEFAULT 0,
    duration_ms BIGINT NOT NULL DEFAULT 0,
    taken_at DATETIME(3) NULL,
    content_hash BINARY(32) NULL,
    perceptual_hash BIGINT UNSIGNED NULL,
    state ENUM('live', 'missing', 'trashed') NOT NULL DEFAULT 'live',
    state_at DATETIME(3) NULL,
    enrichment ENUM('pending', 'processing', 'completed', 'failed') NOT NULL
        DEFAULT 'pending',
    enrichment_error VARCHAR(255) NULL,
    enriched_at DATETIME(3) NULL,
    metadata TEXT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY media_uuid (uuid),
    UNIQUE KEY media_path (path_hash),
    KEY media_list (user_id, state, created_at, id),
    KEY media_counts (user_id, state, source, created_at),
    KEY media_folder (user_id, path),
    KEY media_trash (state, state_at),
    CONSTRAINT media_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What each vault folder looked like when it was last listed in full.
CREATE TABLE vault_stamps (
    user_id BIGINT UNSIGNED NOT NULL,
    folder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    inode BIGINT UNSIGNED NOT NULL,
    mtime BIGINT NOT NULL,
    PRIMARY KEY (user_id, folder),
    CONSTRAINT vault_stamps_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE collections (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY collections_uuid (uuid),
    KEY collections_user (user_id, id),
    CONSTRAINT collections_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE collection_items (
    collection_id BIGINT UNSIGNED NOT NULL,
    media_id BIGINT UNSIGNED NOT NULL,
    added_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (collection_id, media_id),
    KEY collection_items_media (media_id),
    CONSTRAINT collection_items_collection FOREIGN KEY (collection_id)
        REFERENCES collections (id) ON DELETE CASCADE,
    CONSTRAINT collection_items_media FOREIGN KEY (media_id)
        REFERENCES media (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The one share model. Seed 000's share code, seed 002's shares, seed 003's
-- links and seed 004's asset shares are all rows of it.
CREATE TABLE shares (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    owner_id BIGINT UNSIGNED NOT NULL,
    -- The API it came through.
    origin ENUM('code', 'share', 'link', 'asset') NOT NULL,
    target_type ENUM('media', 'set', 'collection') NOT NULL,
    collection_id BIGINT UNSIGNED NULL,
    recipient_type ENUM('public_link', 'user') NOT NULL,
    token BINARY(16) NULL,
    -- Seed 000: one share code a media. NULL once it is revoked.
    code_media_id BIGINT UNSIGNED NULL,
    -- The share that this one passes on; it dies with it.
    parent_id BIGINT UNSIGNED NULL,
    name VARCHAR(255) NULL,
    note TEXT NULL,
    file_name VARCHAR(255) NULL,
    can_view BOOLEAN NOT NULL DEFAULT TRUE,
    can_download BOOLEAN NOT NULL DEFAULT FALSE,
    can_edit BOOLEAN NOT NULL DEFAULT FALSE,
    can_reshare BOOLEAN NOT NULL DEFAULT FALSE,
    password_hash VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- Raised by a new password or permissions; unlock cookies and signed
    -- addresses carry it.
    generation INT UNSIGNED NOT NULL DEFAULT 1,
    expires_at DATETIME(3) NULL,
    max_uses BIGINT UNSIGNED NULL,
    uses BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_accessed DATETIME(3) NULL,
    revoked_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY shares_uuid (uuid),
    UNIQUE KEY shares_token (token),
    UNIQUE KEY shares_code_media (code_media_id),
    KEY shares_owner (owner_id, id),
    KEY shares_parent (parent_id),
    KEY shares_collection (collection_id),
    CONSTRAINT shares_owner FOREIGN KEY (owner_id) REFERENCES users (id)
        ON DELETE CASCADE,
    CONSTRAINT shares_collection FOREIGN KEY (collection_id)
        REFERENCES collections (id) ON DELETE CASCADE,
    CONSTRAINT shares_code_media FOREIGN KEY (code_media_id)
        REFERENCES media (id) ON DELETE CASCADE,
    CONSTRAINT shares_parent FOREIGN KEY (parent_id) REFERENCES shares (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE share_items (
    share_id BIGINT UNSIGNED NOT NULL,
    position INT UNSIGNED NOT NULL,
    media_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (share_id, position),
    UNIQUE KEY share_items_once (share_id, media_id),
    KEY share_items_media (media_id),
    CONSTRAINT share_items_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE,
    CONSTRAINT share_items_media FOREIGN KEY (media_id)
        REFERENCES media (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE share_recipients (
    share_id BIGINT UNSIGNED NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (share_id, user_id),
    KEY share_recipients_user (user_id, share_id),
    CONSTRAINT share_recipients_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE,
    CONSTRAINT share_recipients_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- A counted visit of a limited link keeps its half hour.
CREATE TABLE share_visits (
    share_id BIGINT UNSIGNED NOT NULL,
    visitor BINARY(16) NOT NULL,
    until DATETIME(3) NOT NULL,
    PRIMARY KEY (share_id, visitor),
    KEY share_visits_until (until),
    CONSTRAINT share_visits_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE share_activity (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    share_id BIGINT UNSIGNED NOT NULL,
    actor_id BIGINT UNSIGNED NULL,
    actor_ip VARCHAR(45) CHARACTER SET ascii NULL,
    action ENUM('created', 'updated', 'accessed', 'downloaded',
        'password_failed', 'limit_reached', 'revoked') NOT NULL,
    details TEXT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY share_activity_uuid (uuid),
    KEY share_activity_share (share_id, id),
    KEY share_activity_age (created_at),
    CONSTRAINT share_activity_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE notifications (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    share_id BIGINT UNSIGNED NOT NULL,
    kind ENUM('share_created', 'share_updated', 'share_revoked',
        'first_access', 'password_failed', 'limit_reached') NOT NULL,
    details TEXT NULL,
    read_at DATETIME(3) NULL,
    mailed_at DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY notifications_uuid (uuid),
    KEY notifications_unread (user_id, read_at, id),
    CONSTRAINT notifications_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT notifications_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- The row is the lock of seed 000, unique per media: who holds it (owner)
-- and until when, while state is making. Newest first is by id, so a tag's
-- page is a range of one index.
CREATE TABLE community_media (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    -- NULL once the original is deleted: the copy stays (seed 000).
    media_id BIGINT UNSIGNED NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    state ENUM('making', 'ready', 'hidden') NOT NULL,
    owner BINARY(16) NULL,
    until DATETIME(3) NULL,
    -- Below the bucket general.
    object_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    thumb_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    mime VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'application/octet-stream',
    size BIGINT UNSIGNED NOT NULL DEFAULT 0,
    width INT UNSIGNED NOT NULL DEFAULT 0,
    height INT UNSIGNED NOT NULL DEFAULT 0,
    -- Of the source, for the block list.
    content_hash BINARY(32) NULL,
    perceptual_hash BIGINT UNSIGNED NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY community_media_media (media_id),
    UNIQUE KEY community_media_object (object_name),
    KEY community_media_feed (state, id),
    KEY community_media_user (user_id),
    CONSTRAINT community_media_media FOREIGN KEY (media_id)
        REFERENCES media (id) ON DELETE SET NULL,
    CONSTRAINT community_media_user FOREIGN KEY (user_id)
        REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE tags (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT,
    slug VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(64) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY tags_slug (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE community_tags (
    tag_id INT UNSIGNED NOT NULL,
    community_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (tag_id, community_id),
    KEY community_tags_community (community_id),
    CONSTRAINT community_tags_tag FOREIGN KEY (tag_id) REFERENCES tags (id),
    CONSTRAINT community_tags_community FOREIGN KEY (community_id)
        REFERENCES community_media (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE community_reports (
    community_id BIGINT UNSIGNED NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    reason VARCHAR(1000) NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (community_id, user_id),
    KEY community_reports_user (user_id),
    CONSTRAINT community_reports_media FOREIGN KEY (community_id)
        REFERENCES community_media (id) ON DELETE CASCADE,
    CONSTRAINT community_reports_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Pictures that a moderator has taken down: refused when they are shared
-- again. They stay when the record itself has gone.
CREATE TABLE blocked_hashes (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    community_id BIGINT UNSIGNED NOT NULL,
    content_hash BINARY(32) NULL,
    perceptual_hash BIGINT UNSIGNED NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    KEY blocked_hashes_content (content_hash),
    KEY blocked_hashes_community (community_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE activity (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id BIGINT UNSIGNED NOT NULL,
    action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    feature VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    details TEXT NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    KEY activity_user (user_id, id),
    KEY activity_age (created_at),
    CONSTRAINT activity_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Work for the workers: taken by lease, done when the row is gone.
CREATE TABLE jobs (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    kind ENUM('enrich', 'thumbnail', 'mail', 'trash', 'orphans', 'expire')
        NOT NULL,
    -- The row that it is about, of the table that kind tells; 0 for none.
    ref_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
    due_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    owner BINARY(16) NULL,
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    last_error VARCHAR(255) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY jobs_once (kind, ref_id),
    KEY jobs_due (due_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE outbox (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    uuid BINARY(16) NOT NULL,
    user_id BIGINT UNSIGNED NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    recipient VARCHAR(254) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    message MEDIUMTEXT NOT NULL,
    state ENUM('queued', 'sending', 'sent', 'failed', 'unknown') NOT NULL
        DEFAULT 'queued',
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    last_error VARCHAR(255) NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    due_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    sent_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY outbox_uuid (uuid),
    KEY outbox_due (state, due_at),
    KEY outbox_user (user_id, created_at),
    CONSTRAINT outbox_user FOREIGN KEY (user_id) REFERENCES users (id)
        ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which links a mail carries, so that its sender sees what became of each.
CREATE TABLE outbox_shares (
    outbox_id BIGINT UNSIGNED NOT NULL,
    share_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (outbox_id, share_id),
    KEY outbox_shares_share (share_id),
    CONSTRAINT outbox_shares_outbox FOREIGN KEY (outbox_id)
        REFERENCES outbox (id) ON DELETE CASCADE,
    CONSTRAINT outbox_shares_share FOREIGN KEY (share_id)
        REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO tags (slug, name) VALUES
    ('animals', 'Animals'),
    ('architecture', 'Architecture'),
    ('art', 'Art'),
    ('black-and-white', 'Black and white'),
    ('city', 'City'),
    ('events', 'Events'),
    ('family', 'Family'),
    ('flowers', 'Flowers'),
    ('food', 'Food'),
    ('landscape', 'Landscape'),
    ('macro', 'Macro'),
    ('music', 'Music'),
    ('nature', 'Nature'),
    ('night', 'Night'),
    ('people', 'People'),
    ('portrait', 'Portrait'),
    ('sea', 'Sea'),
    ('sky', 'Sky'),
    ('sports', 'Sports'),
    ('travel', 'Travel');
