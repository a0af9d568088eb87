# Guests for contrib/check-install: a complete Debian in a folder, booted with
# systemd-nspawn. bash; the caller has sourced common.sh and set cache (a folder
# for the roots), work (a folder for this run) and guest_host (the guests' name).

# Debian 13's systemd does not run on version 1 of cgroups.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
nspawn=(systemd-nspawn --quiet --register=no --keep-unit --console=pipe)

# ---- the machine ------------------------------------------------------------

# in_namespaces COMMAND...: runs it in its own mount and process namespaces and
# cgroup, so that all mounts and processes end with it, however this script
# ends. Guests in one cgroup would take each other's processes for their own.
in_namespaces()
{
	local status=0

	own_cgroup || return 77
	trap 'kill -KILL $!' INT TERM HUP
	VITRINE_CGROUP=$cgroup setpriv --pdeathsig KILL -- unshare --mount \
	    --propagation private --pid --fork --kill-child --mount-proc \
	    "$@" &
	wait $! || status=$?
	trap - INT TERM HUP
	leave_cgroup
	return "$status"
}

own_cgroup()
{
	local mounted

	mounted=$(findmnt -n -l -t cgroup2 -o TARGET | head -n 1)
	[ -n "$mounted" ] || { say "cgroup2 is not mounted"; return 1; }
	cgroup=$mounted$(sed -n 's/^0:://p' /proc/self/cgroup)
	cgroup=${cgroup%/}/check-install.$$
	mkdir "$cgroup"
}

leave_cgroup()
{
	local i

	# The last processes may still be exiting.
	for i in {1..50}; do
		find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null &&
		    break
		sleep 0.1
	done
}

# Called inside the namespaces: /run/systemd/nspawn must be a tmpfs, and the
# folder of this run is one for speed.
prepare_host()
{
	echo $$ >"$VITRINE_CGROUP/cgroup.procs" &&
	    mkdir -p /run/systemd/nspawn &&
	    mount -t tmpfs tmpfs /run/systemd/nspawn &&
	    mount -t tmpfs tmpfs "$work"
}

# ---- roots ------------------------------------------------------------------

# The mirror that this machine's packages come from.
debian_mirror()
{
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' \
	    'Created-By: Packages' |
	    awk -v r="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
	    '$1 == r && $2 == "main" { print $3; exit }'
}

# Uses apt's proxy, if any, for debootstrap and in the roots.
use_proxy()
{
	local proxy=
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || export http_proxy=$proxy
}

# make_root NAME KEY FUNCTION...: makes a root in $cache/NAME by calling
# FUNCTION... with the folder as its last argument. It is reused until KEY
# changes or it is a month old.
make_root()
{
	local name=$1 key=$2 made
	shift 2

	made=$cache/$name.complete
	[ "$(cat "$made" 2>/dev/null)" = "$key" ] &&
	    [ -n "$(find "$made" -mtime -30)" ] && return 0
	rm -rf "$made" "${cache:?}/$name" "$cache/$name.new" &&
	    "$@" "$cache/$name.new" &&
	    mv "$cache/$name.new" "$cache/$name" &&
	    printf '%s' "$key" >"$made"
}

# bootstrap RELEASE PACKAGES DIR: a minimal Debian that can boot, and packages
# (with commas between them). No service is started, and nothing waits for the
# disk.
bootstrap()
{
	local mirror
	mirror=$(debian_mirror)
	[ -n "$mirror" ] || { say "apt has no Debian mirror"; return 1; }

	mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io \
	    --aptopt='Acquire::Languages "none"' \
	    --customize-hook='rm "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"' \
	    --include="systemd,systemd-sysv,dbus${2:+,$2}" "$1" "$3" "$mirror"
}

