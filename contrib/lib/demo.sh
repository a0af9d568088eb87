# The demonstration of contrib/quickstart: two accounts with photographs from
# several years, a collection, a link with a limit, shares between the two, and
# pictures in the community. The caller has set var and base_url, and defines
# as_server, admin and keep_secret.

# exiftool writes dates and captions into the photographs; jq reads the API's
# answers, here and in README's tour.
demo_packages=(libimage-exiftool-perl jq)

# each_photograph COMMAND: calls it for each photograph with account, name in the
# vault, time taken, community tags (- for none), photographer, file, title and
# caption.
each_photograph()
{
	local lomiri=$var/cache/pictures/usr/share/backgrounds
	local mate=$lomiri/mate/nature

	"$1" robin clock.jpg "2021:03:14 13:06:00" - "Peter Nerlich" \
	    "$lomiri/greentock_by_Peter_Nerlich.jpg" \
	    "The kitchen clock" "Four minutes fast, as ever." &&
	"$1" robin fig.jpg "2022:09:17 13:01:29" food,art "Trevor" \
	    "$lomiri/Picture_0B_by_freespace.jpg" \
	    "A fig" "In the red bowl." &&
	"$1" robin brushes.jpg "2023:03:04 15:22:36" - "Trevor" \
	    "$lomiri/Picture_1A_by_freespace.jpg" \
	    "Brushes" "Before they were washed." &&
	"$1" robin dogs.jpg "2024:08:18 17:14:08" - \
	    "Aitzol Berasategi" "$lomiri/friends_by_Aitzol_Berasategi.jpg" \
	    "Two friends" "Waiting for the post." &&
	"$1" robin parakeet.jpg "2025:01:26 20:03:53" animals \
	    "Peter Nerlich" "$lomiri/free_by_Peter_Nerlich.jpg" \
	    "Free" "A lap around the lamp." &&
	"$1" demo dragonfly.jpg "2019:08:25 15:42:10" - "Bolly" \
	    "$lomiri/Dragonfly_by_Bolly.jpg" \
	    "Dragonfly" "Resting at the end of a twig." &&
	"$1" demo seeds.jpg "2019:09:15 17:20:31" macro,nature \
	    "Charles Barbin" "$mate/TwoWings.jpg" \
	    "Ready to fly" "The last two seeds of a dandelion." &&
	"$1" demo drop.jpg "2020:01:11 11:05:48" - "Charles Barbin" \
	    "$mate/Aqua.jpg" \
	    "A drop of water" "It took about forty attempts." &&
	"$1" demo rain.jpg "2020:05:02 08:31:07" - "blackcombwhistler07" \
	    "$mate/RainDrops.jpg" \
	    "After the rain" "The first rain in five weeks." &&
	"$1" demo marigold.jpg "2020:07:12 13:12:55" - "Charles Barbin" \
	    "$mate/Garden.jpg" \
	    "Marigold" "In the garden, at noon." &&
	"$1" demo ladybird.jpg "2021:05:30 10:47:23" macro,animals \
	    "Charles Barbin" "$mate/LadyBird.jpg" \
	    "Ladybird" "On the forget-me-nots behind the house." &&
	"$1" demo bridge.jpg "2021:07:18 16:02:39" - "Sander Klootwijk" \
	    "$lomiri/Bridge_by_Sander_Klootwijk.jpg" \
	    "Stay cables" "From the middle of the bridge, at low tide." &&
	"$1" demo yellow.jpg "2021:08:08 12:55:01" - "Charles Barbin" \
	    "$mate/YellowFlower.jpg" \
	    "Yellow" "From the neighbour's side of the fence." &&
	"$1" demo orange.jpg "2022:06:12 14:18:44" - "Jens Ansorg" \
	    "$mate/FreshFlower.jpg" \
	    "Orange" "Just opened." &&
	"$1" demo dune.jpg "2022:08:06 10:29:13" sea,landscape \
	    "Marco Cogoni" "$mate/Dune.jpg" \
	    "Behind the dune" "Marram grass, and the sea behind it." &&
	"$1" demo sunset.jpg "2022:09:03 19:48:26" landscape,sky \
	    "Aitzol Berasategi" "$lomiri/sunset_by_Aitzol_Berasategi.jpg" \
	    "Sunset from the summit" "We went down by torchlight." &&
	"$1" demo leaf.jpg "2023:05:06 09:36:50" - "Lennart Poettering" \
	    "$mate/Blinds.jpg" \
	    "Against the light" "A single leaf, from below." &&
	"$1" demo autumn.jpg "2023:10:29 14:25:17" - "Aitzol Berasategi" \
	    "$lomiri/aitzgorri_by_Aitzol_Berasategi.jpg" \
	    "Autumn below the ridge" "Larches on the way up." &&
	"$1" demo brook.jpg "2024:04:14 12:09:34" - "Aitzol Berasategi" \
	    "$lomiri/life_by_Aitzol_Berasategi.jpg" \
	    "The brook in the gorge" "After a week of rain." &&
	"$1" demo pass.jpg "2024:06:21 15:33:02" landscape,travel \
	    "Aitzol Berasategi" \
	    "$lomiri/picosdeeuropa_by_Aitzol_Berasategi.jpg" \
	    "The path to the pass" "An hour above the last trees." &&
	"$1" demo dandelions.jpg "2025:05:11 19:57:45" flowers,nature \
	    "Clemens Engelhardt" \
	    "$lomiri/seeding_by_Clements_Engelhardt.jpg" \
	    "Dandelions" "Evening light in the meadow."
}

