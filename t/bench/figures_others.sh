# The community, lists of shares, memory and start: contrib/bench's figures.

# put_picture URL NAME: the 24 megapixels into the account's vault; its number.
put_picture()
{
	api "$2" "$1/api/user/media" -F \
	    "file=@$var/own/big.jpg;filename=big-$RANDOM$RANDOM.jpg" |
	    grep -o '"id": *[0-9]*' | head -n 1 | grep -o '[0-9]*$'
}

consent='{"shareToCommunity": true, "consent": true, "tags": ["nature"]}'

# publish URL NAME MEDIA
publish()
{
	api "$2" "$1/api/media/$3/share" -d "$consent" \
	    -H 'Content-Type: application/json'
}

image_runs()
{
	wc -l <"$var/log/image-runs"
}

# fifty MEDIA: the answers' times of 50 clients at once, in seconds; fails
# unless all are good.
fifty()
{
	local n

	for ((n = 0; n < 50; n++)); do
		echo "url = $second_url/api/media/$1/share"
		echo 'output = /dev/null'
	done | curl -sS -Z --parallel-immediate --parallel-max 50 -K - \
	    -H "X-API-KEY: $(cat "$var/keys/sharer")" -d "$consent" \
	    -H 'Content-Type: application/json' \
	    -w '%{http_code} %{time_total}\n' 2>&1
}

# One mark: the helper runs as often as for one share, and one record is there.
crowd_round()
{
	local one many before times marks

	one=$(put_picture "$second_url" sharer) &&
	    many=$(put_picture "$second_url" sharer) ||
	    fail "a picture cannot be put in" || return 1
	before=$(image_runs)
	timed publish "$second_url" sharer "$one" >/dev/null ||
	    fail "no share" || return 1
	sample crowd floor "$took"
	sample marks floor $(($(image_runs) - before))
	before=$(image_runs)
	times=$(fifty "$many")
	[ "$(grep -c '^200 ' <<<"$times")" -eq 50 ] ||
	    fail "not 50 good answers: $(cut -d ' ' -f 1 <<<"$times" |
		sort | uniq -c | tr -s ' \n' ' ')" || return 1
	sample crowd vitrine "$(awk '1000 * $2 > t { t = 1000 * $2 }
	    END { printf "%.1f", t }' <<<"$times")"
	sample marks vitrine $(($(image_runs) - before))
	marks=$(sql vitrine_second -e "SELECT COUNT(*) FROM community_media
	    WHERE media_id = $many AND state = 'ready'")
	[ "$marks" = 1 ] || fail "$marks records"
}

figure_crowd()
{
	: >>"$var/log/image-runs"
	chmod a+rw "$var/log/image-runs"
	round=0
	crowd_round || return 1
	sed -i '/^\(crowd\|marks\)\t0\t[vf]/d' "$samples" # the mark is made by then
	each_round crowd_round
}

# feed_round MEASURE PATH
feed_round()
{
	echo "$2" >"$var/own/feed"
	load "$BASE_URL" "$var/own/feed" 1 "$seconds" || return 1
	sample "$1" vitrine "$p50"
	load "$second_url" "$var/own/feed" 1 "$seconds" || return 1
	sample "$1" floor "$p50"
}

feed_good()
{
	curl -fsS -o "$var/own/answer" "$1$2" &&
	    sees "$var/own/answer" '@{ $_->{items} } == 20 &&
		$_->{nextCursor}' || fail "$1$2: not a page"
}

both_feeds()
{
	feed_round feed '/api/community/media?limit=20' &&
	    feed_round feed.tag '/api/community/media?limit=20&tag=nature'
}

figure_feed()
{
	local url

	for url in "$BASE_URL" "$second_url"; do
		feed_good "$url" '/api/community/media?limit=20' &&
		    feed_good "$url" \
			'/api/community/media?limit=20&tag=nature' || return 1
	done
	each_round both_feeds
}

outgoing_round()
{
	load "$BASE_URL" "$var/own/last" 1 "$seconds" "${header[@]}" || return 1
	sample outgoing vitrine "$p50"
	load "$BASE_URL" "$var/own/front" 1 "$seconds" "${header[@]}" ||
	    return 1
	sample outgoing floor "$p50"
}

figure_outgoing()
{
	local cursor path='/api/v1/shares/outgoing?limit=100'

	key_header links
	cursor=$(sql vitrine -e "SELECT id FROM shares WHERE owner_id =
	    $(user_id links) ORDER BY id LIMIT 1 OFFSET 100")
	echo "$path&cursor=$cursor" >"$var/own/last"
	echo "$path" >"$var/own/front"
	curl -fsS -D "$var/own/head" -o "$var/own/answer" "${header[@]}" \
	    "$BASE_URL$path&cursor=$cursor" &&
	    [ "$(grep -o '"owner_id"' "$var/own/answer" | wc -l)" = 100 ] &&
	    ! grep -qi '^link:' "$var/own/head" ||
	    fail "not the last page" || return 1
	each_round outgoing_round
}

# A pool of 16, 8 for each socket, and no other beside it: what is shared
# with another pool would not be counted in full.
memory_round_16()
{
	local n

	key_header ten
	service_stop pool
	start_pool pool "$VITRINE_CONFIG" "$run/pool.sock" "$run/long.sock" \
	    --workers 8 ||
	    fail "no pool" || return 1
	POOL_PID=$(service_pid pool)
	echo '/api/user/media' >"$var/own/list"
	load "$BASE_URL" "$var/own/links" 32 2 &&
	    load "$BASE_URL" "$var/own/list" 8 2 "${header[@]}" || return 1
	sleep 3
	n=$(session_members "$POOL_PID" | wc -l)
	[ "$n" -eq 18 ] || fail "$n processes in the pool" || return 1
	sample memory vitrine "$(awk -v n="$(pss "$POOL_PID" "$WORKER_PID")" \
	    'BEGIN { printf "%.1f", n / 1024 }')"
}

figure_memory()
{
	local status

	service_stop b-pool
	each_round memory_round_16
	status=$?
	service_stop pool
	start_pool pool "$VITRINE_CONFIG" "$run/pool.sock" "$run/long.sock" \
	    --workers "$short"
	POOL_PID=$(service_pid pool)
	start_pool b-pool "$second_config" "$run/b-short" "$run/b-long" \
	    --workers "$short"
	return "$status"
}

start_round()
{
	local n answer

	for n in 1 2 3; do
		answer=$(as_server perl "$top/t/bench/first_answer.pl" \
		    "$run/b-first" "$var/prefix/sbin/vitrine.fcgi" \
		    --config "$VITRINE_CONFIG" --listen "$run/b-first" \
		    2>>"$var/log/b-first.log") ||
		    fail "no answer, see $var/log/b-first.log" || return 1
		sample start vitrine "$answer"
	done
}

figure_start()
{
	each_round start_round
}
