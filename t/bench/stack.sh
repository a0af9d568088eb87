# The servers of contrib/bench: the site that contrib/quickstart runs, a second
# one with little in it, and what both are held against. The caller has set
# top, var and port, and read contrib/lib.

second_url=http://127.0.0.1:$((port + 1))
floor_url=http://127.0.0.1:$((port + 2))
php_url=http://127.0.0.1:$((port + 3))
node_url=http://127.0.0.1:$((port + 4))
plain_url=http://127.0.0.1:$((port + 5))
short=4 long=8 # the pool's own numbers
node_packages=(mysql2@3.14.1)

start_site()
{
	"$top/contrib/quickstart" --var "$var" --port "$port" \
	    --workers "$short" --no-demo --detach || return 1
	. "$var/quickstart.env"
	run=$(dirname "$DB_SOCKET")
	find_server
	mkdir -p "$var/own" && as_server mkdir -p "$run/b"
}

# Whom the site's servers run as, with the rights that they were given.
find_server()
{
	local uid gid caps

	server=()
	[ "$(id -u)" -eq 0 ] || return 0
	uid=$(stat -c %u "/proc/$POOL_PID") gid=$(stat -c %g "/proc/$POOL_PID")
	[ "$uid" -ne 0 ] || return 0
	server=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups)
	caps=$(sed -n 's/^CapAmb:[[:space:]]*//p' "/proc/$POOL_PID/status")
	[ "$((16#$caps))" -eq 0 ] || server+=(--inh-caps=+dac_read_search
	    --ambient-caps=+dac_read_search)
	server+=(--)
}

as_server()
{
	"${server[@]}" "$@"
}

sql()
{
	mariadb --no-defaults --socket="$DB_SOCKET" --user=root --batch \
	    --skip-column-names "$@"
}

# admin CONFIG ARGUMENT...: the administrator's command.
admin()
{
	local config=$1
	shift
	VITRINE_CONFIG=$config "$VITRINE" "$@"
}

# The picture helper of the second site counts its runs.
write_helper()
{
	cat >"$var/own/image" <<-END
	#!/bin/sh
	echo run >>"$var/log/image-runs"
	exec "$var/prefix/libexec/vitrine/vitrine-image" "\$@"
	END
	chmod 0755 "$var/own/image"
}

start_pool()
{
	local name=$1 config=$2 socket=$3 long_socket=$4
	shift 4

	service_start "$name" "$var/log/$name.log" \
	    "$var/prefix/sbin/vitrine.fcgi" --config "$config" \
	    --listen "$socket" --listen-long "$long_socket" "$@"
	wait_for 20 "$name" test -S "$socket" -a -S "$long_socket"
}

