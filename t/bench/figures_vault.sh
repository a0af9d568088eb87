# The vault: contrib/bench's figures of lists and of finding files.

# What the list sends of each media, newest first.
list_statement()
{
	cat <<-END
	SELECT m.id, m.uuid, m.user_id, m.source, m.path, m.file_name,
	    m.original_name, m.title, m.caption, m.subreddit, m.character_name,
	    m.mime, m.state, m.enrichment, m.enrichment_error, m.size, m.mtime,
	    m.width, m.height, m.duration_ms, m.taken_at, m.enriched_at,
	    m.created_at, s.token, s.id IS NOT NULL AS is_shared,
	    c.id IS NOT NULL AS in_community
	FROM media m LEFT JOIN shares s ON s.code_media_id = m.id
	LEFT JOIN community_media c ON c.media_id = m.id
	    AND c.state <> 'making'
	WHERE m.user_id = $1 AND m.state = 'live' ${2:-}
	ORDER BY m.created_at DESC, m.id DESC ${3:-}
	END
}

# list_good URL NAME NUMBER
list_good()
{
	curl -fsS -o "$var/own/answer" "${header[@]}" "$1/api/user/media" &&
	    sees "$var/own/answer" "@{ \$_->{files} } == $3 &&
		\$_->{totalCount} == $3 &&
		\$_->{files}[0]{url} =~ m{/file/.+k=.+}" ||
	    fail "$1: not the list of $2"
}

fetch_list()
{
	curl -fsS -o /dev/null -w '%{time_starttransfer}' "${header[@]}" \
	    "$BASE_URL/api/user/media" >"$var/own/first"
}

client_list()
{
	mariadb --no-defaults --socket="$DB_SOCKET" --user=root --batch \
	    --quick vitrine -e "$list_sql" >/dev/null
}

list_round()
{
	local url side n

	for n in 1 2 3; do
		timed fetch_list || fail "no list" || return 1
		sample list vitrine "$took"
		sample list.first vitrine "$(awk '{ print 1000 * $1 }' \
		    "$var/own/first")"
		timed client_list || fail "no rows" || return 1
		sample list floor "$took"
	done
	for side in vitrine php node; do
		case $side in
		vitrine) url=$BASE_URL ;;
		php) url=$php_url ;;
		node) url=$node_url ;;
		esac
		load "$url" "$var/own/list" 4 "$seconds" "${header[@]}" ||
		    return 1
		sample list.rate "$side" "$rate"
	done
}

figure_list()
{
	local url

	key_header ten
	list_sql=$(list_statement "$(user_id ten)")
	echo /api/user/media >"$var/own/list"
	for url in "$BASE_URL" "$php_url" "$node_url"; do
		list_good "$url" ten "$ten" || return 1
	done
	fetch_list
	client_list
	each_round list_round
}

# status FIELD: its sum over the pool's processes, in kB.
status()
{
	local member

	for member in $(session_members "$POOL_PID"); do
		cat "/proc/$member/status" 2>/dev/null
	done | awk -v field="$1:" '$1 == field { n += $2 } END { print n + 0 }'
}

# growth NAME: how much more the processes of a fresh pool take at most while
# they send the list a few times, in MB: the kernel's own mark of the highest
# water, set back before. Each process has answered a short list by then.
growth()
{
	local before member

	key_header "$1"
	kill -HUP "$POOL_PID"
	sleep 3
	echo "/api/user/media?limit=1" >"$var/own/list"
	load "$BASE_URL" "$var/own/list" 16 1 "${header[@]}" || return 1
	sleep 1
	before=$(status VmRSS)
	for member in $(session_members "$POOL_PID"); do
		echo 5 >"/proc/$member/clear_refs"
	done
	for _ in 1 2 3 4 5 6; do
		fetch_list || fail "no list" || return 1
	done
	grown=$(awk -v a="$before" -v b="$(status VmHWM)" \
	    'BEGIN { printf "%.2f", (b > a ? b - a : 0) / 1024 }')
}

memory_round()
{
	growth ten && sample growth.ten vitrine "$grown" &&
	    growth hundred && sample growth.hundred vitrine "$grown"
}

figure_growth()
{
	each_round memory_round
}

