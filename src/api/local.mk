noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/asset_lookup.c src/api/asset_lookup.h \
	src/api/call.c src/api/call.h \
	src/api/codec_asset.c src/api/codec_asset.h \
	src/api/codec_media.c src/api/codec_media.h \
	src/api/codec_share.c src/api/codec_share.h \
	src/api/dialect.c src/api/dialect.h \
	src/api/dispatch.c src/api/dispatch.h \
	src/api/file_answer.c src/api/file_answer.h \
	src/api/handle_asset.c \
	src/api/handle_auth.c \
	src/api/handle_bulk.c \
	src/api/handle_collection.c \
	src/api/handle_community.c \
	src/api/handle_delivery.c \
	src/api/handle_link.c \
	src/api/handle_mail.c \
	src/api/handle_media_share.c \
	src/api/handle_moderation.c \
	src/api/handle_notification.c \
	src/api/handle_reset.c \
	src/api/handle_share.c \
	src/api/handle_shared.c \
	src/api/handle_site.c \
	src/api/handle_upload.c \
	src/api/handle_vault.c \
	src/api/handlers.h \
	src/api/html.c src/api/html.h \
	src/api/identify.c src/api/identify.h \
	src/api/offer.c src/api/offer.h \
	src/api/page_collection.c \
	src/api/page_community.c \
	src/api/page_link.c \
	src/api/page_login.c \
	src/api/page_notification.c \
	src/api/page_reset.c \
	src/api/page_share_new.c \
	src/api/page_shares.c \
	src/api/page_unsubscribe.c \
	src/api/page_vault.c \
	src/api/page_vault_form.c \
	src/api/paging.c src/api/paging.h \
	src/api/route.c src/api/route.h \
	src/api/routes.def \
	src/api/upload_form.c src/api/upload_form.h \
	src/api/visitor.c src/api/visitor.h
nodist_libapi_a_SOURCES = src/api/openapi.h src/api/style.h

# What is sent as it is, byte by byte: a literal may be too long for ISO C.
BUILT_SOURCES += $(nodist_libapi_a_SOURCES)
CLEANFILES += $(nodist_libapi_a_SOURCES)
EXTRA_DIST += src/api/openapi.json src/api/style.css
SUFFIXES = .css .h .json
.css.h .json.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	{ echo "static const char $$(basename $< | tr . _)[] = {"; \
	od -An -v -tx1 $< | \
	$(SED) -e 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'; \
	echo '0 };'; } > $@.tmp && mv $@.tmp $@
