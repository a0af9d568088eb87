noinst_LIBRARIES += libdb.a
libdb_a_SOURCES = \
	src/db/activity_db.c src/db/activity_db.h \
	src/db/auth_db.c src/db/auth_db.h \
	src/db/collection_db.c src/db/collection_db.h \
	src/db/community_db.c src/db/community_db.h \
	src/db/connection.c src/db/connection.h \
	src/db/db.h \
	src/db/doctor.def \
	src/db/doctor_db.c src/db/doctor_db.h \
	src/db/job_db.c src/db/job_db.h \
	src/db/media_db.c src/db/media_db.h \
	src/db/migrate.c src/db/migrate.def src/db/migrate.h \
	src/db/notification_db.c src/db/notification_db.h \
	src/db/param.c \
	src/db/orphan_db.c src/db/orphan_db.h \
	src/db/outbox_db.c src/db/outbox_db.h \
	src/db/rows.h \
	src/db/share.def \
	src/db/share_db.c src/db/share_db.h \
	src/db/statements.def \
	src/db/stmt.c src/db/stmt.h \
	src/db/tls.c src/db/tls.h \
	src/db/transaction.c \
	src/db/user_db.c src/db/user_db.h \
	src/db/version_db.c src/db/version_db.h \
	src/db/worker_db.c src/db/worker_db.h
