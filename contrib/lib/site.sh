# Fills a private web server's paths into the shipped site files; bash. The
# caller has set top.

# render_site SERVER NAME SHARE TARGET SED-OPTION...: writes the site file
# etc/SERVER/NAME.conf.in to TARGET and the files that it includes below SHARE.
render_site()
{
	local server=$1 name=$2 share=$3 target=$4 file base
	shift 4

	mkdir -p "$share/$server" "$share/errors" &&
	    cp "$top"/etc/errors/* "$share/errors/" || return 1
	for file in "$top/etc/$server"/*.conf.in; do
		base=$(basename "$file" .in)
		case $base in
		vitrine*|fcgid-*) continue ;;
		esac
		sed "$@" -e "s|@share@|$share|g" "$file" \
		    >"$share/$server/$base" || return 1
	done
	# Only an installed site listens on IPv6.
	sed "$@" -e "s|@share@|$share|g" -e '/@listen6@/d' \
	    "$top/etc/$server/$name.conf.in" >"$target"
}
