# How contrib/check-install counts, and its checks of a guest. bash; the caller
# has sourced common.sh, guest.sh and readme.sh.

# The site's name and account in README, and the password that it asks for.
guest_host=vitrine.example.org
account=admin password="correct horse battery staple"
# The folder in which README's commands run.
source_dir=/usr/src/vitrine

# ---- checks -----------------------------------------------------------------

# check TEXT COMMAND...: one check. The command's output goes to $work/check.log
# and is shown if it fails.
check()
{
	local text=$1 status=0
	shift

	"$@" >"$work/check.log" 2>&1 </dev/null || status=$?
	if [ "$status" -eq 0 ]; then
		passed=$((passed + 1))
		return 0
	fi
	failed=$((failed + 1))
	{
		say "--- $part: failed: $text (status $status)"
		tail -n 60 "$work/check.log"
	} >>"$work/failures"
	return 1
}

# part TEXT FUNCTION...: a group of checks; prints one line, then what failed.
# Fails if the function could not continue.
part()
{
	local start=$SECONDS before=$passed missed=$failed status=0
	part="$release: $1"
	shift

	printf '%-48s' "$part"
	: >"$work/failures"
	"$@" || status=$?
	printf ' %4d s  %d passed, %d failed\n' $((SECONDS - start)) \
	    $((passed - before)) $((failed - missed))
	if [ -s "$work/failures" ]; then
		{ cat "$work/failures"; our_journal; } >&2
	fi
	return "$status"
}

our_journal()
{
	[ -n "$leader" ] || return 0
	say "--- the end of its journal, without level=info:"
	in_guest journalctl -q -n 200 -o short-precise --no-hostname |
	    grep -v level=info | tail -n 25
}

# pasted PLACE N [SED]: checks that a block of README works; SED changes what is
# different in a guest.
pasted()
{
	printf '%s\t%s\n' "$1" "$2" >>"$work/blocks"
	check "README, \"$1\", block $2" paste_block "$@"
}

paste_block()
{
	local lines
	lines=$(readme_block "$1" "$2") || return 1

	typed "$(sed -e "${3:-}" <<<"$lines")"
}

# typed LINES: runs them in the source's folder.
typed()
{
	paste "$source_dir" <<<"$1"
}

# All blocks of README from "Installing" on have run.
check_blocks()
{
	local place n

	while IFS=$'\t' read -r place n; do
		check "README, \"$place\", block $n was run" was_pasted \
		    "$place" "$n" || cat "$work/failures" >&2
	done < <(places_of_installing | grep -v '^Where to read on')
}

was_pasted()
{
	awk -F '\t' -v place="$1" -v n="$2" '
	index(place, $1) == 1 && n == $2 { found = 1 }
	END { exit !found }' "$work/blocks"
}

# main_job make|look ADDRESS: uses the site through base_url over 127.0.0.1 or
# ::1. Each of its tests counts.
main_job()
{
	local log=$work/job.log good bad ca=()
	[[ $url = http:* ]] || ca=("$work/tls/ca.pem")

	limit=300 in_net perl "$top/t/install/main-job" "$1" \
	    "$work/made.json" "$url" "$2" "$account" "$password" "${ca[@]}" \
	    >"$log" 2>&1 </dev/null || say "ended with status $?" >>"$log"
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	# If it ended early, it failed.
	[ "$bad" -gt 0 ] || grep -q '^1\.\.' "$log" || bad=1
	passed=$((passed + good)) failed=$((failed + bad))
	[ "$bad" -gt 0 ] || return 0
	{
		say "--- $part: the main job ($1, $url, $2): $bad failed"
		grep -v '^ok ' "$log"
	} >>"$work/failures"
	return 1
}

# ---- checks of a guest ------------------------------------------------------

fetch()
{
	in_net curl -sS --max-time 20 --cacert "$work/tls/ca.pem" \
	    --resolve "$guest_host:80:127.0.0.1" \
	    --resolve "$guest_host:443:127.0.0.1" "$@"
}

# answers STATUS PATH [OPTION...]: the body is in $work/body, the headers in
# $work/head, status and seconds in $work/answer.
answers()
{
	local status=$1 path=$2
	shift 2

	fetch -o "$work/body" -D "$work/head" -w '%{http_code} %{time_total}' \
	    "$@" "$url$path" >"$work/answer" || return 1
	cat "$work/answer" "$work/head" && head -c 2000 "$work/body"
	[ "$(cut -d ' ' -f 1 "$work/answer")" = "$status" ]
}

is_healthy()
{
	answers 200 /healthz
}

unit_is()
{
	[ "$(in_guest systemctl show -P ActiveState "$1")" = "$2" ]
}

# all_running: whether all units of the guest run.
all_running()
{
	in_guest systemctl --failed --no-legend
	[ "$(in_guest systemctl is-system-running --wait)" = running ]
}

# The accounts that the pool's processes run as.
pool_accounts()
{
	pgrep -x vitrine.fcgi | sed 's|.*|/proc/&|' | xargs stat -c %u |
	    sort -u | tr '\n' ' '
}

pool_runs_as()
{
	[ "$(pool_accounts)" = "$(in_guest id -u "$1") " ]
}

# Only the account and the web server can read the storage; only the account can
# read the secrets.
is_private()
{
	! in_guest runuser -u nobody -- ls /var/lib/vitrine &&
	    ! in_guest runuser -u nobody -- cat /etc/vitrine/secrets &&
	    ! in_guest runuser -u www-data -- cat /etc/vitrine/secrets &&
	    in_guest runuser -u www-data -- ls /var/lib/vitrine
}

# The exposure must be below 1.9 of 10.
is_locked_down()
{
	in_guest systemd-analyze security --no-pager --threshold=19 "$1"
}

# Whether Vitrine's units and the web servers reported no errors since the last
# call.
no_errors()
{
	local log=$guest/var/log

	in_guest journalctl -q -o cat --cursor-file=/root/cursor \
	    -u vitrine -u vitrine-worker >"$work/journal"
	! grep -E 'level=error|^(Failed|.*Failed with result)' \
	    "$work/journal" &&
	    ! grep -sE '(crit|alert|emerg|:error)\]|Permission denied' \
		"$log/nginx/error.log" "$log/apache2/error.log"
}

# Ignores the errors so far, which were caused on purpose.
forget_errors()
{
	no_errors >/dev/null
	rm -f "$guest"/var/log/{nginx,apache2}/error.log
	in_guest systemctl kill -s USR1 nginx 2>/dev/null
	in_guest systemctl reload apache2 2>/dev/null
	return 0
}
