noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	src/core/about.c src/core/about.h \
	src/core/access.c src/core/access.h \
	src/core/access_share.c \
	src/core/account.c src/core/account.h \
	src/core/activity.c src/core/activity.h \
	src/core/asset_share.c src/core/asset_share.h \
	src/core/auth.c src/core/auth.h \
	src/core/category.c src/core/category.h \
	src/core/collection.c src/core/collection.h \
	src/core/community.c src/core/community.h \
	src/core/delivery.c src/core/delivery.h \
	src/core/detector.c src/core/detector.h \
	src/core/digest.c src/core/digest.h \
	src/core/doctor.c src/core/doctor.def src/core/doctor.h \
	src/core/doctor_access.c \
	src/core/doctor_database.c \
	src/core/doctor_disk.c \
	src/core/doctor_folder.c \
	src/core/doctor_look.h \
	src/core/doctor_media.c \
	src/core/doctor_orphans.c \
	src/core/doctor_service.c \
	src/core/doctor_settings.c \
	src/core/doctor_site.c \
	src/core/doctor_storage.c \
	src/core/doctor_vault.c \
	src/core/doctor_web.c \
	src/core/enrich.c src/core/enrich.h \
	src/core/env.c src/core/env.h \
	src/core/issuer.c src/core/issuer.h \
	src/core/job.c src/core/job.h \
	src/core/json_list.c src/core/json_list.h \
	src/core/ledger.c src/core/ledger.h \
	src/core/link.c src/core/link.h \
	src/core/link_memo.c src/core/link_memo.h \
	src/core/mail.c src/core/mail.h \
	src/core/mail_address.c src/core/mail_address.h \
	src/core/mail_conf.c src/core/mail_conf.h \
	src/core/mail_send.c src/core/mail_job.h \
	src/core/mail_template.c src/core/mail_template.h \
	src/core/media_share.c src/core/media_share.h \
	src/core/memo.c src/core/memo.h \
	src/core/moderation.c src/core/moderation.h \
	src/core/notification.c src/core/notification.h \
	src/core/orphan.c src/core/orphan.h \
	src/core/password.c src/core/password.h \
	src/core/proof.c src/core/proof.h \
	src/core/publish.c \
	src/core/reset.c src/core/reset.h \
	src/core/secrets.c src/core/secrets.h \
	src/core/settings.c src/core/settings.h \
	src/core/share.c src/core/share.h \
	src/core/share_code.c src/core/share_code.h \
	src/core/share_create.c \
	src/core/share_mail.c src/core/share_mail.h \
	src/core/share_terms.c src/core/share_terms.h \
	src/core/shareable.c src/core/shareable.h \
	src/core/sync.c src/core/sync.h \
	src/core/throttle.c src/core/throttle.h \
	src/core/thumb.c src/core/thumb.h \
	src/core/token.c src/core/token.h \
	src/core/trash.c src/core/trash.h \
	src/core/upload.c src/core/upload.h \
	src/core/vault.c src/core/vault.h \
	src/core/vault_count.c src/core/vault_count.h \
	src/core/visit.c src/core/visit.h \
	src/core/worker.c src/core/worker.h
