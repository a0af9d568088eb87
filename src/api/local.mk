noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/call.c src/api/call.h \
	src/api/codec_media.c src/api/codec_media.h \
	src/api/dialect.c src/api/dialect.h \
	src/api/dispatch.c src/api/dispatch.h \
	src/api/file_answer.c src/api/file_answer.h \
	src/api/handle_auth.c \
	src/api/handle_bulk.c \
	src/api/handle_community.c \
	src/api/handle_delivery.c \
	src/api/handle_moderation.c \
	src/api/handle_share.c \
	src/api/handle_site.c \
	src/api/handle_upload.c \
	src/api/handle_vault.c \
	src/api/handlers.h \
	src/api/html.c src/api/html.h \
	src/api/identify.c src/api/identify.h \
	src/api/page_community.c \
	src/api/page_login.c \
	src/api/page_shared.c \
	src/api/page_vault.c \
	src/api/page_vault_form.c \
	src/api/route.c src/api/route.h \
	src/api/routes.def \
	src/api/upload_form.c src/api/upload_form.h
nodist_libapi_a_SOURCES = src/api/style.h

# The pages' style sheet, byte by byte: a literal may be too long for ISO C.
BUILT_SOURCES += src/api/style.h
CLEANFILES += src/api/style.h
EXTRA_DIST += src/api/style.css
src/api/style.h: src/api/style.css
	$(AM_V_GEN)$(MKDIR_P) src/api && \
	{ echo 'static const char style_css[] = {'; \
	od -An -v -tx1 $(srcdir)/src/api/style.css | \
	$(SED) -e 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'; \
	echo '0 };'; } > $@.tmp && mv $@.tmp $@