start_second_site()
{
	second_config=$var/conf/second.conf
	write_helper
	sed -e "s|^base_url = .*|base_url = $second_url|" \
	    -e "s|^root = .*|root = $var/second|" "$VITRINE_CONFIG" \
	    >"$second_config" || return 1
	cat >>"$second_config" <<-END
	[image]
	program = $var/own/image
	END
	sed -i 's|^\[database\]$|&\nname = vitrine_second|' "$second_config"
	mkdir -p -m 0700 "$var/second"
	[ ${#server[@]} -eq 0 ] ||
	    chown --reference="$STORAGE_ROOT" "$var/second"
	sql -e "CREATE DATABASE IF NOT EXISTS vitrine_second;
	    GRANT ALL ON vitrine_second.* TO vitrine@localhost;"
	admin "$second_config" init && admin "$second_config" migrate &&
	    start_pool b-pool "$second_config" "$run/b-short" "$run/b-long" \
		--workers "$short"
}

# The first site once more, by a pool that keeps nothing.
start_plain()
{
	start_pool b-plain "$VITRINE_CONFIG" "$run/b-plain" \
	    "$run/b-plain-long" --workers "$short" --long-workers 1 --memo 0
}

compile()
{
	local name

	for name in responder sql_floor; do
		[ "$var/own/$name" -nt "$top/t/bench/$name.c" ] ||
		    cc -std=gnu17 -O2 -Wall -Wextra -pthread \
			-o "$var/own/$name" "$top/t/bench/$name.c" \
			$(pkg-config --cflags --libs fcgi libmariadb) ||
			return 1
	done
}

start_responder()
{
	service_start b-floor "$var/log/b-floor.log" "$var/own/responder" \
	    "$run/b-floor" "$DB_SOCKET" vitrine "$short"
	wait_for 20 b-floor test -S "$run/b-floor"
}

# Unpacked, for Debian's package starts a service: php is run as it lies there.
need_php()
{
	local package

	need_packages libapparmor1 libargon2-1 libxml2 libsodium23
	for package in php8.2-fpm php8.2-common php8.2-mysql php8.2-opcache; do
		unpack_package "$1" "$package" || return 1
	done
}

start_php()
{
	local modules=$tools/usr/lib/php/20220829 conf=$var/conf/php-fpm.conf

	cat >"$conf" <<-END
	[global]
	error_log = $var/log/b-php.log
	daemonize = no
	[bench]
	listen = $run/b-php
	pm = static
	pm.max_children = $short
	END
	service_start b-php "$var/log/b-php.log" \
	    "$tools/usr/sbin/php-fpm8.2" -n -F -y "$conf" \
	    -d "zend_extension=$modules/opcache.so" \
	    -d "extension=$modules/mysqlnd.so" \
	    -d "extension=$modules/mysqli.so" -d opcache.enable=1 \
	    -d opcache.validate_timestamps=0 -d memory_limit=512M \
	    $([ "$(as_server id -u)" -ne 0 ] || echo -R)
	wait_for 20 b-php test -S "$run/b-php"
}

start_node()
{
	NODE_PATH=$tools/node/node_modules service_start b-node \
	    "$var/log/b-node.log" "$(command -v node)" "$var/own/app.cjs" \
	    "$run/b-node" "$DB_SOCKET" vitrine "$short"
	wait_for 20 b-node test -S "$run/b-node"
}

# floor_server URL LOCATION-LINES: one behind the same nginx, with what the
# site file passes on and logs.
floor_server()
{
	echo "server {"
	echo "	listen ${1#http://};"
	echo "	access_log $var/log/b-access.log vitrine buffer=32k flush=1s;"
	echo "	location / {"
	sed -n '/^fastcgi_param/p' "$top/etc/nginx/site.conf.in"
	printf '	%s\n	}\n}\n' "$2"
}

write_nginx()
{
	sed -e "s|@run@|$run/b|g" -e "s|@conf@|$var/conf/b|g" \
	    -e "s|@log_dir@/nginx|@log_dir@/b-nginx|g" \
	    -e "s|@log_dir@|$var/log|g" \
	    "$top/contrib/lib/nginx.conf.in" >"$var/conf/b-nginx.conf"
	mkdir -p "$var/conf/b"
	render_site nginx vitrine "$var/conf/b/share" "$var/conf/b/site.conf" \
	    -e "s|@listen@|${second_url#http://}|g" \
	    -e "s|@log_dir@/|$var/log/b-|g" \
	    -e "s|@storage@|$var/second|g" \
	    -e "s|@socket@|$run/b-short|g" \
	    -e "s|@long_socket@|$run/b-long|g"
	{
		echo "include $var/conf/b/site.conf;"
		floor_server "$floor_url" "fastcgi_pass unix:$run/b-floor;"
		floor_server "$php_url" "fastcgi_pass unix:$run/b-php;
		fastcgi_param SCRIPT_FILENAME $var/own/app.php;
		fastcgi_param BENCH_SOCKET $DB_SOCKET;
		fastcgi_param BENCH_DATABASE vitrine;"
		echo "upstream b_plain { server unix:$run/b-plain; keepalive 32; }"
		floor_server "$plain_url" "fastcgi_pass b_plain;
		fastcgi_keep_conn on;"
		echo "upstream b_node { server unix:$run/b-node; keepalive 32; }"
		floor_server "$node_url" 'proxy_pass http://b_node;
		proxy_http_version 1.1;
		proxy_set_header Connection "";'
	} >"$var/conf/b/site-nginx.conf"
}

start_nginx()
{
	local as=()

	[ "$(as_server id -u)" -ne 0 ] || as=(-g "user root;")
	write_nginx
	service_start b-web "$var/log/b-nginx.log" nginx "${as[@]}" \
	    -p "$run/b/" -c "$var/conf/b-nginx.conf" -e "$var/log/b-nginx.log"
	wait_for 20 b-web curl -fsS "$second_url/healthz"
}

start_own()
{
	cp "$top/t/bench/app.php" "$top/t/bench/app.cjs" "$var/own/" &&
	    compile && start_second_site && start_plain && start_responder && start_php &&
	    start_node && start_nginx
}

stop_own()
{
	local name

	for name in b-web b-node b-php b-floor b-plain b-pool; do
		service_stop "$name"
	done
	# A socket shows that its server is running.
	rm -f "$var"/run/b-* "${run:-$var/run}"/b-*
}

stop_all()
{
	local pid

	[ -d "$var/pids" ] || return 0
	[ ! -d "$var/own" ] || touch "$var/own/enough"
	if pid=$(service_pid worker); then
		kill -CONT $(session_members "$pid") 2>/dev/null
	fi
	stop_own
	"$top/contrib/quickstart" --var "$var" --stop >/dev/null
}
