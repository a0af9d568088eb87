# How contrib/bench measures: what a figure's function is made of. A function
# that fails has set why.

clients=16 order=

# sample MEASURE SIDE VALUE: a round's; the sides are vitrine, floor, php, node.
sample()
{
	if [[ $3 =~ ^[0-9]+(\.[0-9]+)?$ ]]; then
		printf '%s\t%s\t%s\t%s\n' "$1" "$round" "$2" "$3" >>"$samples"
	else
		broken "$figure" "$1: \"$3\" is no number"
	fi
}

# broken FIGURE WHY
broken()
{
	printf '%s\t0\tbroken\t%s\n' "$1" "$(tr '\n\t' '  ' <<<"$2")" \
	    >>"$samples"
}

# note MEASURE TEXT: a line below the table.
note()
{
	printf '%s\t0\tnote\t%s\n' "$1" "$2" >>"$samples"
}

fail()
{
	why=$*
	return 1
}

# each_round COMMAND...: runs it once for each round.
each_round()
{
	for ((round = 1; round <= rounds; round++)); do
		"$@" || return 1
	done
}

# load URL PATHS CLIENTS SECONDS WRK-ARGUMENT...: asks for paths taken at
# random, or one after the other where order is in-turn. Sets requests, rate (a second), p50 and p99 (ms). Every answer must
# be good.
load()
{
	local url=$1 paths=$2 n=$3 time=$4 out line bad errors
	shift 4

	out=$(wrk -t1 "-c$n" "-d$time" --timeout 30s -s "$top/t/bench/wrk.lua" \
	    "$@" "$url" -- "$paths" $order 2>&1)
	line=$(sed -n 's/^wrk\t//p' <<<"$out")
	[ -n "$line" ] || fail "wrk: $out" || return 1
	read -r requests bad errors rate p50 p99 <<<"$line"
	[ "$bad" -eq 0 ] && [ "$errors" -eq 0 ] && [ "$requests" -gt 0 ] ||
	    fail "$url: of $requests answers $bad are errors," \
		"$errors connections broke" || return 1
	p50=$(in_ms "$p50") p99=$(in_ms "$p99")
}

# sql_load CONNECTIONS SECONDS ROWS KEYS STATEMENT: the same of a statement.
sql_load()
{
	local out

	out=$("$var/own/sql_floor" "$DB_SOCKET" vitrine "$@" 2>&1) ||
	    fail "$out" || return 1
	read -r requests _ rate p50 p99 <<<"$out"
	p50=$(in_ms "$p50") p99=$(in_ms "$p99")
}

# From microseconds.
in_ms()
{
	printf '%d.%03d\n' $(($1 / 1000)) $(($1 % 1000))
}

# timed COMMAND...: sets took (ms), from before it begins until it has ended.
timed()
{
	local from=$EPOCHREALTIME to status

	"$@"
	status=$?
	to=$EPOCHREALTIME
	took=$(in_ms $((${to/./} - ${from/./})))
	return "$status"
}

# key_header NAME: what wrk is to send, in the array header.
key_header()
{
	header=(-H "X-API-KEY: $(cat "$var/keys/$1")"
	    -H "X-Bench-Key: $(sql vitrine -e "SELECT k.id FROM api_keys k
	    JOIN users u ON u.id = k.user_id WHERE u.username = '$1'")")
}

# pss PID...: of all processes in the sessions that they lead, in kB.
pss()
{
	local pid member

	for pid; do
		for member in $(session_members "$pid"); do
			cat "/proc/$member/smaps_rollup" 2>/dev/null
		done
	done | awk '$1 == "Pss:" { n += $2 } END { print n + 0 }'
}

# sees FILE-OF-JSON PERL-EXPRESSION: whether it holds of the document $_.
sees()
{
	perl -MJSON::PP -0777 -e 'open my $fh, "<", $ARGV[0] or die; $_ = <$fh>;
	    $_ = decode_json($_); exit !eval $ARGV[1]' "$1" "$2"
}
