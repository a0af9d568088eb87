/*
 * The protocol between client and helper: one request on the helper's standard
 * input, one reply on its standard output, both of a fixed size. Both ends come
 * from the same build, so the structs are sent as they are.
 */
#ifndef IMAGE_PROTOCOL_H
#define IMAGE_PROTOCOL_H

#include <stdint.h>

#define IMAGE_MAGIC 0x56544e31u
#define IMAGE_CAPTION 2000
#define IMAGE_MARK_TEXT 1024

/* The helper's exit status when it cannot send a reply. */
#define IMAGE_EXIT_PROTOCOL 64
#define IMAGE_EXIT_LOCKDOWN 70

/* The descriptors that the helper is started with. */
enum image_fd {
	IMAGE_FD_REQUEST,
	IMAGE_FD_REPLY,
	IMAGE_FD_LOG,
	IMAGE_FD_IN,   /* the picture or video; its offset does not change */
	IMAGE_FD_OUT,  /* the result; its offset does not change */
	IMAGE_FD_MARK, /* a rendered mark, see struct image_raw */
	IMAGE_FD_SLOT, /* the lock of this helper's slot */
	IMAGE_FD__MAX
};

enum image_op {
	IMAGE_OP_PROBE,
	IMAGE_OP_PUBLISH,
	IMAGE_OP_THUMBNAIL,
	IMAGE_OP_TEXT_MARK,    /* renders a mark from a text */
	IMAGE_OP_PICTURE_MARK, /* renders a mark from a PNG */
	IMAGE_OP__MAX
};

/* In the order of the words of [watermark] place. */
enum image_place {
	IMAGE_TOP_LEFT,
	IMAGE_TOP,
	IMAGE_TOP_RIGHT,
	IMAGE_LEFT,
	IMAGE_CENTER,
	IMAGE_RIGHT,
	IMAGE_BOTTOM_LEFT,
	IMAGE_BOTTOM,
	IMAGE_BOTTOM_RIGHT,
	IMAGE_PLACE__MAX
};

struct image_request {
	uint32_t magic;
	uint32_t op;	  /* enum image_op */
	uint32_t type;	  /* enum media_type, as sniffed */
	uint32_t mark;	  /* publish: 1 adds the mark of IMAGE_FD_MARK */
	uint32_t side;	  /* thumbnail: the longer side in pixels */
	uint32_t place;	  /* enum image_place */
	uint32_t timeout; /* seconds */
	uint32_t pad;
	uint64_t max_pixels;
	uint64_t max_side;
	uint64_t memory;
	double size;
	double opacity;
	double margin;
	char text[IMAGE_MARK_TEXT];
	char font[IMAGE_MARK_TEXT];
};

struct image_reply {
	uint32_t magic;
	uint32_t err; /* enum err */
	uint32_t type;
	uint32_t animated;
	uint32_t width, height;
	int64_t duration_ms;
	int64_t taken_at;
	uint64_t perceptual_hash;
	char caption[IMAGE_CAPTION + 8];
	char text[256];	  /* the reason of a failure, for the client */
	char detail[512]; /* the reason of a failure, for the log */
};

/* The file of a rendered mark: this, then width * height pixels of four bytes
 * (red, green, blue, alpha; not premultiplied). */
struct image_raw {
	uint32_t magic;
	uint32_t width, height;
	uint32_t pad;
};

#define IMAGE_RAW_SIDE 4096 /* maximum width and height of a rendered mark */

#endif
