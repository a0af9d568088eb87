# Fills the installation's paths into site files, units and configuration;
# contrib/quickstart and the tests fill in their own.
site_edit = $(SED) \
	-e 's|@bindir[@]|$(bindir)|g' \
	-e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	-e 's|@localstatedir[@]|$(localstatedir)|g' \
	-e 's|@pkgdatadir[@]|$(pkgdatadir)|g' \
	-e 's|@pkglibexecdir[@]|$(pkglibexecdir)|g' \
	-e 's|@share[@]|$(pkgdatadir)|g' \
	-e 's|@storage[@]|$(localstatedir)/lib/vitrine|g' \
	-e 's|@socket[@]|/run/vitrine/pool.sock|g' \
	-e 's|@long_socket[@]|/run/vitrine/long.sock|g' \
	-e 's|@config[@]|$(sysconfdir)/vitrine/vitrine.conf|g' \
	-e 's|@fcgi_dir[@]|$(sbindir)|g' \
	-e 's|@fcgi[@]|$(sbindir)/vitrine.fcgi|g'
nginx_edit = $(site_edit) -e 's|@listen[@]|80|' -e 's|@listen6[@]|[::]:80|' \
	-e 's|@log_dir[@]|/var/log/nginx|'
apache_edit = $(site_edit) -e 's|@listen[@]|*:80|' \
	-e 's|@log_dir[@]|/var/log/apache2|'

nginx_files = \
	etc/nginx/http.conf \
	etc/nginx/site.conf \
	etc/nginx/vitrine.conf
apache_files = \
	etc/apache/common.conf \
	etc/apache/fcgid.conf \
	etc/apache/proxy.conf \
	etc/apache/vitrine-fcgid.conf \
	etc/apache/vitrine-proxy.conf
other_files = \
	etc/apache/fcgid-tmpfiles.conf \
	etc/apache/fcgid-worker.conf \
	etc/systemd/vitrine-worker.service \
	etc/systemd/vitrine.service \
	etc/tmpfiles.d/vitrine.conf \
	etc/vitrine.conf
site_files = $(nginx_files) $(apache_files) $(other_files)

EXTRA_DIST += etc/keep-conf $(site_files:=.in)
CLEANFILES += $(site_files)

$(nginx_files): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(nginx_edit) $< >$@

$(apache_files): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(apache_edit) $< >$@

$(other_files): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $< >$@

nginxdir = $(pkgdatadir)/nginx
nodist_nginx_DATA = etc/nginx/http.conf etc/nginx/site.conf
apachedir = $(pkgdatadir)/apache
nodist_apache_DATA = \
	etc/apache/common.conf \
	etc/apache/fcgid-tmpfiles.conf \
	etc/apache/fcgid-worker.conf \
	etc/apache/fcgid.conf \
	etc/apache/proxy.conf
errorsdir = $(pkgdatadir)/errors
dist_errors_DATA = \
	etc/errors/413.html \
	etc/errors/413.json \
	etc/errors/502.html \
	etc/errors/502.json \
	etc/errors/504.html \
	etc/errors/504.json
systemdsystemunitdir = $(prefix)/lib/systemd/system
nodist_systemdsystemunit_DATA = \
	etc/systemd/vitrine-worker.service \
	etc/systemd/vitrine.service
sysusersdir = $(prefix)/lib/sysusers.d
dist_sysusers_DATA = etc/sysusers.d/vitrine.conf
tmpfilesdir = $(prefix)/lib/tmpfiles.d
nodist_tmpfiles_DATA = etc/tmpfiles.d/vitrine.conf
policydir = $(pkgdatadir)/imagemagick
dist_policy_DATA = etc/imagemagick/policy.xml

maildir = $(pkgdatadir)/mail
dist_mail_DATA = \
	etc/mail/links.html \
	etc/mail/links.txt \
	etc/mail/notifications.html \
	etc/mail/notifications.txt \
	etc/mail/reset.html \
	etc/mail/reset.txt

# Files that administrators edit: installed once, then kept if they were changed
# (etc/keep-conf). share/vitrine/conf has the versions that were shipped last,
# to detect changes.
kept_conf = \
	etc/vitrine.conf:vitrine.conf \
	etc/nginx/vitrine.conf:nginx.conf \
	etc/apache/vitrine-proxy.conf:apache.conf \
	etc/apache/vitrine-fcgid.conf:apache-fcgid.conf
kept_dir = $(DESTDIR)$(sysconfdir)/vitrine
shipped_dir = $(DESTDIR)$(pkgdatadir)/conf

# Made by "make all", so that "make install prefix=..." does not leave files
# with its own paths for a later install.
all-local: $(site_files)

install-data-local: $(site_files)
	$(MKDIR_P) "$(kept_dir)" "$(shipped_dir)"
	for file in $(kept_conf); do \
		name="$${file#*:}"; \
		$(SHELL) $(srcdir)/etc/keep-conf "$${file%%:*}" \
			"$(shipped_dir)/$$name" "$(kept_dir)/$$name" || exit; \
	done

# Keeps files that were changed; remove their folder to remove them, too.
uninstall-local:
	for file in $(kept_conf); do \
		name="$${file#*:}"; \
		if cmp -s "$(shipped_dir)/$$name" "$(kept_dir)/$$name"; then \
			rm -f "$(kept_dir)/$$name"; \
		fi; \
		rm -f "$(shipped_dir)/$$name" "$(kept_dir)/$$name.new"; \
	done

uninstall-hook:
	find "$(DESTDIR)$(pkgdatadir)" "$(DESTDIR)$(pkglibexecdir)" \
		-type d -empty -delete || :

EXTRA_DIST += \
	contrib/BENCH \
	contrib/HACKING \
	contrib/bench \
	contrib/check \
	contrib/check-install \
	contrib/check-tour \
	contrib/quickstart \
	contrib/lib/apache.conf.in \
	contrib/lib/common.sh \
	contrib/lib/demo.sh \
	contrib/lib/guest.sh \
	contrib/lib/install_checks.sh \
	contrib/lib/install_parts.sh \
	contrib/lib/nginx.conf.in \
	contrib/lib/node.sh \
	contrib/lib/pictures.sh \
	contrib/lib/read_mail.pl \
	contrib/lib/readme.sh \
	contrib/lib/services.sh \
	contrib/lib/site.sh
