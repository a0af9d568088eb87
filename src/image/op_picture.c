#include "config.h"

#include "image/op_picture.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "image/container.h"
#include "image/meta.h"
#include "image/sniff.h"

#define SHORTEST 16 /* of any picture; the scanners rely on it */

static enum err
map_file(struct op *op)
{
	struct stat st;
	void *p;

	if (fstat(IMAGE_FD_IN, &st) == -1 || !S_ISREG(st.st_mode))
		return op_fail(op, ERR_INTERNAL, "the input is not a file");
	if (st.st_size < SHORTEST)
		return op_fail(op, ERR_INVALID, "the file is cut off");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, IMAGE_FD_IN,
	    0);
	if (p == MAP_FAILED)
		return op_no_memory(op);
	op->in = (struct slice){ p, (size_t)st.st_size };
	return ERR_OK;
}

static enum err
scan(struct op *op)
{
	switch ((enum media_type)op->req->type) {
	case MEDIA_JPEG:
		return jpeg_scan(op);
	case MEDIA_PNG:
		return png_scan(op);
	case MEDIA_WEBP:
		return webp_scan(op);
	case MEDIA_GIF:
		return gif_scan(op);
	case MEDIA_UNKNOWN:
	case MEDIA_MP4:
	case MEDIA_MOV:
	case MEDIA_WEBM:
	case MEDIA__MAX:
		break;
	}
	return op_fail(op, ERR_INTERNAL, "not a picture");
}

enum err
op_picture_open(struct op *op)
{
	enum err e;

	e = map_file(op);
	if (e != ERR_OK)
		return e;
	/* The file may have changed since the client sniffed its type. */
	if (image_sniff(op->in.p, op->in.n) != op->req->type)
		return op_fail(op, ERR_INVALID, "the file has changed");
	e = scan(op);
	if (e != ERR_OK)
		return e;
	op->pic.orientation = meta_orientation(op->pic.exif);
	return op_check_size(op, op->pic.width, op->pic.height);
}

void
op_picture_tell(struct op *op)
{
	bool turned = op->pic.orientation >= 5;

	op->rep->type = op->req->type;
	op->rep->width = turned ? op->pic.height : op->pic.width;
	op->rep->height = turned ? op->pic.width : op->pic.height;
	op->rep->animated = op->pic.animated;
	op->rep->taken_at = CLOCK_NONE;
}

enum err
op_probe(struct op *op)
{
	op_picture_tell(op);
	op->rep->taken_at = meta_taken_at(op->pic.exif);
	meta_caption(op->pic.xmp, op->pic.iptc, op->rep->caption);
	return ERR_OK;
}
