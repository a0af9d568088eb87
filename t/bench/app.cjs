// What people use instead: the answers of a link, of a shared set and of the
// vault's list out of Node with mysql2, in as many processes, each with
// prepared statements over kept connections. Nothing is counted, no folder is
// looked at: less than Vitrine does.
//
//   node app.cjs SOCKET DATABASE-SOCKET DATABASE PROCESSES
'use strict';

const cluster = require('node:cluster');
const crypto = require('node:crypto');
const http = require('node:http');

const [, , listen, socketPath, database, processes] = process.argv;

function uuid(b) {
    if (b === null) {
        return null;
    }
    const h = b.toString('hex');
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-` +
        `${h.slice(16, 20)}-${h.slice(20)}`;
}

function moment(t) {
    return t === null ? null : t.replace(' ', 'T') + 'Z';
}

// An address that is good until a time, for this and nothing else.
function address(kind, media, name, until, attachment, share, generation) {
    const text = `${kind}\n${media}\n${until}\n${attachment}\n${share}\n` +
        `${generation}\n${name}`;
    const key = crypto.createHmac('sha256', 'a secret of the benchmark')
        .update(text).digest('base64url');
    return `http://127.0.0.1/${kind}/${media}/${encodeURIComponent(name)}` +
        `?e=${until}${attachment ? '&d=1' : ''}` +
        `${share ? `&s=${share}&g=${generation}` : ''}&k=${key}`;
}

function json(res, status, v) {
    const body = JSON.stringify(v);
    res.writeHead(status, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'private, no-store' });
    res.end(body);
}

function notFound(res) {
    json(res, 404, { error: 'Link not found or has expired' });
}

function token(path) {
    return Buffer.from(path.slice(-36).replaceAll('-', ''), 'hex');
}

const seconds = () => Math.floor(Date.now() / 1000);

