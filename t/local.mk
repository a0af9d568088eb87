# Tests: units linked to Check, and scripts; both speak TAP, and t/run runs
# them. One test: make check TESTS=t/20-vault.t
TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
T_LOG_DRIVER = $(LOG_DRIVER)
LOG_COMPILER = $(PERL) $(top_srcdir)/t/run
T_LOG_COMPILER = $(LOG_COMPILER)
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir;

# Every test runs once in contrib/check, each in the build where it finds most.
# Only read the source:
tree_tests = \
	t/00-layers.t \
	t/01-banned.t \
	t/02-root.t \
	t/05-settings.t \
	t/07-sites.t
# Measure time or memory, need a limit that AddressSanitizer does not work
# under, or race, which finds more the faster it goes: the plain build.
plain_tests = $(tree_tests) \
	t/unit/db_query \
	t/unit/image_hostile \
	t/unit/prog_supervise \
	t/14-throttle.t \
	t/15-outage.t \
	t/36-notifications.t \
	t/37-share-races.t \
	t/41-memo.t \
	t/70-mail.t
# Take longest: begun first, so that no core is left idle at the end.
slow_tests = \
	t/12-who.t \
	t/12-who-shares.t \
	t/34-links.t \
	t/21-enrichment.t \
	t/33-shares.t \
	t/60-input.t \
	t/82-faults.t \
	t/71-mail-moods.t \
	t/unit/db_fault
# All units and the rest of the scripts run in the build with sanitizers;
# make distcheck shows whether the tarball is whole.
sanitized_tests = $(slow_tests) $(filter-out $(slow_tests), $(check_PROGRAMS) \
	$(filter-out $(plain_tests), $(test_scripts)))
distcheck_tests = $(tree_tests) $(filter-out $(plain_tests), $(check_PROGRAMS))

.PHONY: list-tests
list-tests:
	@echo $($(LIST))

test_scripts = \
	t/00-layers.t \
	t/01-banned.t \
	t/02-root.t \
	t/03-openapi.t \
	t/05-settings.t \
	t/06-migrations.t \
	t/07-sites.t \
	t/10-auth.t \
	t/11-pool.t \
	t/12-admin.t \
	t/12-who.t \
	t/12-who-shares.t \
	t/13-issuer.t \
	t/14-throttle.t \
	t/15-outage.t \
	t/16-database-tls.t \
	t/20-vault.t \
	t/21-enrichment.t \
	t/22-trash.t \
	t/23-doctor.t \
	t/30-share.t \
	t/32-moderation.t \
	t/33-shares.t \
	t/34-links.t \
	t/35-collections.t \
	t/36-notifications.t \
	t/37-share-races.t \
	t/38-shareable.t \
	t/39-asset-share.t \
	t/40-delivery.t t/41-memo.t \
	t/42-sockets.t \
	t/50-pages.t \
	t/51-share-pages.t \
	t/60-input.t \
	t/70-mail.t \
	t/71-mail-moods.t \
	t/81-orphans.t \
	t/82-faults.t

test_modules = \
	t/lib/T/Apache.pm \
	t/lib/T/App.pm \
	t/lib/T/Client.pm \
	t/lib/T/Db.pm \
	t/lib/T/Fcgi.pm \
	t/lib/T/Http.pm \
	t/lib/T/Nginx.pm \
	t/lib/T/OpenApi.pm \
	t/lib/T/Pictures.pm \
	t/lib/T/Proc.pm \
	t/lib/T/Response.pm \
	t/lib/T/Routes.pm \
	t/lib/T/Site.pm \
	t/lib/T/Smtp.pm \
	t/lib/T/Who.pm

EXTRA_DIST += t/run t/install/main-job t/who.txt t/mail/read.py t/openapi/answers.cjs t/openapi/ruleset.json \
	$(test_scripts) $(test_modules)

# What contrib/bench runs and compiles by itself; no part of the tests.
EXTRA_DIST += \
	t/bench/app.cjs \
	t/bench/app.php \
	t/bench/data.sh \
	t/bench/figures.txt \
	t/bench/figures_links.sh \
	t/bench/figures_others.sh \
	t/bench/figures_vault.sh \
	t/bench/first_answer.pl \
	t/bench/measure.sh \
	t/bench/responder.c \
	t/bench/sql_floor.c \
	t/bench/stack.sh \
	t/bench/stats.pl \
	t/bench/wrk.lua

# What the tests of mail queue theirs by.
noinst_PROGRAMS += t/mail/queue_mail
t_mail_queue_mail_SOURCES = t/mail/queue_mail.c
t_mail_queue_mail_LDADD = $(CORE_LIBS)

