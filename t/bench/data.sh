# What contrib/bench fills its sites with: rows by SQL in bulk, files for the
# vaults that are found. Each account has one job:
#
#   links    100,000 links without a limit, and their media
#   sets     1,000 links with a limit, 1,000 shared sets of 20
#   ten      a vault of 10,000 items by SQL, storage unchanged
#   hundred  a vault of 100,000 the same way
#   still    a vault of 100,000 files that were found once
#   finder   100,000 files that are found again and again
#   sharer   on the second site: shares to the community
#   mixed    uploads and shares while links are opened

links=100000 limited=1000 sets=1000 set_items=20 ten=10000 hundred=100000
files=100000 feed=1000000 small_feed=1000 media=1000
if [ "$quick" = yes ]; then
	links=10000 hundred=20000 files=10000 feed=50000
fi

# account CONFIG NAME: makes it, and its key in $var/keys/NAME.
account()
{
	head -c 12 /dev/urandom | base64 |
	    admin "$1" user add "$2" --email "$2@example.org" \
		--password-stdin --json >/dev/null || return 1
	(umask 077 && admin "$1" key add "$2" bench --json |
	    perl -MJSON::PP -0777 -ne 'print decode_json($_)->{key}' \
	    >"$var/keys/$2") && [ -s "$var/keys/$2" ]
}

user_id()
{
	sql "${2:-vitrine}" -e "SELECT id FROM users WHERE username = '$1'"
}

# media_rows USER NUMBER: each fiftieth is of a harbour.
media_rows()
{
	cat <<-END
	INSERT INTO media (uuid, user_id, source, path, path_hash, file_name,
	    original_name, title, caption, mime, size, mtime, width, height,
	    content_hash, enrichment, enriched_at, created_at)
	SELECT UNHEX(MD5(CONCAT('media-$1-', seq))), $1,
	    ELT(1 + seq % 4, 'upload', 'smart-caption', 'upload', 'hypnococks'),
	    CONCAT('users/$1/Uploads/picture-', seq, '.jpg'),
	    UNHEX(SHA2(CONCAT('users/$1/Uploads/picture-', seq, '.jpg'), 256)),
	    CONCAT('picture-', seq, '.jpg'), CONCAT('picture-', seq, '.jpg'),
	    CONCAT('Picture number ', seq),
	    CONCAT('The light of a late afternoon on ',
	        IF(seq % 50 = 0, 'the harbour', 'some hills'),
	        ', seen from the window of a train'),
	    'image/jpeg', 2000000 + seq, 1700000000000000000 + seq, 4000, 3000,
	    UNHEX(SHA2(CONCAT('content-', seq), 256)), 'completed', NOW(3),
	    NOW(3) - INTERVAL seq SECOND
	FROM seq_1_to_$2;
	END
}

# share_rows OWNER NUMBER KIND ORIGIN TARGET MAX_USES: opened once before, so
# that no notification is due any more.
share_rows()
{
	cat <<-END
	INSERT INTO shares (uuid, owner_id, origin, target_type,
	    recipient_type, token, file_name, can_download, expires_at,
	    max_uses, uses, last_accessed)
	SELECT UNHEX(MD5(CONCAT('$3-', seq))), $1, '$4', '$5', 'public_link',
	    UNHEX(MD5(CONCAT('$3-token-', seq))),
	    IF('$4' = 'link', CONCAT('picture-', seq, '.jpg'), NULL), TRUE,
	    NOW(3) + INTERVAL 1 YEAR, $6, 1, NOW(3) FROM seq_1_to_$2;
	END
}

# One media in each link of an owner, in turn.
link_items()
{
	cat <<-END
	INSERT INTO share_items (share_id, position, media_id)
	SELECT s.id, 1, m.first + s.id % $media FROM shares s JOIN
	    (SELECT MIN(id) AS first FROM media WHERE user_id = $1) m
	WHERE s.owner_id = $1 AND s.origin = 'link';
	END
}

fill_shares()
{
	local l s

	l=$(user_id links) s=$(user_id sets)
	{
		media_rows "$l" "$media"
		share_rows "$l" "$links" link link media NULL
		link_items "$l"
		media_rows "$s" "$media"
		share_rows "$s" "$limited" limited link media 1000000000
		link_items "$s"
		share_rows "$s" "$sets" set share set NULL
		cat <<-END
		INSERT INTO share_items (share_id, position, media_id)
		SELECT s.id, q.seq, m.first + (s.id * 7 + q.seq) % $media
		FROM shares s JOIN seq_1_to_$set_items q JOIN
		    (SELECT MIN(id) AS first FROM media WHERE user_id = $s) m
		WHERE s.owner_id = $s AND s.target_type = 'set';
		END
	} | sql vitrine
}

