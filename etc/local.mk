# The sites, units and the configuration are written with the places of this
# installation in them; contrib/quickstart and the tests fill in others.
site_edit = $(SED) \
	-e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	-e 's|@localstatedir[@]|$(localstatedir)|g' \
	-e 's|@pkgdatadir[@]|$(pkgdatadir)|g' \
	-e 's|@pkglibexecdir[@]|$(pkglibexecdir)|g' \
	-e 's|@storage[@]|$(localstatedir)/lib/vitrine|g' \
	-e 's|@socket[@]|/run/vitrine/pool.sock|g' \
	-e 's|@long_socket[@]|/run/vitrine/long.sock|g' \
	-e 's|@config[@]|$(sysconfdir)/vitrine/vitrine.conf|g' \
	-e 's|@fcgi_dir[@]|$(sbindir)|g' \
	-e 's|@fcgi[@]|$(sbindir)/vitrine.fcgi|g'

site_templates = \
	etc/apache/vitrine-fcgid.conf.in \
	etc/apache/vitrine-proxy.conf.in \
	etc/nginx/vitrine.conf.in \
	etc/systemd/vitrine-worker.service.in \
	etc/systemd/vitrine.service.in \
	etc/systemd/vitrine.socket.in \
	etc/tmpfiles.d/vitrine.conf.in \
	etc/vitrine.conf.in
site_files = $(site_templates:.in=)

EXTRA_DIST += $(site_templates)
CLEANFILES += $(site_files)

$(site_files): Makefile

etc/nginx/vitrine.conf: etc/nginx/vitrine.conf.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(site_edit) -e 's|@listen[@]|80|' \
		-e 's|@log_dir[@]|/var/log/nginx|' $(srcdir)/$@.in >$@

etc/apache/vitrine-fcgid.conf: etc/apache/vitrine-fcgid.conf.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(site_edit) -e 's|@listen[@]|*:80|' \
		-e 's|@log_dir[@]|/var/log/apache2|' $(srcdir)/$@.in >$@

etc/apache/vitrine-proxy.conf: etc/apache/vitrine-proxy.conf.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(site_edit) -e 's|@listen[@]|*:80|' \
		-e 's|@log_dir[@]|/var/log/apache2|' $(srcdir)/$@.in >$@

etc/vitrine.conf: etc/vitrine.conf.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $(srcdir)/$@.in >$@

etc/systemd/vitrine.service: etc/systemd/vitrine.service.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $(srcdir)/$@.in >$@

etc/systemd/vitrine.socket: etc/systemd/vitrine.socket.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $(srcdir)/$@.in >$@

etc/systemd/vitrine-worker.service: etc/systemd/vitrine-worker.service.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $(srcdir)/$@.in >$@

etc/tmpfiles.d/vitrine.conf: etc/tmpfiles.d/vitrine.conf.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(site_edit) $(srcdir)/$@.in >$@

nginxdir = $(pkgdatadir)/nginx
nodist_nginx_DATA = etc/nginx/vitrine.conf
apachedir = $(pkgdatadir)/apache
nodist_apache_DATA = etc/apache/vitrine-fcgid.conf etc/apache/vitrine-proxy.conf
systemdsystemunitdir = $(prefix)/lib/systemd/system
nodist_systemdsystemunit_DATA = \
	etc/systemd/vitrine-worker.service \
	etc/systemd/vitrine.service \
	etc/systemd/vitrine.socket
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

# The configuration is the administrator's once it is there. A copy of what
# was installed lies with the data, to be compared after an update.
siteconfdir = $(pkgdatadir)
nodist_siteconf_DATA = etc/vitrine.conf

install-data-local: etc/vitrine.conf
	$(MKDIR_P) "$(DESTDIR)$(sysconfdir)/vitrine"
	test -e "$(DESTDIR)$(sysconfdir)/vitrine/vitrine.conf" || \
		$(INSTALL_DATA) etc/vitrine.conf \
			"$(DESTDIR)$(sysconfdir)/vitrine/vitrine.conf"

uninstall-local:
	if cmp -s "$(DESTDIR)$(pkgdatadir)/vitrine.conf" \
	    "$(DESTDIR)$(sysconfdir)/vitrine/vitrine.conf" || \
	    cmp -s etc/vitrine.conf \
	    "$(DESTDIR)$(sysconfdir)/vitrine/vitrine.conf"; then \
		rm -f "$(DESTDIR)$(sysconfdir)/vitrine/vitrine.conf"; \
	fi

EXTRA_DIST += \
	contrib/BENCH \
	contrib/HACKING \
	contrib/bench \
	contrib/check \
	contrib/quickstart \
	contrib/lib/apache.conf.in \
	contrib/lib/common.sh \
	contrib/lib/nginx.conf.in \
	contrib/lib/node.sh \
	contrib/lib/pictures.sh \
	contrib/lib/services.sh