if HAVE_CHECK
unit_http = t/unit/http_fake.c t/unit/http_fake.h
unit_http_libs = libhttp.a libbase.a $(CHECK_LIBS) $(FCGI_LIBS) $(BASE_LIBS)
unit_cppflags = -I$(top_srcdir)/t/unit $(AM_CPPFLAGS) $(CHECK_CFLAGS)

# The lower layers, each by itself.
check_PROGRAMS += \
	t/unit/base_arena \
	t/unit/base_buf \
	t/unit/base_cache \
	t/unit/base_clock \
	t/unit/base_conf \
	t/unit/base_id \
	t/unit/base_json_in \
	t/unit/base_json_out \
	t/unit/base_sec \
	t/unit/base_slots \
	t/unit/base_text \
	t/unit/model_media \
	t/unit/model_share \
	t/unit/model_user \
	t/unit/store_fs \
	t/unit/store_ops
t_unit_base_arena_SOURCES = t/unit/base_arena.c
t_unit_base_arena_CPPFLAGS = $(unit_cppflags)
t_unit_base_arena_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_buf_SOURCES = t/unit/base_buf.c
t_unit_base_buf_CPPFLAGS = $(unit_cppflags)
t_unit_base_buf_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_cache_SOURCES = t/unit/base_cache.c
t_unit_base_cache_CPPFLAGS = $(unit_cppflags)
t_unit_base_cache_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_clock_SOURCES = t/unit/base_clock.c
t_unit_base_clock_CPPFLAGS = $(unit_cppflags)
t_unit_base_clock_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_conf_SOURCES = t/unit/base_conf.c
t_unit_base_conf_CPPFLAGS = $(unit_cppflags)
t_unit_base_conf_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_id_SOURCES = t/unit/base_id.c
t_unit_base_id_CPPFLAGS = $(unit_cppflags)
t_unit_base_id_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_json_in_SOURCES = t/unit/base_json_in.c
t_unit_base_json_in_CPPFLAGS = $(unit_cppflags)
t_unit_base_json_in_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_json_out_SOURCES = t/unit/base_json_out.c
t_unit_base_json_out_CPPFLAGS = $(unit_cppflags)
t_unit_base_json_out_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_sec_SOURCES = t/unit/base_sec.c
t_unit_base_sec_CPPFLAGS = $(unit_cppflags)
t_unit_base_sec_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_slots_SOURCES = t/unit/base_slots.c
t_unit_base_slots_CPPFLAGS = $(unit_cppflags)
t_unit_base_slots_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_base_text_SOURCES = t/unit/base_text.c
t_unit_base_text_CPPFLAGS = $(unit_cppflags)
t_unit_base_text_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_model_media_SOURCES = t/unit/model_media.c
t_unit_model_media_CPPFLAGS = $(unit_cppflags)
t_unit_model_media_LDADD = libmodel.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_model_share_SOURCES = t/unit/model_share.c
t_unit_model_share_CPPFLAGS = $(unit_cppflags)
t_unit_model_share_LDADD = libmodel.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_model_user_SOURCES = t/unit/model_user.c
t_unit_model_user_CPPFLAGS = $(unit_cppflags)
t_unit_model_user_LDADD = libmodel.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_store_fs_SOURCES = t/unit/store_fs.c
t_unit_store_fs_CPPFLAGS = $(unit_cppflags)
t_unit_store_fs_LDADD = libstore.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_store_ops_SOURCES = t/unit/store_ops.c t/unit/store_memory.c \
	t/unit/store_memory.h
t_unit_store_ops_CPPFLAGS = $(unit_cppflags)
t_unit_store_ops_LDADD = libstore.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)

# The domain, as far as it goes without a server.
unit_core_libs = libcore.a libdb.a libstore.a libnet.a libimage.a libmodel.a libbase.a \
	$(CHECK_LIBS) $(MYSQL_LIBS) $(JWT_LIBS) $(IDN2_LIBS) $(BASE_LIBS)

check_PROGRAMS += \
	t/unit/api_dialect \
	t/unit/core_activity \
	t/unit/core_category \
	t/unit/core_delivery \
	t/unit/core_mail_address \
	t/unit/core_mail_conf \
	t/unit/core_mail_template \
	t/unit/core_mark \
	t/unit/core_memo \
	t/unit/core_rules \
	t/unit/core_secrets \
	t/unit/core_token