async function openLink(db, path, res) {
    const [found] = await db.execute('SELECT s.uuid, s.generation, ' +
        's.file_name, s.can_download, s.password_hash, m.uuid AS media, ' +
        'm.file_name AS media_name FROM shares s ' +
        'JOIN users o ON o.id = s.owner_id ' +
        'JOIN share_items i ON i.share_id = s.id ' +
        "JOIN media m ON m.id = i.media_id AND m.state = 'live' " +
        'WHERE s.token = ? AND s.revoked_at IS NULL ' +
        'AND o.disabled_at IS NULL ' +
        'AND (s.expires_at IS NULL OR s.expires_at > NOW(3)) ' +
        'AND (s.max_uses IS NULL OR s.uses < s.max_uses)', [token(path)]);
    if (found.length !== 1 || !found[0].can_download ||
        found[0].password_hash !== null) {
        return notFound(res);
    }
    const s = found[0];
    const url = address('file', uuid(s.media), s.file_name ?? s.media_name,
        seconds() + 900, true, uuid(s.uuid), s.generation);
    const body = '<html><body>You are being <a href="' +
        url.replaceAll('&', '&amp;') + '">redirected</a>.</body></html>';
    res.writeHead(302, { 'Content-Type': 'text/html; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'private, no-store', Location: url });
    res.end(body);
}

async function openSet(db, path, res) {
    const [found] = await db.execute('SELECT s.*, o.uuid AS owner, ' +
        'm.uuid AS media, m.title, m.file_name AS media_name, m.caption, ' +
        'm.mime, m.size, m.width, m.height FROM shares s ' +
        'JOIN users o ON o.id = s.owner_id ' +
        'JOIN share_items i ON i.share_id = s.id ' +
        "JOIN media m ON m.id = i.media_id AND m.state = 'live' " +
        'WHERE s.token = ? AND s.revoked_at IS NULL ' +
        'AND o.disabled_at IS NULL ' +
        'AND (s.expires_at IS NULL OR s.expires_at > NOW(3)) ' +
        'ORDER BY i.position', [token(path)]);
    if (found.length === 0 || found[0].password_hash !== null) {
        return notFound(res);
    }
    const s = found[0];
    const id = uuid(s.uuid);
    const until = seconds() + 3600;
    const items = found.map((m) => {
        const media = uuid(m.media);
        return { id: media, name: m.title ?? m.media_name,
            caption: m.caption, mime_type: m.mime, size: m.size,
            width: m.width, height: m.height,
            url: address('file', media, m.media_name, until, false, id,
                s.generation),
            thumbnail_url: address('thumb', media, m.media_name, until,
                false, id, s.generation),
            download_url: address('file', media, m.media_name, until, true,
                id, s.generation) };
    });
    json(res, 200, { share: { id, target_type: s.target_type,
        target_id: null, owner_id: uuid(s.owner),
        recipient_type: s.recipient_type, recipient_user_id: null,
        public_token: uuid(s.token),
        url: `http://127.0.0.1/s/${uuid(s.token)}`,
        permissions: { can_view: !!s.can_view,
            can_download: !!s.can_download, can_edit: !!s.can_edit,
            can_reshare: !!s.can_reshare },
        note: s.note, has_password: false,
        expires_at: moment(s.expires_at), max_uses: s.max_uses,
        access_count: s.uses, last_accessed: moment(s.last_accessed),
        status: 'active', created_at: moment(s.created_at),
        updated_at: moment(s.updated_at) }, items, next_cursor: null });
}

// The API key is looked up by its number: nothing here has Vitrine's hash.
async function listVault(db, req, res) {
    const [account] = await db.execute('SELECT k.id, u.id AS user ' +
        'FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = ? ' +
        'AND k.revoked_at IS NULL AND u.disabled_at IS NULL',
    [Number(req.headers['x-bench-key'])]);
    if (account.length === 0) {
        return json(res, 401, {});
    }
    const user = account[0].user;
    const [counts] = await db.execute('SELECT source, COUNT(*) AS count ' +
        "FROM media WHERE user_id = ? AND state = 'live' GROUP BY source",
    [user]);
    const [found] = await db.execute('SELECT m.*, ' +
        's.token AS share_token, s.id IS NOT NULL AS is_shared, ' +
        'c.id IS NOT NULL AS in_community FROM media m ' +
        'LEFT JOIN shares s ON s.code_media_id = m.id ' +
        'LEFT JOIN community_media c ON c.media_id = m.id ' +
        "AND c.state <> 'making' WHERE m.user_id = ? " +
        "AND m.state = 'live' ORDER BY m.created_at DESC, m.id DESC",
    [user]);
    const until = (Math.floor(seconds() / 21600) + 1) * 21600 + 86400;
    const files = found.map((m) => {
        const media = uuid(m.uuid);
        return { id: m.id, uuid: media, name: m.title ?? m.file_name,
            originalName: m.original_name, category: m.source, size: m.size,
            lastModified: moment(m.created_at),
            created_at: moment(m.created_at),
            url: address('file', media, m.file_name, until, false, '', 0),
            path: m.path.toString(), mimeType: m.mime, title: m.title,
            caption: m.caption, subreddit: m.subreddit,
            width: m.width || null, height: m.height || null,
            isShared: !!m.is_shared, shareCode: uuid(m.share_token),
            shareToCommunity: !!m.in_community,
            characterName: m.character_name, enrichmentStatus: m.enrichment,
            enrichmentError: m.enrichment_error,
            enrichedAt: moment(m.enriched_at) };
    });
    json(res, 200, { files, totalCount: files.length,
        categories: Object.fromEntries(counts.map((c) =>
            [c.source, c.count])) });
}

function serve() {
    const db = require('mysql2/promise').createPool({ socketPath, database,
        user: 'vitrine', connectionLimit: 4, dateStrings: true });

    http.createServer(async (req, res) => {
        const path = req.url.split('?')[0];
        try {
            if (path.startsWith('/api/v2/shareable_links/')) {
                await openLink(db, path, res);
            } else if (path.startsWith('/api/v1/shared/')) {
                await openSet(db, path, res);
            } else if (path === '/api/user/media') {
                await listVault(db, req, res);
            } else {
                notFound(res);
            }
        } catch (e) {
            console.error(e);
            json(res, 500, {});
        }
    }).listen(listen);
}

if (cluster.isPrimary) {
    for (let i = 0; i < Number(processes); i++) {
        cluster.fork();
    }
    process.on('SIGTERM', () => process.exit(0));
} else {
    serve();
}
