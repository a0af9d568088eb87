<?php
// What people use instead: the answers of a link, of a shared set and of the
// vault's list out of PHP-FPM, over a kept connection to the same database.
// Nothing is counted, no folder is looked at: less than Vitrine does.
declare(strict_types=1);

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

function database(): mysqli
{
    $db = new mysqli('p:localhost', 'vitrine', '', $_SERVER['BENCH_DATABASE'],
        0, $_SERVER['BENCH_SOCKET']);
    return $db;
}

function rows(mysqli $db, string $sql, array $args): array
{
    return $db->execute_query($sql, $args)->fetch_all(MYSQLI_ASSOC);
}

function uuid(?string $b): ?string
{
    return $b === null ? null : preg_replace(
        '/^(.{8})(.{4})(.{4})(.{4})/', '$1-$2-$3-$4-', bin2hex($b));
}

function moment(?string $t): ?string
{
    return $t === null ? null : strtr($t, ' ', 'T') . 'Z';
}

// An address that is good until a time, for this and nothing else.
function address(string $kind, string $media, string $name, int $until,
    bool $attachment, string $share, int $generation): string
{
    $text = implode("\n", [$kind, $media, $until, (int)$attachment, $share,
        $generation, $name]);
    $key = rtrim(strtr(base64_encode(hash_hmac('sha256', $text,
        'a secret of the benchmark', true)), '+/', '-_'), '=');
    return "http://127.0.0.1/$kind/$media/" . rawurlencode($name) . "?e=$until"
        . ($attachment ? '&d=1' : '')
        . ($share !== '' ? "&s=$share&g=$generation" : '') . "&k=$key";
}

