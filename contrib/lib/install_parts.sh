# The parts of contrib/check-install: actions on a guest and the checks that
# follow. bash; the caller has sourced install_checks.sh and what it needs, and
# set release and quick.

# v0.1.0, the release in which README's installation did not work yet.
first_release=e4fc61b

# ---- installing -------------------------------------------------------------

# Makes a certificate for the site, and the authority that signs it.
make_certificate()
{
	local d=$work/tls
	mkdir -p "$d" && (
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
		    -subj "/CN=a test's authority" -keyout "$d/ca.key" \
		    -out "$d/ca.pem" &&
		    openssl req -newkey rsa:2048 -nodes -subj "/CN=$guest_host" \
			-keyout "$d/privkey.pem" -out "$d/request.pem" &&
		    openssl x509 -req -in "$d/request.pem" -days 2 \
			-CA "$d/ca.pem" -CAkey "$d/ca.key" -CAcreateserial \
			-extfile <(echo "subjectAltName=DNS:$guest_host") \
			-out "$d/fullchain.pem"
	) >"$step_log" 2>&1
}

put_certificate()
{
	local d=$guest/etc/letsencrypt/live/$guest_host

	mkdir -p "$d" && cp "$work/tls/"{fullchain,privkey}.pem "$d"
}

# Installs as README says, except that the programs may have been built before:
# in another guest of this release, or on this machine.
build_and_install()
{
	local left_out='/^autoreconf/d; /^\.\/configure/d; /^make$/d'

	if [ -n "$quick" ]; then
		check "make install" make -s -C "$quick" install \
		    "DESTDIR=$guest" || return 1
		pasted "Build and install" 1 "$left_out; /^make install/d"
	elif [ -e "$work/$release.tar" ]; then
		check "the source, already built" made_source &&
		    pasted "Build and install" 1 "$left_out"
	else
		copy_sources "$guest$source_dir" &&
		    limited 3000 pasted "Build and install" 1 &&
		    tar -C "$guest$source_dir" -cf "$work/$release.tar" .
	fi
}

# The source of this release, configured and built.
made_source()
{
	local built=$work/$release.tar

	if [ -e "$built" ]; then
		tar -C "$guest$source_dir" -xf "$built"
	else
		copy_sources "$guest$source_dir" && limited 3000 typed \
		    "$(readme_block "Build and install" 1 |
		    sed '/^make install/,$d')" &&
		    tar -C "$guest$source_dir" -cf "$built" .
	fi
}

# README's steps 1 to 6; --quick skips building.
install_site()
{
	url=http://$guest_host
	answers=
	mkdir -p "$guest$source_dir"
	check "all units of the fresh system run" all_running
	[ -n "$quick" ] || pasted "Packages" 1 || return 1
	build_and_install &&
	    pasted "A database" 1 &&
	    pasted "The site's name" 1 || return 1
	answers=$work/password
	echo "$password" >"$answers"
	pasted "Keys, tables" 1 || return 1
	answers=
	pasted "The services" 1
}

# The site works over IPv4 and IPv6, without errors in any log.
serves()
{
	check "it answers" wait_until 20 is_healthy || return 1
	main_job make 127.0.0.1
	main_job look ::1
	own_pages
	check "all units run" all_running
	check "no errors" no_errors
}

behind_nginx()
{
	pasted "The web server" 1 || return 1
	serves
	check "the pool runs as vitrine" pool_runs_as vitrine
	check "storage and secrets are private" is_private
	check "vitrine doctor reports nothing" in_guest runuser -u vitrine -- \
	    vitrine doctor
	check "systemd-analyze security: the pool" is_locked_down vitrine.service
	check "systemd-analyze security: the worker" is_locked_down vitrine-worker.service
}

# The web server's own errors use the site's error pages. Over HTTP/2, curl 7.88
# sometimes gives up if the answer comes before it has sent everything.
own_pages()
{
	head -c 3000000 /dev/zero >"$work/large"
	check "a body over the limit gets 413" wait_until 20 answers 413 /api/auth/login \
	    --data-binary "@$work/large" -H 'Content-Type: application/json'
	check "as JSON with a message" says_json "$work/head" "$work/body"
}

# says_json HEAD BODY
says_json()
{
	cat "$1" "$2"
	grep -qi '^content-type: application/json' "$1" &&
	    grep -q '"message"' "$2"
}

# ---- TLS --------------------------------------------------------------------

# with_tls N [SED]: runs README's block N, which is for one web server.
with_tls()
{
	# The guest cannot reach a certificate authority.
	[ -n "$quick" ] || pasted "TLS" 1 '/^certbot /d'
	check "a certificate" put_certificate
	pasted "TLS" "$@" || return 1
	url=https://$guest_host
	serves
	check "plain http redirects" redirects_to_tls
	check "plain http takes no password" is_not_taken_plain
	check "plain http serves ACME challenges" proves_itself
}