t_unit_api_dialect_SOURCES = t/unit/api_dialect.c
t_unit_api_dialect_CPPFLAGS = $(unit_cppflags)
t_unit_api_dialect_LDADD = libapi.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_core_activity_SOURCES = t/unit/core_activity.c
t_unit_core_activity_CPPFLAGS = $(unit_cppflags)
t_unit_core_activity_LDADD = $(unit_core_libs)
t_unit_core_category_SOURCES = t/unit/core_category.c
t_unit_core_category_CPPFLAGS = $(unit_cppflags)
t_unit_core_category_LDADD = $(unit_core_libs)
t_unit_core_delivery_SOURCES = t/unit/core_delivery.c
t_unit_core_delivery_CPPFLAGS = $(unit_cppflags)
t_unit_core_delivery_LDADD = $(unit_core_libs)
t_unit_core_mail_address_SOURCES = t/unit/core_mail_address.c
t_unit_core_mail_address_CPPFLAGS = $(unit_cppflags)
t_unit_core_mail_address_LDADD = $(unit_core_libs)
t_unit_core_mail_conf_SOURCES = t/unit/core_mail_conf.c
t_unit_core_mail_conf_CPPFLAGS = $(unit_cppflags)
t_unit_core_mail_conf_LDADD = $(unit_core_libs)
t_unit_core_mail_template_SOURCES = t/unit/core_mail_template.c
t_unit_core_mail_template_CPPFLAGS = $(unit_cppflags)
t_unit_core_mail_template_LDADD = $(unit_core_libs)
t_unit_core_mark_SOURCES = t/unit/core_mark.c
t_unit_core_mark_CPPFLAGS = $(unit_cppflags)
t_unit_core_mark_LDADD = $(unit_core_libs)
t_unit_core_memo_SOURCES = t/unit/core_memo.c
t_unit_core_memo_CPPFLAGS = $(unit_cppflags)
t_unit_core_memo_LDADD = $(unit_core_libs)
t_unit_core_rules_SOURCES = t/unit/core_rules.c
t_unit_core_rules_CPPFLAGS = $(unit_cppflags)
t_unit_core_rules_LDADD = $(unit_core_libs)
t_unit_core_secrets_SOURCES = t/unit/core_secrets.c
t_unit_core_secrets_CPPFLAGS = $(unit_cppflags)
t_unit_core_secrets_LDADD = $(unit_core_libs)
t_unit_core_token_SOURCES = t/unit/core_token.c
t_unit_core_token_CPPFLAGS = $(unit_cppflags)
t_unit_core_token_LDADD = $(unit_core_libs)

check_PROGRAMS += \
	t/unit/http_fcgi \
	t/unit/http_file \
	t/unit/http_multipart \
	t/unit/http_request \
	t/unit/http_response
t_unit_http_fcgi_SOURCES = t/unit/http_fcgi.c
t_unit_http_fcgi_CPPFLAGS = $(unit_cppflags)
t_unit_http_fcgi_LDADD = $(unit_http_libs)
t_unit_http_file_SOURCES = t/unit/http_file.c $(unit_http)
t_unit_http_file_CPPFLAGS = $(unit_cppflags)
t_unit_http_file_LDADD = $(unit_http_libs)
t_unit_http_multipart_SOURCES = t/unit/http_multipart.c $(unit_http)
t_unit_http_multipart_CPPFLAGS = $(unit_cppflags)
t_unit_http_multipart_LDADD = $(unit_http_libs)
t_unit_http_request_SOURCES = t/unit/http_request.c $(unit_http)
t_unit_http_request_CPPFLAGS = $(unit_cppflags)
t_unit_http_request_LDADD = $(unit_http_libs)
t_unit_http_response_SOURCES = t/unit/http_response.c $(unit_http)
t_unit_http_response_CPPFLAGS = $(unit_cppflags)
t_unit_http_response_LDADD = $(unit_http_libs)

# These bring statements of their own (t/unit/db/statements.def, found before
# src/db's), so they compile the connection with them.
unit_db = t/unit/mariadb.c t/unit/mariadb.h t/unit/db/rows.c t/unit/db/rows.h \
	t/unit/db/statements.def src/db/connection.c src/db/connection.h \
	src/db/db.h src/db/migrate.c src/db/migrate.def src/db/migrate.h \
	src/db/param.c src/db/stmt.c src/db/stmt.h src/db/tls.c src/db/tls.h \
	src/db/transaction.c
unit_db_libs = libmodel.a libbase.a $(CHECK_LIBS) $(MYSQL_LIBS) $(BASE_LIBS)