# ---- files ------------------------------------------------------------------

# Copies one photograph and adds the line with its metadata for exiftool.
copy_photograph()
{
	local copy=$var/demo/$1/$2

	cp "$6" "$copy" && chmod 0644 "$copy" || return 1
	printf '"%s","%s","%s","%s+00:00","%s","%s"\n' \
	    "$copy" "$3" "$3" "$3" "$5" "$8" >>"$var/demo/metadata.csv"
}

# Copies the photographs to $var/demo/ACCOUNT and writes the time taken, the
# photographer and the caption into them, where the vault reads it. One more,
# storm.jpg, is for the tour's upload.
make_photographs()
{
	local tags=DateTimeOriginal,CreateDate,FileModifyDate,Artist

	rm -rf "$var/demo"
	mkdir -p "$var/demo/demo" "$var/demo/robin" || return 1
	echo "SourceFile,$tags,XMP-dc:Description" >"$var/demo/metadata.csv"
	each_photograph copy_photograph || return 1
	exiftool -q -m -overwrite_original "-csv=$var/demo/metadata.csv" \
	    "$var/demo/demo" "$var/demo/robin" || return 1
	cp "$var/cache/pictures/usr/share/backgrounds/mate/nature/Storm.jpg" \
	    "$var/demo/storm.jpg" && chmod 0644 "$var/demo/storm.jpg"
}

# ---- accounts ---------------------------------------------------------------

# make_account NAME DISPLAY-NAME: makes an account with the password in
# $var/demo.password and writes its API key to $var/NAME.key.
make_account()
{
	local name=$1

	if admin user list --json | jq -e --arg name "$name" \
	    'any(.. | objects; .username == $name)' >/dev/null; then
		[ -e "$var/$name.key" ] ||
		    admin user passwd "$name" --password-stdin \
			<"$var/demo.password" || return 1
	else
		rm -f "$var/$name.key" "$var/demo.done"
		admin user add "$name" --email "$name@example.org" \
		    --display-name "$2" --password-stdin --json \
		    <"$var/demo.password" || return 1
	fi
	[ -e "$var/$name.key" ] || keep_secret "$var/$name.key" \
	    "$(admin key add "$name" quickstart --json | jq -r .key)"
}

make_accounts()
{
	[ -e "$var/demo.password" ] || keep_secret "$var/demo.password" \
	    "$(head -c 12 /dev/urandom | base64 | tr '+/' 'xy')" || return 1
	make_account demo "Demo" && make_account robin "Robin"
}

