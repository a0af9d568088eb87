noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	src/core/auth/account.c src/core/auth/account.h \
	src/core/auth/auth.c src/core/auth/auth.h \
	src/core/auth/issuer.c src/core/auth/issuer.h \
	src/core/auth/password.c src/core/auth/password.h \
	src/core/auth/reset.c src/core/auth/reset.h \
	src/core/auth/secrets.c src/core/auth/secrets.h \
	src/core/auth/throttle.c src/core/auth/throttle.h \
	src/core/auth/token.c src/core/auth/token.h \
	src/core/base.c src/core/base.h \
	src/core/community/check.c src/core/community/check.h \
	src/core/community/feed.c src/core/community/feed.h \
	src/core/community/mark.c src/core/community/mark.h \
	src/core/community/media_share.c src/core/community/media_share.h \
	src/core/community/moderation.c src/core/community/moderation.h \
	src/core/community/publish.c src/core/community/publish.h \
	src/core/community/request.h \
	src/core/community/source.c src/core/community/source.h \
	src/core/community/tag.c src/core/community/tag.h \
	src/core/community/withdraw.c src/core/community/withdraw.h \
	src/core/delivery/delivery.c src/core/delivery/delivery.h \
	src/core/delivery/thumb.c src/core/delivery/thumb.h \
	src/core/env.c src/core/env.h \
	src/core/json_list.c src/core/json_list.h \
	src/core/mail/address.c src/core/mail/address.h \
	src/core/mail/conf.c src/core/mail/conf.h \
	src/core/mail/digest.c src/core/mail/digest.h \
	src/core/mail/mail.c src/core/mail/mail.h \
	src/core/mail/send.c src/core/mail/send.h \
	src/core/mail/template.c src/core/mail/template.h \
	src/core/ops/doctor.c src/core/ops/doctor.def src/core/ops/doctor.h \
	src/core/ops/doctor_access.c \
	src/core/ops/doctor_database.c \
	src/core/ops/doctor_disk.c \
	src/core/ops/doctor_folder.c \
	src/core/ops/doctor_look.c src/core/ops/doctor_look.h \
	src/core/ops/doctor_media.c \
	src/core/ops/doctor_orphans.c \
	src/core/ops/doctor_service.c \
	src/core/ops/doctor_settings.c \
	src/core/ops/doctor_site.c \
	src/core/ops/doctor_storage.c \
	src/core/ops/doctor_vault.c \
	src/core/ops/doctor_web.c \
	src/core/ops/finding.c src/core/ops/finding.h \
	src/core/ops/job.c src/core/ops/job.h \
	src/core/ops/lease.c src/core/ops/lease.h \
	src/core/ops/orphan.c src/core/ops/orphan.h \
	src/core/ops/proof.c src/core/ops/proof.h \
	src/core/ops/settings.c src/core/ops/settings.h \
	src/core/ops/worker.c src/core/ops/worker.h \
	src/core/pool/memo.c src/core/pool/memo.h \
	src/core/pool/pack.c src/core/pool/pack.h \
	src/core/pool/pipe.c src/core/pool/pipe.h \
	src/core/share/access.c src/core/share/access.h \
	src/core/share/activity.c src/core/share/activity.h \
	src/core/share/asset_share.c src/core/share/asset_share.h \
	src/core/share/code.c src/core/share/code.h \
	src/core/share/create.c src/core/share/create.h \
	src/core/share/download_link.c src/core/share/download_link.h \
	src/core/share/gate.c src/core/share/gate.h \
	src/core/share/gate_memo.c src/core/share/gate_memo.h \
	src/core/share/ledger.c src/core/share/ledger.h \
	src/core/share/mail.c src/core/share/mail.h \
	src/core/share/notification.c src/core/share/notification.h \
	src/core/share/change.c src/core/share/change.h \
	src/core/share/end.c src/core/share/end.h \
	src/core/share/items.c src/core/share/items.h \
	src/core/share/list.c src/core/share/list.h \
	src/core/share/opening.h \
	src/core/share/recipients.c src/core/share/recipients.h \
	src/core/share/url.c src/core/share/url.h \
	src/core/share/terms.c src/core/share/terms.h \
	src/core/share/visit.c src/core/share/visit.h \
	src/core/vault/access.c src/core/vault/access.h \
	src/core/vault/category.c src/core/vault/category.h \
	src/core/vault/collection.c src/core/vault/collection.h \
	src/core/vault/count.c src/core/vault/count.h \
	src/core/vault/detector.c src/core/vault/detector.h \
	src/core/vault/enrich.c src/core/vault/enrich.h \
	src/core/vault/metadata.c src/core/vault/metadata.h \
	src/core/vault/sync.c src/core/vault/sync.h \
	src/core/vault/trash.c src/core/vault/trash.h \
	src/core/vault/upload.c src/core/vault/upload.h \
	src/core/vault/vault.c src/core/vault/vault.h