redirects_to_tls()
{
	local url=http://$guest_host

	answers 301 '/login?a=1' &&
	    grep -qi "^location: https://$guest_host/login?a=1"$'\r' \
	    "$work/head"
}

is_not_taken_plain()
{
	local url=http://$guest_host

	answers 301 /api/auth/login -H 'Content-Type: application/json' \
	    -d "{\"username\":\"$account\",\"password\":\"$password\"}" &&
	    ! grep -qi '^set-cookie' "$work/head"
}

proves_itself()
{
	local url=http://$guest_host folder=.well-known/acme-challenge

	mkdir -p "$guest/var/www/html/$folder" &&
	    echo "the proof" >"$guest/var/www/html/$folder/token" &&
	    answers 200 "/$folder/token" && grep -q "^the proof" "$work/body"
}

# ---- restarts and a broken configuration ------------------------------------

# restarts WEB-SERVER
restarts()
{
	check "restarting everything" in_guest systemctl restart \
	    mariadb vitrine vitrine-worker "$1"
	check "it answers" wait_until 20 is_healthy || return 1
	main_job look 127.0.0.1
	check "restarting the database alone" in_guest systemctl restart mariadb
	check "it answers" wait_until 20 is_healthy
	check "reloading" in_guest systemctl reload vitrine "$1"
	pasted "Mail" 1
	check "it answers" is_healthy
	main_job look ::1
	check "all units run" all_running
	forget_errors
}

configure()
{
	sed -i "$1" "$guest/etc/vitrine/vitrine.conf"
}

broken_configuration()
{
	local good=$guest/root/vitrine.conf
	cp -p "$guest/etc/vitrine/vitrine.conf" "$good"

	configure 's|^base_url = .*|base_url = nonsense|'
	check "systemctl reload fails" fails in_guest systemctl reload vitrine
	check "and the journal names the setting" is_reported base_url
	check "the old configuration still serves" is_healthy
	check "the unit is active" unit_is vitrine active
	main_job look 127.0.0.1

	in_guest systemctl restart vitrine vitrine-worker 2>/dev/null
	check "a restart ends the pool" wait_until 10 unit_is vitrine failed
	check "and the worker" wait_until 10 unit_is vitrine-worker failed
	check "the pool is not restarted" ended_for_good vitrine
	check "nor is the worker" ended_for_good vitrine-worker
	check "the API answers 502 at once" told_at_once /api/tags json
	check "and so does a page" told_at_once /login html

	cp -p "$good" "$guest/etc/vitrine/vitrine.conf"
	check "it starts with the configuration repaired" in_guest systemctl start \
	    vitrine vitrine-worker
	check "it answers" wait_until 20 is_healthy
	main_job look 127.0.0.1
	forget_errors
}

fails()
{
	! "$@"
}

is_reported()
{
	in_guest journalctl -q -o cat -u vitrine -n 20 | tee "$work/journal"
	grep -q "$1" "$work/journal"
}

# Exited with the status of a configuration error (EX_CONFIG), without restarts.
ended_for_good()
{
	in_guest systemctl status --no-pager "$1"
	[ "$(in_guest systemctl show -P ExecMainStatus "$1")" = 78 ] &&
	    [ "$(in_guest systemctl show -P NRestarts "$1")" = 0 ]
}

# told_at_once PATH TYPE: a 502 within a second, with the site's error page.
told_at_once()
{
	answers 502 "$1" -H "Accept: */$2" && 
	    awk '$2 >= 1 { exit 1 }' "$work/answer" &&
	    grep -qi "^content-type: [a-z]*/$2" "$work/head" &&
	    ! grep -qi 'nginx\|apache' "$work/body"
}

# ---- an update, a reboot ----------------------------------------------------

# Updates to a release with a new site file, where the installed one was changed.
update_itself()
{
	local site=$guest/etc/vitrine/nginx.conf before
	before=$(sha256sum <"$site")

	echo "# A line of the next release." \
	    >>"$guest$source_dir/etc/nginx/vitrine.conf.in"
	check "make" typed make
	pasted "Updating" 1
	cp "$work/check.log" "$work/update.log"
	check "the difference is shown" grep -q \
	    '^+# A line of the next release' "$work/update.log"
	check "reloading nginx" in_guest systemctl reload nginx
	check "the changed site file is kept" test "$(sha256sum <"$site")" = "$before"
	check "the new one is beside it" grep -q \
	    '^# A line of the next release' "$site.new"
	check "it answers" wait_until 20 is_healthy
	main_job look 127.0.0.1
	check "no errors" no_errors
}

reboots()
{
	check "it shuts down" halt_guest
	check "it boots" boot_guest || return 1
	check "all units run" all_running
	check "it answers" wait_until 20 is_healthy || return 1
	main_job look 127.0.0.1
	main_job make ::1
	check "no errors" no_errors
}

# ---- Apache -----------------------------------------------------------------

