# Services of one quickstart folder: each is the leader of a session of its
# own, and a file in $var/pids tells its process, when that began and in which
# boot of the machine, so that a process that came later by the same number is
# never taken for it.

boot_id()
{
	cat /proc/sys/kernel/random/boot_id
}

# The start time of a process, in the kernel's ticks.
started()
{
	local stat
	{ IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	stat=${stat##*) }
	set -- $stat
	echo "${20}"
}

# session_members PID: the processes in the session that PID leads or led.
session_members()
{
	local file stat pid

	for file in /proc/[0-9]*/stat; do
		{ IFS= read -r stat <"$file"; } 2>/dev/null || continue
		pid=${stat%% *}
		stat=${stat##*) }
		set -- $1 $stat
		if [ "$5" = "$1" ] && [ "$2" != Z ]; then
			echo "$pid"
		fi
	done
}

# service_pid NAME: the leader's number, where it may still be ours.
service_pid()
{
	local pid ticks boot now

	[ -r "$var/pids/$1" ] || return 1
	read -r pid ticks boot <"$var/pids/$1" || return 1
	[ "$boot" = "$(boot_id)" ] || return 1
	if now=$(started "$pid"); then
		[ "$now" = "$ticks" ] || return 1
	fi
	echo "$pid"
}

service_alive()
{
	local pid
	pid=$(service_pid "$1") && [ -d "/proc/$pid" ] &&
	    ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null
}

# service_start NAME LOG COMMAND...: starts it as the servers' account. The
# log is opened by that account, which owns its folder.
service_start()
{
	local name=$1 log=$2 pid
	shift 2

	setsid "${server[@]}" sh -c 'exec >>"$0" 2>&1 </dev/null; exec "$@"' \
	    "$log" "$@" 9>&- &
	pid=$!
	echo "$pid $(started "$pid") $(boot_id)" >"$var/pids/$name"
	disown "$pid"
}

# service_ask NAME: asks it to end.
service_ask()
{
	local pid

	pid=$(service_pid "$1") || return 0
	kill -TERM "$pid" 2>/dev/null ||
	    kill -TERM $(session_members "$pid") 2>/dev/null
}

# service_stop NAME: asks it to end, waits for all of its processes, and kills
# those that stay. SECONDS is bash's clock.
service_stop()
{
	local pid members until=$((SECONDS + 60))

	service_ask "$1"
	if pid=$(service_pid "$1"); then
		while members=$(session_members "$pid"); [ -n "$members" ]; do
			if [ "$SECONDS" -ge "$until" ]; then
				warn "$1 does not end by itself"
				kill -KILL $members 2>/dev/null
				sleep 0.2
				break
			fi
			# Its leader is gone and others stayed.
			[ -d "/proc/$pid" ] || kill -TERM $members 2>/dev/null
			sleep 0.1
		done
	fi
	rm -f "$var/pids/$1"
}

# wait_for SECONDS SERVICE COMMAND...: until the command succeeds; fails when
# the time is over or the service has ended.
wait_for()
{
	local until=$((SECONDS + $1)) name=$2
	shift 2

	until "$@" >/dev/null 2>&1; do
		service_alive "$name" || return 1
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}