# api ACCOUNT PATH ARGUMENT...: a request to the site's API.
api()
{
	local name=$1 path=$2
	shift 2

	curl -fsS --max-time 120 -H "X-API-KEY: $(cat "$var/$name.key")" \
	    -H "Content-Type: application/json" "$base_url$path" "$@"
}

# ---- vaults -----------------------------------------------------------------

# put_photographs ACCOUNT: copies them into the account's folder and keeps their
# times, as rsync would.
put_photographs()
{
	local id

	id=$(admin user list --json | jq -r --arg name "$1" \
	    'first(.. | objects | select(.username == $name)).id')
	[ -n "$id" ] || return 1
	as_server cp --preserve=timestamps "$var/demo/$1"/* \
	    "$var/storage/user-media/users/$id/Uploads/"
}

# The photographs' ids and UUIDs by account and name. Listing the vault also
# finds the new files.
declare -A demo_id demo_uuid

find_photographs()
{
	local name id uuid

	while IFS=$'\t' read -r name id uuid; do
		demo_id[$1/$name]=$id demo_uuid[$1/$name]=$uuid
	done < <(api "$1" /api/user/media |
	    jq -r '.files[] | [.originalName, .id, .uuid] | @tsv')
}

give_title()
{
	local id=${demo_id[$1/$2]:-}

	[ -n "$id" ] && api "$1" "/api/user/media/$id" -X PATCH \
	    -d "$(jq -n --arg title "$7" '{$title}')"
}

all_are_read()
{
	local name

	for name in demo robin; do
		api "$name" /api/user/media | jq -e 'all(.files[];
		    .enrichmentStatus | IN("completed", "failed"))' || return 1
	done
}

fill_vaults()
{
	local name

	for name in demo robin; do
		put_photographs "$name" && find_photographs "$name" || return 1
	done
	each_photograph give_title
}

# ---- shares -----------------------------------------------------------------

# media_set ACCOUNT NAME...: the UUIDs as a JSON list.
media_set()
{
	local account=$1 name
	shift

	for name; do
		printf '%s\n' "${demo_uuid[$account/$name]}"
	done | jq -nR '[inputs]'
}

publish()
{
	[ "$4" != - ] || return 0
	api "$1" "/api/media/${demo_id[$1/$2]}/share" -d "$(jq -n \
	    --arg tags "$4" '{shareToCommunity: true, consent: true,
		tags: ($tags | split(","))}')"
}

# Makes a collection and a link to it for 25 visits within 30 days.
make_collection()
{
	local id name

	id=$(api demo /api/v1/collections -d '{"name": "In the mountains",
	    "description": "Four walks, three summits."}' | jq -r .id)
	for name in pass.jpg brook.jpg autumn.jpg sunset.jpg; do
		api demo "/api/v1/collections/$id/media/${demo_uuid[demo/$name]}" \
		    -X PUT || return 1
	done
	api demo /api/v1/shares -d "$(jq -n --arg id "$id" '{
	    target_type: "collection", target_id: $id,
	    recipient_type: "public_link", permissions: {can_download: true},
	    note: "From our walks. Download what you like.",
	    max_uses: 25, expires_in_hours: 720}')" |
	    jq -r '"/s/" + .public_token' >"$var/demo.link"
	[ -s "$var/demo.link" ]
}

# Each shares something with the other.
share_between()
{
	api demo /api/v1/shares -d "$(media_set demo marigold.jpg ladybird.jpg \
	    rain.jpg yellow.jpg | jq '{target_type: "set", target_ids: .,
	    recipient_type: "user", recipient_username: "robin",
	    permissions: {can_download: true},
	    note: "For the calendar: which one is your May?"}')" &&
	    api robin /api/v1/shares -d "$(jq -n \
		--arg id "${demo_uuid[robin/dogs.jpg]}" '{
		target_type: "media", target_id: $id,
		recipient_type: "user", recipient_username: "demo",
		permissions: {can_download: true, can_reshare: true},
		note: "They miss you."}')"
}

share_all()
{
	each_photograph publish && make_collection && share_between
}