behind_apache()
{
	check "stopping nginx" in_guest systemctl disable --now nginx
	configure 's|^base_url = https:|base_url = http:|'
	check "back to http" in_guest systemctl restart vitrine vitrine-worker
	url=http://$guest_host
	pasted "The web server" 2 || return 1
	serves
}

# The same with mod_fcgid, in another guest.
behind_fcgid()
{
	pasted "Apache's mod_fcgid" 1 || return 1
	serves
	check "the pool runs as Apache's account" pool_runs_as www-data
	check "vitrine doctor reports nothing" in_guest runuser -u www-data -- \
	    vitrine doctor
}

# README describes its TLS as a change of step 8.
fcgid_with_tls()
{
	with_tls 3 's/apache\.conf/apache-fcgid.conf/; s/ vitrine / /'
}

# ---- an update from the first release ---------------------------------------

has_first_release()
{
	git -C "$top" cat-file -e "$first_release^{commit}" 2>/dev/null
}

build_first_release()
{
	local dir=/usr/src/first
	mkdir -p "$guest$dir"

	git -C "$top" archive "$first_release" | tar -C "$guest$dir" -xf - &&
	    paste "$dir" <<-'END'
	autoreconf -i
	./configure --sysconfdir=/etc --localstatedir=/var
	make
	make install
	systemd-sysusers
	systemd-tmpfiles --create
	END
}

# Makes v0.1.0 run: its README was wrong in several places, and its units denied
# it access to the storage.
configure_first_release()
{
	typed "
	sed -i 's|^#base_url = .*|base_url = $url|' /etc/vitrine/vitrine.conf
	runuser -u vitrine -- vitrine init
	runuser -u vitrine -- vitrine migrate
	echo '$password' | runuser -u vitrine -- vitrine user add $account \
	    --email $account@example.org --password-stdin
	for unit in vitrine vitrine-worker; do
		mkdir -p /etc/systemd/system/\$unit.service.d
		printf '[Service]\nRestrictSUIDSGID=no\n' \
		    >/etc/systemd/system/\$unit.service.d/storage.conf
	done
	systemctl daemon-reload
	systemctl enable --now vitrine.socket vitrine.service vitrine-worker
	apt install nginx
	rm -f /etc/nginx/sites-enabled/default
	ln -s /usr/local/share/vitrine/nginx/vitrine.conf \
	    /etc/nginx/sites-enabled/vitrine.conf
	systemctl restart nginx"
}

first_release_works()
{
	url=http://$guest_host
	mkdir -p "$guest$source_dir"
	check "building and installing v0.1.0" limited 3000 build_first_release ||
	    return 1
	pasted "A database" 1 || return 1
	check "configuring it" configure_first_release || return 1
	check "it answers" wait_until 20 is_healthy || return 1
	main_job make 127.0.0.1
}

# This release must serve its data with its configuration.
update_first_release()
{
	url=http://$guest_host
	check "building this release" made_source || return 1
	pasted "0.2.0" 1
	pasted "Updating" 1
	pasted "The site's name" 1
	pasted "The web server" 1 || return 1
	check "it answers" wait_until 20 is_healthy || return 1
	main_job look 127.0.0.1
	serves
	check "storage and secrets are private" is_private
	check "vitrine doctor reports nothing" in_guest runuser -u vitrine -- \
	    vitrine doctor
}

# ---- removing ---------------------------------------------------------------

# Files that are left: with Vitrine's name, or where it was installed.
left()
{
	in_guest find / /run -xdev \( -path "$source_dir*" -o -path /proc \
	    -o -path /sys -o -path /run/systemd -o -path /var/log \
	    -o -path /etc/letsencrypt -o -path /root \) -prune -o \
	    \( -name '*vitrine*' -o -path '/usr/local/*' -type f \) -print |
	    grep -v '/vitrine/'
}

is_left()
{
	left | sort | tr '\n' ' ' >"$work/left"
	cat "$work/left"
	[ "$(cat "$work/left")" = "$1" ]
}

# Removes it from behind Apache, then from behind nginx.
removes()
{
	pasted "Removing" 2
	check "Apache runs without it" unit_is apache2 active
	check "stopping Apache" in_guest systemctl disable --now apache2
	check "starting nginx" in_guest systemctl enable --now nginx
	pasted "Removing" 1
	check "nginx runs without it" unit_is nginx active
	pasted "Removing" 3
	check "only configuration and data are left" is_left \
	    "/etc/vitrine /run/vitrine /var/lib/mysql/vitrine /var/lib/vitrine "
	check "all units run" all_running
	pasted "Removing" 4
	check "nothing is left" is_left ""
	check "no account" fails in_guest getent passwd vitrine
	check "no group" fails in_guest getent group vitrine
	check "no database" fails in_guest mariadb vitrine -e "SELECT 1"
	check "it shuts down" halt_guest
	check "it boots" boot_guest
	check "all units run" all_running
	check "nothing is left after a reboot" is_left ""
}
