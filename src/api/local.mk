noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/call.c src/api/call.h \
	src/api/dialect.c src/api/dialect.h \
	src/api/dialect_words.c src/api/dialect_words.h \
	src/api/dispatch.c src/api/dispatch.h \
	src/api/error.c src/api/error.h \
	src/api/file_answer.c src/api/file_answer.h \
	src/api/handlers.h \
	src/api/identify.c src/api/identify.h \
	src/api/json/asset.c \
	src/api/json/asset_lookup.c src/api/json/asset_lookup.h \
	src/api/json/auth.c \
	src/api/json/bulk.c \
	src/api/json/codec_asset.c src/api/json/codec_asset.h \
	src/api/json/codec_media.c src/api/json/codec_media.h \
	src/api/json/codec_share.c src/api/json/codec_share.h \
	src/api/json/collection.c \
	src/api/json/community.c \
	src/api/json/delivery.c \
	src/api/json/link.c \
	src/api/json/mail.c \
	src/api/json/media_share.c \
	src/api/json/moderation.c \
	src/api/json/notification.c \
	src/api/json/reset.c \
	src/api/json/share.c \
	src/api/json/shared.c \
	src/api/json/site.c \
	src/api/json/upload.c \
	src/api/json/vault.c \
	src/api/pages/collection.c \
	src/api/pages/community.c \
	src/api/pages/html.c src/api/pages/html.h \
	src/api/pages/link.c \
	src/api/pages/login.c \
	src/api/pages/notification.c \
	src/api/pages/offer.c src/api/pages/offer.h \
	src/api/pages/reset.c \
	src/api/pages/share_new.c \
	src/api/pages/shares.c \
	src/api/pages/unsubscribe.c \
	src/api/pages/vault.c \
	src/api/pages/vault_form.c \
	src/api/paging.c src/api/paging.h \
	src/api/route.c src/api/route.h \
	src/api/routes.def \
	src/api/upload_form.c src/api/upload_form.h \
	src/api/visitor.c src/api/visitor.h
nodist_libapi_a_SOURCES = src/api/openapi.h src/api/pages/style.h

# What is sent as it is, byte by byte: a literal may be too long for ISO C.
BUILT_SOURCES += $(nodist_libapi_a_SOURCES)
CLEANFILES += $(nodist_libapi_a_SOURCES)
EXTRA_DIST += src/api/openapi.json src/api/pages/style.css
SUFFIXES = .css .h .json
.css.h .json.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	{ echo "static const char $$(basename $< | tr . _)[] = {"; \
	od -An -v -tx1 $< | \
	$(SED) -e 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'; \
	echo '0 };'; } > $@.tmp && mv $@.tmp $@