# page_round MEASURE FILTER: 100 of many, by one client.
page_round()
{
	local n

	load "$BASE_URL" "$var/own/$1" 1 "$seconds" "${header[@]}" || return 1
	sample "$1" vitrine "$p50"
	for ((n = 0; n < 3; n++)); do
		sql vitrine -e "INSERT INTO account_versions
		    SELECT id MOD 1024, 1 FROM users WHERE username = 'hundred'
		    ON DUPLICATE KEY UPDATE version = account_versions.version
		    + 1"
		timed api hundred "$BASE_URL$(cat "$var/own/$1")" \
		    -o /dev/null || return 1
		sample "$1.anew" vitrine "$took"
	done
	sql_load 1 "$seconds" 100 - \
	    "$(list_statement "$(user_id hundred)" "$2" 'LIMIT 100')" ||
	    return 1
	sample "$1" floor "$p50"
}

page_good()
{
	curl -fsS -o "$var/own/answer" "${header[@]}" \
	    "$BASE_URL$(cat "$var/own/$1")" &&
	    sees "$var/own/answer" \
		"@{ \$_->{files} } == 100 && \$_->{nextCursor} ne ''" ||
	    fail "not a page"
}

figure_page()
{
	key_header hundred
	echo '/api/user/media?limit=100' >"$var/own/page"
	page_good page && each_round page_round page ''
}

figure_search()
{
	key_header hundred
	echo '/api/user/media?limit=100&search=harbour' >"$var/own/search"
	page_good search && each_round page_round search "AND (
	    m.file_name LIKE '%harbour%' OR m.original_name LIKE '%harbour%'
	    OR m.caption LIKE '%harbour%'
	    OR m.character_name LIKE '%harbour%')"
}

# ---- finding ----------------------------------------------------------------

find_them()
{
	api finder "$BASE_URL/api/user/media?limit=1" >/dev/null
}

load_them()
{
	find "$STORAGE_ROOT/user-media/users/$finder_id/Uploads" -type f \
	    -printf 'users/%H\t%f\t%s\t%T@\n' |
	    mariadb --no-defaults --socket="$DB_SOCKET" --user=root \
		--local-infile=1 bench -e "
	    LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE found
	    (@folder, file_name, size, @mtime)
	    SET uuid = RANDOM_BYTES(16), user_id = $finder_id,
	    source = 'upload', original_name = file_name,
	    path = CONCAT('users/$finder_id/Uploads/', file_name),
	    path_hash = UNHEX(SHA2(path, 256)), mtime = @mtime * 1000000000,
	    created_at = FROM_UNIXTIME(@mtime)"
}

count_rows()
{
	[ "$(sql "$1" -e "SELECT COUNT(*) FROM $2
	    WHERE user_id = $finder_id")" = "$files" ] ||
	    fail "not all files in $1.$2"
}

forget_them()
{
	forget_jobs
	sql vitrine -e "DELETE FROM media WHERE user_id = $finder_id;
	    DELETE FROM vault_stamps WHERE user_id = $finder_id"
	sql -e "CREATE DATABASE IF NOT EXISTS bench;
	    DROP TABLE IF EXISTS bench.found;
	    CREATE TABLE bench.found LIKE vitrine.media"
	sleep 2 # purging what was deleted
}

find_round()
{
	forget_them
	timed find_them || fail "no listing" || return 1
	sample find vitrine "$took"
	count_rows vitrine media || return 1
	timed load_them || fail "no LOAD DATA" || return 1
	sample find floor "$took"
	count_rows bench found || return 1
	next_round
}

# The page of a vault whose files have just been found, and of one that was
# found long ago.
next_round()
{
	local name

	forget_jobs
	for name in finder still; do
		key_header "$name"
		load "$BASE_URL" "$var/own/page" 1 "$seconds" "${header[@]}" ||
		    return 1
		case $name in
		finder) sample find.next vitrine "$p50" ;;
		still) sample find.next floor "$p50" ;;
		esac
	done
}

figure_find()
{
	local status

	finder_id=$(user_id finder)
	echo '/api/user/media?limit=100' >"$var/own/page"
	pause_worker
	each_round find_round
	status=$?
	resume_worker
	return "$status"
}
