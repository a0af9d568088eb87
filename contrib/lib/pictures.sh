# Real photographs and videos, out of Debian packages; fetched once and
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