# feed_rows DATABASE USER NUMBER: each with a tag of the twenty in turn.
feed_rows()
{
	sql "$1" <<-END
	INSERT INTO community_media (user_id, state, object_name, thumb_name,
	    mime, size, width, height, created_at)
	SELECT $2, 'ready', CONCAT(SHA1(seq), '.jpg'),
	    CONCAT('t', SHA1(seq), '.jpg'), 'image/jpeg', 2000000, 4000, 3000,
	    NOW(3) - INTERVAL $3 - seq SECOND FROM seq_1_to_$3;
	INSERT INTO community_tags (tag_id, community_id)
	SELECT (SELECT MIN(id) FROM tags) + id % 20, id FROM community_media;
	END
}

# make_files USER NUMBER: files of a byte in the account's Uploads.
make_files()
{
	as_server perl -e 'my ($dir, $n) = @ARGV;
	    for my $i (1 .. $n) {
		open my $fh, ">", "$dir/picture-$i.jpg" or die "$dir: $!";
		print $fh "x";
	    }' "$STORAGE_ROOT/user-media/users/$1/Uploads" "$2"
}

# api NAME URL ARGUMENT...: asks with an account's key.
api()
{
	local name=$1 url=$2
	shift 2

	curl -fsS --max-time 600 -H "X-API-KEY: $(cat "$var/keys/$name")" \
	    "$@" "$url"
}

# A file that was found is not to be read by the worker here.
forget_jobs()
{
	sql vitrine -e "DELETE FROM jobs WHERE kind = 'enrich'"
}

pause_worker()
{
	kill -STOP $(session_members "$WORKER_PID")
}

resume_worker()
{
	forget_jobs
	kill -CONT $(session_members "$WORKER_PID")
}

# Folders that are listed while they are empty, and old enough to be passed
# over from then on.
fill_vaults()
{
	local name

	sleep 3
	for name in ten hundred; do
		api "$name" "$BASE_URL/api/user/media" || return 1
	done
	{
		media_rows "$(user_id ten)" "$ten"
		media_rows "$(user_id hundred)" "$hundred"
	} | sql vitrine || return 1
	make_files "$(user_id still)" "$files" &&
	    make_files "$(user_id finder)" "$files" || return 1
	sleep 3
	pause_worker
	api still "$BASE_URL/api/user/media?limit=1"
	name=$?
	resume_worker
	return "$name"
}

fill_feeds()
{
	feed_rows vitrine "$(user_id links)" "$feed" &&
	    feed_rows vitrine_second \
		"$(user_id sharer vitrine_second)" "$small_feed"
}

# A picture of 24 megapixels out of a photograph, and a file of 100 MB that
# begins like one.
make_pictures()
{
	local from=$pictures/usr/share/backgrounds/mate/nature/Garden.jpg

	convert "$from" -resize '6000x4000!' -quality 92 "$var/own/big.jpg" &&
	    cp "$var/own/big.jpg" "$var/own/upload.jpg" &&
	    truncate -s 100M "$var/own/upload.jpg"
}

make_accounts()
{
	local name

	mkdir -p "$var/keys"
	for name in links sets ten hundred still finder mixed; do
		account "$VITRINE_CONFIG" "$name" || return 1
	done
	account "$second_config" sharer
}

analyze()
{
	sql vitrine -e 'ANALYZE TABLE users, media, shares, share_items,
	    community_media, community_tags'
	sql vitrine_second -e 'ANALYZE TABLE community_media, community_tags'
}

# Keys of the SQL floors and paths of the requests, in $var/own.
write_lists()
{
	local uuid="LOWER(CONCAT_WS('-', HEX(SUBSTR(token, 1, 4)),
	    HEX(SUBSTR(token, 5, 2)), HEX(SUBSTR(token, 7, 2)),
	    HEX(SUBSTR(token, 9, 2)), HEX(SUBSTR(token, 11))))"
	local link="CONCAT('/api/v2/shareable_links/', $uuid)" s

	s=$(user_id sets)
	sql vitrine -e "SELECT $link FROM shares
	    WHERE owner_id = $(user_id links)" >"$var/own/links" &&
	    sql vitrine -e "SELECT $link FROM shares WHERE owner_id = $s
	    AND origin = 'link'" >"$var/own/limited" &&
	    sql vitrine -e "SELECT id FROM shares WHERE owner_id = $s
	    AND origin = 'link'" >"$var/own/limited.keys" &&
	    sql vitrine -e "SELECT CONCAT('/api/v1/shared/', $uuid)
	    FROM shares WHERE owner_id = $s AND target_type = 'set'" \
		>"$var/own/sets" &&
	    sql vitrine -e "SELECT CONCAT('x', HEX(token)) FROM shares
	    WHERE owner_id = $s AND target_type = 'set'" >"$var/own/sets.keys"
}

fill_all()
{
	[ ! -e "$var/filled" ] || return 0
	step "making accounts and pictures" eval \
	    'make_accounts && make_pictures' &&
	    step "filling in links and sets" fill_shares &&
	    step "filling in vaults" fill_vaults &&
	    step "filling in two feeds" fill_feeds &&
	    step "looking at the indexes" eval 'analyze && write_lists' &&
	    touch "$var/filled"
}
