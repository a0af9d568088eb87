# Real photographs and videos, out of Debian packages; fetched once and
# unpacked without being installed.

demo_picture_packages=(mate-backgrounds python3-imageio)
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

# The demonstration vault: folder, file's name in the vault, file.
demo_vault()
{
	cat <<-END
	Uploads	Dune.jpg	usr/share/backgrounds/mate/nature/Dune.jpg
	Uploads	Garden.jpg	usr/share/backgrounds/mate/nature/Garden.jpg
	Uploads	GreenMeadow.jpg	usr/share/backgrounds/mate/nature/GreenMeadow.jpg
	Uploads	LadyBird.jpg	usr/share/backgrounds/mate/nature/LadyBird.jpg
	Uploads	Storm.jpg	usr/share/backgrounds/mate/nature/Storm.jpg
	Uploads	TwoWings.jpg	usr/share/backgrounds/mate/nature/TwoWings.jpg
	Uploads	Yellow flower.jpg	usr/share/backgrounds/mate/nature/YellowFlower.jpg
	Uploads	Elephants.jpg	usr/share/backgrounds/mate/abstract/Elephants_3840x2160.jpg
	Uploads	Chelsea.png	usr/lib/python3/dist-packages/imageio/resources/images/chelsea.png
	Uploads	Cockatoo.mp4	usr/lib/python3/dist-packages/imageio/resources/images/cockatoo.mp4
	Captions	Rain drops.jpg	usr/share/backgrounds/mate/nature/RainDrops.jpg
	Captions	Wood.jpg	usr/share/backgrounds/mate/nature/Wood.jpg
	Babecocks	Aqua.jpg	usr/share/backgrounds/mate/nature/Aqua.jpg
	HypnoCocks	Blinds.jpg	usr/share/backgrounds/mate/nature/Blinds.jpg
	HypnoCocks	Newton's cradle.gif	usr/lib/python3/dist-packages/imageio/resources/images/newtonscradle.gif
	END
}