function json(mixed $v): void
{
    header('Content-Type: application/json; charset=utf-8');
    header('Cache-Control: private, no-store');
    echo json_encode($v, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}

function not_found(): void
{
    http_response_code(404);
    json(['error' => 'Link not found or has expired']);
}

function token(string $path): string
{
    return (string)hex2bin(str_replace('-', '', substr($path, -36)));
}

function open_link(mysqli $db, string $path): void
{
    $found = rows($db, 'SELECT s.uuid, s.generation, s.file_name, '
        . 's.can_download, s.password_hash, m.uuid AS media, '
        . 'm.file_name AS media_name FROM shares s '
        . 'JOIN users o ON o.id = s.owner_id '
        . 'JOIN share_items i ON i.share_id = s.id '
        . "JOIN media m ON m.id = i.media_id AND m.state = 'live' "
        . 'WHERE s.token = ? AND s.revoked_at IS NULL '
        . 'AND o.disabled_at IS NULL '
        . 'AND (s.expires_at IS NULL OR s.expires_at > NOW(3)) '
        . 'AND (s.max_uses IS NULL OR s.uses < s.max_uses)', [token($path)]);
    if (count($found) !== 1 || !$found[0]['can_download']
        || $found[0]['password_hash'] !== null) {
        not_found();
        return;
    }
    $s = $found[0];
    $url = address('file', uuid($s['media']),
        $s['file_name'] ?? $s['media_name'], time() + 900, true,
        uuid($s['uuid']), $s['generation']);
    header('Cache-Control: private, no-store');
    header("Location: $url", true, 302);
    echo '<html><body>You are being <a href="', htmlspecialchars($url),
        '">redirected</a>.</body></html>';
}

function open_set(mysqli $db, string $path): void
{
    $found = rows($db, 'SELECT s.*, o.uuid AS owner, m.uuid AS media, '
        . 'm.title, m.file_name AS media_name, m.caption, m.mime, m.size, '
        . 'm.width, m.height FROM shares s '
        . 'JOIN users o ON o.id = s.owner_id '
        . 'JOIN share_items i ON i.share_id = s.id '
        . "JOIN media m ON m.id = i.media_id AND m.state = 'live' "
        . 'WHERE s.token = ? AND s.revoked_at IS NULL '
        . 'AND o.disabled_at IS NULL '
        . 'AND (s.expires_at IS NULL OR s.expires_at > NOW(3)) '
        . 'ORDER BY i.position', [token($path)]);
    if ($found === [] || $found[0]['password_hash'] !== null) {
        not_found();
        return;
    }
    $s = $found[0];
    $id = uuid($s['uuid']);
    $until = time() + 3600;
    $items = [];
    foreach ($found as $m) {
        $media = uuid($m['media']);
        $items[] = ['id' => $media, 'name' => $m['title'] ?? $m['media_name'],
            'caption' => $m['caption'], 'mime_type' => $m['mime'],
            'size' => $m['size'], 'width' => $m['width'],
            'height' => $m['height'],
            'url' => address('file', $media, $m['media_name'], $until, false,
                $id, $s['generation']),
            'thumbnail_url' => address('thumb', $media, $m['media_name'],
                $until, false, $id, $s['generation']),
            'download_url' => address('file', $media, $m['media_name'],
                $until, true, $id, $s['generation'])];
    }
    json(['share' => ['id' => $id, 'target_type' => $s['target_type'],
        'target_id' => null, 'owner_id' => uuid($s['owner']),
        'recipient_type' => $s['recipient_type'],
        'recipient_user_id' => null, 'public_token' => uuid($s['token']),
        'url' => 'http://127.0.0.1/s/' . uuid($s['token']),
        'permissions' => ['can_view' => (bool)$s['can_view'],
            'can_download' => (bool)$s['can_download'],
            'can_edit' => (bool)$s['can_edit'],
            'can_reshare' => (bool)$s['can_reshare']],
        'note' => $s['note'], 'has_password' => false,
        'expires_at' => moment($s['expires_at']),
        'max_uses' => $s['max_uses'], 'access_count' => $s['uses'],
        'last_accessed' => moment($s['last_accessed']),
        'status' => 'active', 'created_at' => moment($s['created_at']),
        'updated_at' => moment($s['updated_at'])],
        'items' => $items, 'next_cursor' => null]);
}

// The API key is looked up by its number: nothing here has Vitrine's hash.
function list_vault(mysqli $db): void
{
    $account = rows($db, 'SELECT k.id, u.id AS user FROM api_keys k '
        . 'JOIN users u ON u.id = k.user_id WHERE k.id = ? '
        . 'AND k.revoked_at IS NULL AND u.disabled_at IS NULL',
        [(int)$_SERVER['HTTP_X_BENCH_KEY']]);
    if ($account === []) {
        http_response_code(401);
        return;
    }
    $user = $account[0]['user'];
    $counts = rows($db, 'SELECT source, COUNT(*) AS count FROM media '
        . "WHERE user_id = ? AND state = 'live' GROUP BY source", [$user]);
    $found = rows($db, 'SELECT m.*, s.token AS share_token, '
        . 's.id IS NOT NULL AS is_shared, c.id IS NOT NULL AS in_community '
        . 'FROM media m LEFT JOIN shares s ON s.code_media_id = m.id '
        . 'LEFT JOIN community_media c ON c.media_id = m.id '
        . "AND c.state <> 'making' WHERE m.user_id = ? AND m.state = 'live' "
        . 'ORDER BY m.created_at DESC, m.id DESC', [$user]);
    $until = (intdiv(time(), 21600) + 1) * 21600 + 86400;
    $files = [];
    foreach ($found as $m) {
        $media = uuid($m['uuid']);
        $files[] = ['id' => $m['id'], 'uuid' => $media,
            'name' => $m['title'] ?? $m['file_name'],
            'originalName' => $m['original_name'],
            'category' => $m['source'], 'size' => $m['size'],
            'lastModified' => moment($m['created_at']),
            'created_at' => moment($m['created_at']),
            'url' => address('file', $media, $m['file_name'], $until, false,
                '', 0),
            'path' => $m['path'], 'mimeType' => $m['mime'],
            'title' => $m['title'], 'caption' => $m['caption'],
            'subreddit' => $m['subreddit'], 'width' => $m['width'] ?: null,
            'height' => $m['height'] ?: null,
            'isShared' => (bool)$m['is_shared'],
            'shareCode' => uuid($m['share_token']),
            'shareToCommunity' => (bool)$m['in_community'],
            'characterName' => $m['character_name'],
            'enrichmentStatus' => $m['enrichment'],
            'enrichmentError' => $m['enrichment_error'],
            'enrichedAt' => moment($m['enriched_at'])];
    }
    json(['files' => $files, 'totalCount' => count($files),
        'categories' => array_column($counts, 'count', 'source')]);
}

$path = strtok($_SERVER['REQUEST_URI'], '?');
if (str_starts_with($path, '/api/v2/shareable_links/')) {
    open_link(database(), $path);
} elseif (str_starts_with($path, '/api/v1/shared/')) {
    open_set(database(), $path);
} elseif ($path === '/api/user/media') {
    list_vault(database());
} else {
    not_found();
}
