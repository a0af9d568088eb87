sqldir = $(pkgdatadir)/sql
dist_sql_DATA = sql/0001_baseline.sql \
	sql/0002_create_password_resets.sql \
	sql/0003_alter_outbox_tries.sql
