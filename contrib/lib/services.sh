# Services of one quickstart folder. Each leads its own session. A file in
# $var/pids records its process, start time and the machine's boot id, so that a
# later process with the same pid is never mistaken for it.

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

# service_pid NAME: the leader's pid; fails if it can no longer be the service.
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

# service_start NAME LOG COMMAND...: starts it as the servers' account, which
# also opens the log, since it owns the folder.
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

# service_ask NAME: sends it SIGTERM.
service_ask()
{
	local pid

	pid=$(service_pid "$1") || return 0
	kill -TERM "$pid" 2>/dev/null ||
	    kill -TERM $(session_members "$pid") 2>/dev/null
}

# service_stop NAME: sends it SIGTERM, waits for all its processes, and kills
# those that do not exit within a minute. SECONDS is bash's clock.
service_stop()
{
	local pid members until=$((SECONDS + 60))

	service_ask "$1"
	if pid=$(service_pid "$1"); then
		while members=$(session_members "$pid"); [ -n "$members" ]; do
			if [ "$SECONDS" -ge "$until" ]; then
				warn "$1 does not stop and is killed"
				kill -KILL $members 2>/dev/null
				sleep 0.2
				break
			fi
			# The leader has exited, but others have not.
			[ -d "/proc/$pid" ] || kill -TERM $members 2>/dev/null
			sleep 0.1
		done
	fi
	rm -f "$var/pids/$1"
}

# wait_for SECONDS SERVICE COMMAND...: waits until the command succeeds; fails at
# the time limit or if the service exits.
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