# extend ROOT SCRIPT DIR: copies another root and runs SCRIPT in it, with this
# machine's network, without starting services or syncing the disk.
extend()
{
	local unsafe=$3/etc/dpkg/dpkg.cfg.d/unsafe-io
	local policy=$3/usr/sbin/policy-rc.d

	cp -a "$cache/$1" "$3" &&
	    echo force-unsafe-io >"$unsafe" &&
	    printf '#!/bin/sh\nexit 101\n' >"$policy" &&
	    chmod 0755 "$policy" &&
	    echo 'APT::Get::Assume-Yes "true";' \
		>"$3/etc/apt/apt.conf.d/90assume-yes" &&
	    "${nspawn[@]}" -D "$3" --setenv="http_proxy=${http_proxy:-}" \
		--setenv=DEBIAN_FRONTEND=noninteractive \
		/bin/bash -ec "$2" </dev/null &&
	    rm -f "$policy" "$unsafe"
}

# ---- guests -----------------------------------------------------------------

guests=0 guest= supervisor= leader=

# new_guest ROOT: makes a fresh guest in the folder $guest, which writes to
# memory.
new_guest()
{
	local d=$work/guest.$((++guests))

	guest=$d/root
	mkdir -p "$guest" "$d/upper" "$d/work" &&
	    { mount -t overlay overlay -o \
		"lowerdir=$cache/$1,upperdir=$d/upper,workdir=$d/work" \
		"$guest" || cp -a "$cache/$1/." "$guest"; } &&
	    echo "$guest_host" >"$guest/etc/hostname" &&
	    printf '%s\n' "127.0.0.1 localhost $guest_host" \
		"::1 localhost $guest_host" >"$guest/etc/hosts"
}

# Stops the guest and frees its memory.
drop_guest()
{
	[ -n "$guest" ] || return 0
	halt_guest
	umount "$guest" 2>/dev/null
	rm -rf "${guest%/root}"
	guest=
}

# Finds the guest's init: the child of systemd-nspawn with pid 1 in its own
# namespace.
find_leader()
{
	local pid

	for pid in $(pgrep -P "$supervisor"); do
		if grep -q '^NSpid:.*[[:space:]]1$' "/proc/$pid/status"; then
			leader=$pid
			return 0
		fi
	done
	return 1
}

is_up()
{
	find_leader &&
	    in_guest systemctl is-system-running | grep -qE 'running|degraded'
}

# Boots the guest, which has no network except its loopback.
boot_guest()
{
	"${nspawn[@]}" --boot -D "$guest" --private-network </dev/null \
	    >>"$work/console.log" 2>&1 &
	supervisor=$!
	wait_until 90 is_up && return 0
	say "the guest does not boot; the end of its console:"
	tail -n 20 "$work/console.log"
	halt_guest
	return 1
}

# Shuts the guest down, and kills it if it does not stop.
halt_guest()
{
	local status=0

	[ -n "$supervisor" ] || return 0
	find_leader && in_guest systemctl poweroff
	if ! wait_until 60 supervisor_gone; then
		say "the guest does not shut down"
		kill -KILL "$leader" "$supervisor" 2>/dev/null
		status=1
	fi
	wait "$supervisor" 2>/dev/null
	supervisor= leader=
	return "$status"
}

supervisor_gone()
{
	! kill -0 "$supervisor" 2>/dev/null
}

# in_guest COMMAND...: runs it as root in the guest, for at most $limit seconds.
in_guest()
{
	timeout -k 5 "${limit:-120}" nsenter -t "$leader" -a -- env -i \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# limited SECONDS COMMAND...: runs it with another time limit.
limited()
{
	local limit=$1
	shift

	"$@"
}

# paste FOLDER: runs the lines of standard input as if they were pasted into
# root's shell in FOLDER. Variables are kept between calls. It stops at a line
# that fails. The lines themselves read from the file $answers.
paste()
{
	{
		echo 'set -eao pipefail'
		echo 'if [ -e ~/variables ]; then . ~/variables; fi'
		cat
		printf '\n%s\n' 'export -p | grep -v " PWD=" >~/variables'
	} >"$guest/root/pasted"
	in_guest env --chdir="$1" bash -c ". ~/pasted" <"${answers:-/dev/null}"
}

# in_net COMMAND...: runs one of this machine's programs in the guest's network.
in_net()
{
	timeout -k 5 "${limit:-120}" nsenter -t "$leader" -n -- "$@"
}

# wait_until SECONDS COMMAND...: waits until the command succeeds; fails at the
# time limit.
wait_until()
{
	local until=$((SECONDS + $1))
	shift

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}