check_PROGRAMS += \
	t/unit/db_fault \
	t/unit/db_migrate \
	t/unit/db_query
t_unit_db_fault_SOURCES = t/unit/db_fault.c $(unit_db)
t_unit_db_fault_CPPFLAGS = $(unit_cppflags)
t_unit_db_fault_LDADD = $(unit_db_libs)
t_unit_db_migrate_SOURCES = t/unit/db_migrate.c $(unit_db)
t_unit_db_migrate_CPPFLAGS = $(unit_cppflags)
t_unit_db_migrate_LDADD = $(unit_db_libs)
t_unit_db_query_SOURCES = t/unit/db_query.c $(unit_db)
t_unit_db_query_CPPFLAGS = $(unit_cppflags)
t_unit_db_query_LDADD = $(unit_db_libs)

# This one is about the real statements.
check_PROGRAMS += t/unit/db_statements
t_unit_db_statements_SOURCES = t/unit/db_statements.c t/unit/mariadb.c \
	t/unit/mariadb.h
t_unit_db_statements_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
t_unit_db_statements_LDADD = libdb.a $(unit_db_libs)

# These run the real helper, and make pictures with its libraries.
unit_image = t/unit/image_kit.c t/unit/image_kit.h
unit_image_cppflags = $(unit_cppflags) $(MAGICK_CFLAGS) $(JPEG_CFLAGS)
unit_image_libs = libimage.a libimageop.a libmodel.a libbase.a \
	$(CHECK_LIBS) $(MAGICK_LIBS) $(JPEG_LIBS) $(AVFORMAT_LIBS) \
	$(SECCOMP_LIBS) $(BASE_LIBS)

check_PROGRAMS += \
	t/unit/image_hostile \
	t/unit/image_mark \
	t/unit/image_perceptual \
	t/unit/image_publish \
	t/unit/image_sniff
t_unit_image_hostile_SOURCES = t/unit/image_hostile.c $(unit_image)
t_unit_image_hostile_CPPFLAGS = $(unit_image_cppflags)
t_unit_image_hostile_LDADD = $(unit_image_libs)
t_unit_image_mark_SOURCES = t/unit/image_mark.c $(unit_image)
t_unit_image_mark_CPPFLAGS = $(unit_image_cppflags)
t_unit_image_mark_LDADD = $(unit_image_libs)
t_unit_image_perceptual_SOURCES = t/unit/image_perceptual.c $(unit_image)
t_unit_image_perceptual_CPPFLAGS = $(unit_image_cppflags)
t_unit_image_perceptual_LDADD = $(unit_image_libs)
t_unit_image_publish_SOURCES = t/unit/image_publish.c $(unit_image)
t_unit_image_publish_CPPFLAGS = $(unit_image_cppflags)
t_unit_image_publish_LDADD = $(unit_image_libs)
t_unit_image_sniff_SOURCES = t/unit/image_sniff.c
t_unit_image_sniff_CPPFLAGS = $(unit_image_cppflags)
t_unit_image_sniff_LDADD = $(unit_image_libs)

check_PROGRAMS += t/unit/net_fetch t/unit/net_maildir t/unit/net_message
t_unit_net_fetch_SOURCES = t/unit/net_fetch.c
t_unit_net_fetch_CPPFLAGS = $(unit_cppflags)
t_unit_net_fetch_LDADD = libnet.a libbase.a $(CHECK_LIBS) $(CURL_LIBS) \
	$(BASE_LIBS)

t_unit_net_maildir_SOURCES = t/unit/net_maildir.c
t_unit_net_maildir_CPPFLAGS = $(unit_cppflags)
t_unit_net_maildir_LDADD = libnet.a libbase.a $(CHECK_LIBS) $(BASE_LIBS)
t_unit_net_message_SOURCES = t/unit/net_message.c
t_unit_net_message_CPPFLAGS = $(unit_cppflags)
t_unit_net_message_LDADD = libnet.a libbase.a $(CHECK_LIBS) $(CURL_LIBS) \
	$(BASE_LIBS)

check_PROGRAMS += t/unit/prog_supervise
t_unit_prog_supervise_SOURCES = t/unit/prog_supervise.c \
	src/prog/listen.c src/prog/listen.h \
	src/prog/notify.c src/prog/notify.h \
	src/prog/supervise.c src/prog/supervise.h
t_unit_prog_supervise_CPPFLAGS = $(unit_cppflags)
t_unit_prog_supervise_LDADD = libbase.a $(CHECK_LIBS) $(BASE_LIBS)
endif

TESTS += $(check_PROGRAMS) $(test_scripts)
