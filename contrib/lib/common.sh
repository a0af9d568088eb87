# Shared by contrib/quickstart and contrib/check; bash. The caller has set top
# (the source tree).

say()
{
	printf '%s\n' "$*"
}

warn()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	warn "$@"
	exit 1
}

# Shows on a terminal how long the step has taken so far, until it is killed
# or the script is gone.
step_clock()
{
	while sleep 1 && kill -0 $$ 2>/dev/null; do
		printf '\r%-48s %4d s' "$1" $((SECONDS - $2))
	done
}

# step TEXT COMMAND...: runs a quiet command, shows how long it took, and its
# output only where it fails. The output is kept in $step_log.
step()
{
	local text=$1 start=$SECONDS status=0 clock=
	shift

	printf '%-48s' "$text"
	if [ -t 1 ]; then
		step_clock "$text" "$start" 9>&- &
		clock=$!
	fi
	"$@" >"$step_log" 2>&1 </dev/null || status=$?
	if [ -n "$clock" ]; then
		kill "$clock" 2>/dev/null
		wait "$clock" 2>/dev/null
		printf '\r%-48s' "$text"
	fi
	if [ "$status" -eq 0 ]; then
		printf ' %4d s\n' $((SECONDS - start))
	else
		printf ' failed\n'
		tail -n 60 "$step_log" >&2
	fi
	return "$status"
}

# The programs that Debian keeps out of an ordinary user's path.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

is_installed()
{
	local status
	status=$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) &&
	    [ "$status" = installed ]
}

# Asks for sudo's password where it has to be asked for.
may_be_root()
{
	[ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo true; }
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		warn "this needs root or sudo: $*"
		return 1
	fi
}

apt_get()
{
	as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
	    apt-get -qq -o Dpkg::Use-Pty=0 "$@"
}

apt_install()
{
	apt_get install -y --no-install-recommends "$@" ||
	    { apt_get update && apt_get install -y --no-install-recommends "$@"; }
}

installed_packages()
{
	dpkg-query -W -f='${db:Status-Status} ${Package}\n' |
	    sed -n 's/^installed //p' | LC_ALL=C sort -u
}

# Installs what is missing, and says what. None of these packages brings a
# service: they are libraries, tools and the bare programs of the servers.
# Whatever came with them is added to $package_list, where that is set.
need_packages()
{
	local package missing=() before

	for package; do
		is_installed "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	say "Debian packages to install:"
	say "${missing[*]}" | fold -s -w 72 | sed 's/^/    /'
	may_be_root || die "this takes root or sudo. Install them as root, then" \
	    "start this again: apt-get install --no-install-recommends" \
	    "${missing[*]}"
	before=$(installed_packages)
	step "installing ${#missing[@]} packages" apt_install "${missing[@]}" ||
	    die "these packages are needed: ${missing[*]}"
	[ -z "${package_list:-}" ] ||
	    LC_ALL=C comm -13 <(echo "$before") <(installed_packages) \
		>>"$package_list"
}

# unpack_package DIR NAME: fetches a package and unpacks it into DIR without
# installing it. DIR/.NAME keeps what it depends on.
unpack_package()
(
	dir=$1 name=$2
	[ -e "$dir/.$name" ] && exit 0
	mkdir -p "$dir/fetch.$name" && cd "$dir/fetch.$name" || exit 1
	rm -f ./*.deb
	apt-get -qq download "$name" ||
	    { apt_get update && apt-get -qq download "$name"; } || exit 1
	dpkg-deb -x ./*.deb "$dir" && dpkg-deb -f ./*.deb Depends >depends ||
	    exit 1
	mv depends "$dir/.$name" && cd "$dir" && rm -rf "fetch.$name"
)

# libraries_of DIR NAME: the libraries that an unpacked package needs. Their
# names differ from one release of Debian to the next.
libraries_of()
{
	tr ',' '\n' <"$1/.$2" | sed -n 's/^ *\(lib[^ ]*\).*/\1/p'
}

build_packages=(build-essential autoconf automake pkg-config perl curl
	libfcgi-dev libmariadb-dev libjson-c-dev libsodium-dev libjwt-dev
	libcurl4-openssl-dev libidn2-dev
	uuid-dev libinih-dev libseccomp-dev libmagickwand-dev
	libjpeg-dev libavformat-dev libavcodec-dev libavutil-dev
	fonts-dejavu-core tzdata)
database_packages=(mariadb-server-core mariadb-client-core)
apache_packages=(apache2-bin libapache2-mod-fcgid libapache2-mod-xsendfile)
# What contrib/check-install boots a guest with.
install_packages=(openssl procps mmdebstrap systemd-container)
# Makers of tokens that are not ours, for tests.
token_packages=(python3-jwt python3-cryptography)

# Debian's nginx package starts a service when it is installed: where it is
# not there already, it is only unpacked.
need_nginx()
{
	command -v nginx >/dev/null && return 0
	PATH=$PATH:$1/usr/sbin
	[ -e "$1/.nginx" ] || step "unpacking nginx" unpack_package "$1" nginx ||
	    die "nginx is needed"
	need_packages zlib1g $(libraries_of "$1" nginx)
}

# Postfix too: unpacked, with the tool that makes its accounts, and run by the
# tests below folders of their own.
need_postfix()
{
	if [ -x /usr/lib/postfix/sbin/master ] &&
	    command -v saslpasswd2 >/dev/null; then
		export VITRINE_TEST_POSTFIX=/
		return 0
	fi
	export VITRINE_TEST_POSTFIX=$1
	if [ ! -e "$1/.postfix" ] || [ ! -e "$1/.sasl2-bin" ]; then
		step "unpacking postfix" unpack_package "$1" postfix &&
		    step "unpacking sasl2-bin" unpack_package "$1" sasl2-bin ||
		    die "postfix is needed"
	fi
	need_packages libsasl2-modules libsasl2-modules-db openssl \
	    $(libraries_of "$1" postfix)
}

# copy_sources DIR: brings a copy of the source tree up to date, with the times
# of its files, so that make sees what has changed and the tree itself stays
# as it is. What the tree no longer holds goes from the copy too.
copy_sources()
{
	local list=$1.list

	mkdir -p "$1" && (
		cd "$top" && find .clang-format COPYING Makefile.am NEWS README \
		    configure.ac contrib etc sql src t \( -name '*.o' \
		    -o -name '*.a' -o -name '.deps' -o -name '.dirstamp' \
		    -o -name '*.log' -o -name '*.trs' \) -prune -o \
		    -type f -print 2>/dev/null
	) | LC_ALL=C sort >"$list.new" || return 1
	if [ -e "$list" ]; then
		LC_ALL=C comm -23 "$list" "$list.new" |
		    (cd "$1" && tr '\n' '\0' | xargs -0 -r rm -f)
	fi
	tar -C "$top" -T "$list.new" -cf - | tar -C "$1" -xf - &&
	    mv "$list.new" "$list"
}

# configure_once DIR SOURCE OPTION...: runs configure in DIR, unless it has run
# there with the same options.
configure_once()
(
	dir=$1 source=$2
	shift 2
	mkdir -p "$dir" && cd "$dir" || exit 1
	if [ ! -e Makefile ] || [ "$(cat .options 2>/dev/null)" != "$*" ]; then
		"$source/configure" -q "$@" || exit 1
		printf '%s' "$*" >.options
	fi
)

# Makes the configure script where there is none yet; later changes are make's
# business.
prepare_configure()
{
	[ -x "$1/configure" ] || (cd "$1" && autoreconf -fi)
}

cores()
{
	nproc 2>/dev/null || echo 2
}
