# Each program links the layers it uses, from the top down.
CORE_LIBS = libcore.a libdb.a libstore.a libnet.a libimage.a libmodel.a \
	libbase.a $(MYSQL_LIBS) $(CURL_LIBS) $(IDN2_LIBS) \
	$(JWT_LIBS) $(BASE_LIBS)

sbin_PROGRAMS += vitrine.fcgi vitrine-worker
bin_PROGRAMS += vitrine
pkglibexec_PROGRAMS += vitrine-image

vitrine_fcgi_SOURCES = src/prog/fcgi_main.c \
	src/prog/listen.c src/prog/listen.h \
	src/prog/notify.c src/prog/notify.h \
	src/prog/owner.c src/prog/owner.h \
	src/prog/scribe.c src/prog/scribe.h \
	src/prog/start.c src/prog/start.h \
	src/prog/supervise.c src/prog/supervise.h
vitrine_fcgi_LDADD = libapi.a libhttp.a $(CORE_LIBS) $(FCGI_LIBS)

vitrine_worker_SOURCES = src/prog/worker_main.c \
	src/prog/notify.c src/prog/notify.h \
	src/prog/owner.c src/prog/owner.h \
	src/prog/start.c src/prog/start.h
vitrine_worker_LDADD = $(CORE_LIBS)

vitrine_SOURCES = src/prog/admin_main.c \
	src/prog/admin.h \
	src/prog/admin_key.c \
	src/prog/admin_mail.c \
	src/prog/admin_doctor.c \
	src/prog/admin_share.c \
	src/prog/admin_site.c \
	src/prog/admin_subject.c \
	src/prog/admin_sync.c \
	src/prog/admin_tag.c \
	src/prog/admin_user.c \
	src/prog/owner.c src/prog/owner.h \
	src/prog/start.c src/prog/start.h
vitrine_LDADD = $(CORE_LIBS)

vitrine_image_SOURCES = src/prog/image_main.c
vitrine_image_CFLAGS = $(AM_CFLAGS) $(MAGICK_CFLAGS)
vitrine_image_LDADD = libimageop.a libimage.a libmodel.a libbase.a \
	$(MAGICK_LIBS) $(JPEG_LIBS) $(AVFORMAT_LIBS) $(SECCOMP_LIBS) \
	$(BASE_LIBS)
