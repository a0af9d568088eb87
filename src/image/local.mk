# libimage.a is the client, for all programs; libimageop.a is the helper's code,
# for vitrine-image only.
noinst_LIBRARIES += libimage.a libimageop.a

libimage_a_SOURCES = \
	src/image/image.c src/image/image.h \
	src/image/marks.c src/image/marks.h \
	src/image/protocol.h \
	src/image/run.c src/image/run.h \
	src/image/sniff.c src/image/sniff.h

libimageop_a_SOURCES = \
	src/image/av.c src/image/av.h \
	src/image/caption.c \
	src/image/container.h \
	src/image/gif.c \
	src/image/jpeg.c src/image/jpeg.h \
	src/image/jpeg_region.c \
	src/image/jpeg_scan.c \
	src/image/lockdown.c src/image/lockdown.h \
	src/image/magick.c src/image/magick.h \
	src/image/mark.c src/image/mark.h \
	src/image/meta.c src/image/meta.h \
	src/image/op.c src/image/op.h \
	src/image/op_mark.c src/image/op_mark.h \
	src/image/op_picture.c src/image/op_picture.h \
	src/image/op_publish.c src/image/op_publish.h \
	src/image/op_run.c src/image/op_run.h \
	src/image/op_thumbnail.c src/image/op_thumbnail.h \
	src/image/op_video.c src/image/op_video.h \
	src/image/out.c src/image/out.h \
	src/image/perceptual.c src/image/perceptual.h \
	src/image/png.c \
	src/image/srgb.c src/image/srgb.h \
	src/image/vp8.c src/image/vp8.h \
	src/image/wand.h \
	src/image/webp.c
libimageop_a_CFLAGS = $(AM_CFLAGS) $(MAGICK_CFLAGS) $(JPEG_CFLAGS) \
	$(AVFORMAT_CFLAGS) $(SECCOMP_CFLAGS)
