# Guests: a whole Debian in a folder that boots under systemd-nspawn, for
# contrib/check-install. bash; the caller has sourced common.sh and set cache (a
# folder for the roots), work (a folder of this run) and guest_host (the guests'
# name).

# Debian 13's systemd does not run on version 1 of cgroups.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
nspawn=(systemd-nspawn --quiet --register=no --keep-unit --console=pipe)

# ---- the machine ------------------------------------------------------------

# in_namespaces COMMAND...: runs it within mount and process namespaces and a
# cgroup of its own, so that no mount and no process outlives it, however it
# and this script end. Guests that shared a cgroup would mistake each other's
# processes for theirs.
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
	[ -n "$mounted" ] || { say "no cgroup2 is mounted"; return 1; }
	cgroup=$mounted$(sed -n 's/^0:://p' /proc/self/cgroup)
	cgroup=${cgroup%/}/check-install.$$
	mkdir "$cgroup"
}

leave_cgroup()
{
	local i

	# The last processes may still be on their way out.
	for i in {1..50}; do
		find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null &&
		    break
		sleep 0.1
	done
}

# Within the namespaces: /run/systemd/nspawn has to be a tmpfs, and so is the
# folder of this run.
prepare_host()
{
	echo $$ >"$VITRINE_CGROUP/cgroup.procs" &&
	    mkdir -p /run/systemd/nspawn &&
	    mount -t tmpfs tmpfs /run/systemd/nspawn &&
	    mount -t tmpfs tmpfs "$work"
}

# ---- roots ------------------------------------------------------------------

# The mirror of this machine's own packages.
debian_mirror()
{
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' \
	    'Created-By: Packages' |
	    awk -v r="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
	    '$1 == r && $2 == "main" { print $3; exit }'
}

# apt's proxy, where there is one, for debootstrap and the roots.
use_proxy()
{
	local proxy=
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || export http_proxy=$proxy
}

# make_root NAME KEY FUNCTION...: a root in $cache/NAME, which FUNCTION... fills,
# called with the folder as its last argument; kept until KEY changes or it is
# a month old.
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
	[ -n "$mirror" ] || { say "apt knows no mirror of Debian"; return 1; }

	mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io \
	    --aptopt='Acquire::Languages "none"' \
	    --customize-hook='rm "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"' \
	    --include="systemd,systemd-sysv,dbus${2:+,$2}" "$1" "$3" "$mirror"
}

# extend ROOT SCRIPT DIR: a copy of another root in which SCRIPT has run, with
# this machine's network, no service started, and no waiting for the disk.
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

# new_guest ROOT: a fresh guest in the folder $guest, which writes into memory.
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

# Ends the guest and gives its memory back.
drop_guest()
{
	[ -n "$guest" ] || return 0
	halt_guest
	umount "$guest" 2>/dev/null
	rm -rf "${guest%/root}"
	guest=
}

# The guest's first process: the child of systemd-nspawn that is number 1 of
# its own namespace.
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

# Boots the guest, which has a loopback and no other network.
boot_guest()
{
	"${nspawn[@]}" --boot -D "$guest" --private-network </dev/null \
	    >>"$work/console.log" 2>&1 &
	supervisor=$!
	wait_until 90 is_up && return 0
	say "the guest does not come up; the end of its console:"
	tail -n 20 "$work/console.log"
	halt_guest
	return 1
}

# Shuts the guest down, and ends it where it does not go.
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

# limited SECONDS COMMAND...: with another limit.
limited()
{
	local limit=$1
	shift

	"$@"
}

# paste FOLDER: runs the lines of standard input as if they were pasted into
# root's shell, which is in FOLDER and keeps its variables from one time to the
# next. A line that fails ends it. What the lines themselves read is the file
# $answers.
paste()
{
	{
		echo 'set -eao pipefail'
		echo 'if [ -e /root/variables ]; then . /root/variables; fi'
		cat
		printf '\n%s\n' 'export -p | grep -v " PWD=" >/root/variables'
	} >"$guest/root/pasted"
	in_guest env --chdir="$1" bash /root/pasted <"${answers:-/dev/null}"
}

# in_net COMMAND...: runs a program of this machine in the guest's network.
in_net()
{
	timeout -k 5 "${limit:-120}" nsenter -t "$leader" -n -- "$@"
}

# wait_until SECONDS COMMAND...: fails when the time is over.
wait_until()
{
	local until=$((SECONDS + $1))
	shift

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}
