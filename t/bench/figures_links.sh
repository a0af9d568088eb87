# Links: contrib/bench's figures of what is opened by a link's token.

# redirects URL PATHS: some of the answers, and that they are the right ones.
redirects()
{
	local path answer

	for path in $(shuf -n 20 "$2"); do
		answer=$(curl -s -o "$var/own/answer" \
		    -w '%{http_code} %{redirect_url}' "$1$path")
		[[ $answer == 302\ http://*/file/*/*.jpg* ]] &&
		    grep -q redirected "$var/own/answer" ||
		    fail "$1$path: $answer" || return 1
	done
}

# by_links MEASURE SIDE URL PATHS: a round of one side.
by_links()
{
	load "$3" "$4" "$clients" "$seconds" || return 1
	sample "$1" "$2" "$rate"
	sleep 1 # what it has left to be written
}

selects()
{
	sql -e "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS
	    WHERE VARIABLE_NAME = 'COM_SELECT'"
}

link_round()
{
	local before

	before=$(selects)
	by_links link vitrine "$BASE_URL" "$var/own/links" || return 1
	sample link.p99 vitrine "$p99"
	note link "in round $round the database was asked for $((($(selects) -
	    before) * 100 / requests)) % of them"
	by_links link.cold vitrine "$plain_url" "$var/own/links" || return 1
	by_links link floor "$floor_url" "$var/own/links" || return 1
	sample link.p99 floor "$p99"
	by_links link php "$php_url" "$var/own/links" &&
	    by_links link node "$node_url" "$var/own/links"
}

# open_all PATHS: each once at least, or as many as there is time for.
open_all()
{
	local order=in-turn

	load "$BASE_URL" "$1" "$clients" "$warm"
}

figure_link()
{
	local url

	for url in "$BASE_URL" "$plain_url" "$floor_url" "$php_url" \
	    "$node_url"; do
		redirects "$url" "$var/own/links" &&
		    load "$url" "$var/own/links" "$clients" 2 || return 1
	done
	open_all "$var/own/links" && each_round link_round
}

use_statement="UPDATE shares SET uses = uses + 1, last_accessed = NOW(3)
    WHERE id = ? AND revoked_at IS NULL AND uses < max_uses"

count_uses()
{
	sql vitrine -e "SELECT SUM(uses) FROM shares WHERE max_uses IS NOT NULL"
}

# Every answer is a use that has been written.
limited_round()
{
	local before after

	sleep 1 # what wrk no longer waited for
	before=$(count_uses)
	by_links limited vitrine "$BASE_URL" "$var/own/limited" || return 1
	after=$(count_uses)
	[ $((after - before)) -ge "$requests" ] &&
	    [ $((after - before)) -le $((requests + clients)) ] ||
	    fail "$requests answers, $((after - before)) uses" || return 1
	sql_load "$short" "$seconds" 1 "$var/own/limited.keys" \
	    "$use_statement" || return 1
	sample limited floor "$rate"
	sql_load "$clients" "$seconds" 1 "$var/own/limited.keys" \
	    "$use_statement" || return 1
	sample limited.more floor "$rate"
	sleep 1
}

figure_limited()
{
	redirects "$BASE_URL" "$var/own/limited" &&
	    load "$BASE_URL" "$var/own/limited" "$clients" 2 &&
	    each_round limited_round
}

set_statement="SELECT s.id, s.uuid, s.token, s.owner_id, s.target_type,
    s.recipient_type, s.note, s.can_view, s.can_download, s.can_edit,
    s.can_reshare, s.password_hash, s.generation, s.expires_at, s.max_uses,
    s.uses, s.last_accessed, s.revoked_at, s.created_at, s.updated_at,
    o.uuid AS owner, o.disabled_at, m.id AS media_id, m.uuid AS media,
    m.user_id, m.title, m.file_name, m.caption, m.path, m.mime, m.size,
    m.mtime, m.width, m.height FROM shares s JOIN users o ON o.id = s.owner_id
    JOIN share_items i ON i.share_id = s.id JOIN media m ON m.id = i.media_id
    WHERE s.token = ? ORDER BY i.position"

# set_good URL: whether it answers with all items and their addresses.
set_good()
{
	curl -fsS -o "$var/own/answer" "$1$(shuf -n 1 "$var/own/sets")" &&
	    sees "$var/own/answer" "@{ \$_->{items} } == $set_items &&
		\$_->{items}[$set_items - 1]{download_url} =~ m{/file/.+k=.+} &&
		\$_->{share}{status} eq 'active'" ||
	    fail "$1: not the set"
}

set_round()
{
	by_links set vitrine "$BASE_URL" "$var/own/sets" || return 1
	sql_load "$short" "$seconds" "$set_items" "$var/own/sets.keys" \
	    "$set_statement" || return 1
	sample set floor "$rate"
	by_links set php "$php_url" "$var/own/sets" &&
	    by_links set node "$node_url" "$var/own/sets"
}

figure_set()
{
	local url

	for url in "$BASE_URL" "$php_url" "$node_url"; do
		set_good "$url" &&
		    load "$url" "$var/own/sets" "$clients" 2 || return 1
	done
	each_round set_round
}

# ---- slow requests beside fast ones -----------------------------------------

# Both go on until the file is there.
upload_again()
{
	local id

	until [ -e "$var/own/enough" ]; do
		id=$(api mixed "$BASE_URL/api/user/media" -F \
		    "file=@$var/own/upload.jpg;filename=upload-$1.jpg" |
		    grep -o '"id": *[0-9]*' | head -n 1 | grep -o '[0-9]*$')
		[ -n "$id" ] || { echo "no upload" >>"$var/own/broken"; return; }
		api mixed "$BASE_URL/api/user/media/$id" -X DELETE
		echo upload >>"$var/own/done"
	done
}

share_again()
{
	until [ -e "$var/own/enough" ]; do
		publish "$BASE_URL" mixed "$1" >/dev/null ||
		    { echo "no share" >>"$var/own/broken"; return; }
		api mixed "$BASE_URL/api/media/$1/share" -X DELETE
		echo share >>"$var/own/done"
	done
}

mixed_round()
{
	local id jobs=() n

	by_links mixed floor "$BASE_URL" "$var/own/links" || return 1
	sample mixed.p99 floor "$p99"
	rm -f "$var/own/enough" "$var/own/broken" "$var/own/done"
	for n in 1 2 3 4; do
		upload_again "$n" >/dev/null 2>&1 &
		jobs+=($!)
	done
	for id in "${mixed_media[@]}"; do
		share_again "$id" >/dev/null 2>&1 &
		jobs+=($!)
	done
	sleep 1
	by_links mixed vitrine "$BASE_URL" "$var/own/links"
	n=$?
	touch "$var/own/enough"
	wait "${jobs[@]}"
	find "$STORAGE_ROOT/trash" -type f -size +90M -delete
	[ "$n" -eq 0 ] || return 1
	[ ! -e "$var/own/broken" ] ||
	    fail "$(sort -u "$var/own/broken" | tr '\n' ' ')" || return 1
	sample mixed.p99 vitrine "$p99"
	note mixed.p99 "in round $round meanwhile: $(sort "$var/own/done" |
	    uniq -c | tr -s ' \n' ' ')"
}

figure_mixed()
{
	local n id

	mixed_media=()
	for n in 1 2 3 4; do
		id=$(put_picture "$BASE_URL" mixed) ||
		    fail "a picture cannot be put in" || return 1
		mixed_media+=("$id")
	done
	load "$BASE_URL" "$var/own/links" "$clients" 2 && each_round mixed_round
}
