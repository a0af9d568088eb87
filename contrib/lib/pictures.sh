# Real photographs and videos from Debian packages, which are downloaded once and
# unpacked without being installed.

demo_picture_packages=(lomiri-wallpapers-16.04 mate-backgrounds)
test_picture_packages=(golang-github-rwcarlsen-goexif-dev
	golang-github-disintegration-imaging-dev
	golang-github-gabriel-vasile-mimetype-dev golang-golang-x-image-dev
	forensics-samples-files python3-imageio)

# fetch_pictures DIR PACKAGE...
fetch_pictures()
{
	local dir=$1 package
	shift

	mkdir -p "$dir" || return 1
	for package; do
		unpack_package "$dir" "$package" || return 1
	done
}

# Test pictures that these packages no longer have on Debian 13. Missing ones are
# made from the packages' photographs and video, with the same names.
made_pictures=(astronaut.png chelsea.png cockatoo.mp4 newtonscradle.gif mov.mov
	mp4.mp4 webm.webm)

has_picture()
{
	[ -n "$(find "$1" -name "$2" -print -quit)" ]
}

# lacks_pictures DIR: whether some must be made.
lacks_pictures()
{
	local name

	for name in "${made_pictures[@]}"; do
		has_picture "$1" "$name" || return 0
	done
	return 1
}

# make_picture DIR NAME
make_picture()
(
	cd "$1" && mkdir -p made || exit 1
	from=usr/share/forensics-samples/original-files
	film=$from/movie1/VID_20191220_170832.mp4
	# Without audio, so that all tracks are as long as the video.
	small=(-an -r 25 -vf scale=560:320,setsar=1)
	set -- "$2" "made/new.${2##*.}"
	film() { ffmpeg -nostdin -loglevel error -y -i "$film" "$@"; }
	case $1 in
	astronaut.png)
		convert "$from/pic2/IMG_20200608_111614.jpg" -strip \
		    -resize '512x512!' "$2" ;;
	chelsea.png)
		convert "$from/pic1/IMG-20191006-WA0002.jpg" -strip \
		    -resize '451x300!' "$2" ;;
	cockatoo.mp4) film -vf scale=1280:720 "$2" ;;
	newtonscradle.gif) film -vf fps=12,scale=200:150 "$2" ;;
	mov.mov | mp4.mp4) film "${small[@]}" "$2" ;;
	webm.webm) film "${small[@]}" -c:v libvpx "$2" ;;
	esac && mv "$2" "made/$1"
)

# make_pictures DIR: makes those that are missing.
make_pictures()
{
	local name

	for name in "${made_pictures[@]}"; do
		has_picture "$1" "$name" || make_picture "$1" "$name" ||
		    return 1
	done
}
