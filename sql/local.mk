sqldir = $(pkgdatadir)/sql
dist_sql_DATA = sql/0001_baseline.sql
