sqldir = $(pkgdatadir)/sql
dist_sql_DATA = sql/0001_baseline.sql \
	sql/0002_create_share_ancestors.sql \
	sql/0003_create_notification_stamps.sql \
	sql/0004_alter_collections_deleted.sql \
	sql/0005_alter_share_recipients_visited.sql \
	sql/0006_drop_share_visits.sql \
	sql/0007_alter_notifications_age.sql \
	sql/0008_create_password_resets.sql \
	sql/0009_alter_outbox_tries.sql \
	sql/0010_alter_users_mail.sql \
	sql/0011_alter_share_activity_uuid.sql \
	sql/0012_create_account_versions.sql \
	sql/0013_alter_shares_code.sql \
	sql/0014_alter_community_media_user.sql \
	sql/0015_create_workers.sql \
	sql/0016_alter_community_media_thumb.sql
