#include "config.h"

#include "image/op_publish.h"

#include <stdlib.h>
#include <string.h>

#include "image/container.h"
#include "image/op_picture.h"
#include "image/jpeg.h"
#include "image/magick.h"
#include "image/mark.h"

/* zlib's level and PNG's filter as MagickWand encodes them; higher levels take
 * much longer and save little. */
#define PNG_COMPRESSION 45

/* Colour types of a PNG. */
enum {
	GRAY = 0,
	RGB = 2,
	PALETTE = 3,
	GRAY_ALPHA = 4,
	RGB_ALPHA = 6,
};

/* Puts the mark on the wand's picture, in the region that it covers. */
static enum err
mark_wand(struct op *op, MagickWand *w, bool gray, unsigned depth)
{
	StorageType type = depth == 8 ? CharPixel : ShortPixel;
	const char *map = MagickGetImageAlphaChannel(w) ? "RGBA" : "RGB";
	struct region r;
	struct mark m;
	void *p, *before;
	size_t n;
	enum err e;

	if (MagickGetImageWidth(w) != op->pic.width ||
	    MagickGetImageHeight(w) != op->pic.height)
		return op_fail(op, ERR_INVALID, "the picture is damaged");
	e = mark_fit(op, gray, &m);
	if (e != ERR_OK)
		return e;
	r = (struct region){ m.x, m.y, m.width, m.height };
	n = (size_t)r.width * r.height * strlen(map) * depth / 8;
	p = op_alloc(op, n);
	before = op_alloc(op, n);
	if (p == NULL || before == NULL)
		return ERR_TOO_LARGE;
	if (!MagickExportImagePixels(w, r.x, r.y, r.width, r.height, map, type,
		p))
		return magick_fail(op, w, ERR_INTERNAL);
	memcpy(before, p, n);
	e = mark_blend(op, &m, &r, map, depth, p);
	if (e != ERR_OK)
		return e;
	if (memcmp(before, p, n) == 0)
		return op_fail(op, ERR_INVALID,
		    "the watermark cannot be seen on this picture");
	if (!MagickImportImagePixels(w, r.x, r.y, r.width, r.height, map, type,
		p))
		return magick_fail(op, w, ERR_INTERNAL);
	free(before);
	free(p);
	return ERR_OK;
}

/* The colour type to write: a palette may lack the mark's colours. */
static const char *
png_color(const struct op *op, bool alpha)
{
	bool gray = op->pic.color == GRAY || op->pic.color == GRAY_ALPHA;

	if (gray)
		return alpha ? "4" : "0";
	return alpha ? "6" : "2";
}

static enum err
publish_png(struct op *op, struct out *o)
{
	unsigned depth = op->pic.depth == 16 ? 16 : 8;
	bool gray = op->pic.color == GRAY || op->pic.color == GRAY_ALPHA;
	struct slice made;
	MagickWand *w;
	enum err e;

	if (op->pic.animated)
		return op_fail(op, ERR_INVALID,
		    "an animated PNG cannot be watermarked");
	e = magick_picture(op, "PNG", png_bare, &w);
	if (e == ERR_OK)
		e = mark_wand(op, w, gray, depth);
	if (e != ERR_OK)
		return e;
	if (!MagickSetImageDepth(w, depth) ||
	    !MagickSetOption(w, "png:exclude-chunks", "all") ||
	    !MagickSetOption(w, "png:bit-depth", depth == 16 ? "16" : "8") ||
	    !MagickSetOption(w, "png:color-type",
		png_color(op, MagickGetImageAlphaChannel(w))) ||
	    !MagickSetCompressionQuality(w, PNG_COMPRESSION))
		return magick_fail(op, w, ERR_INTERNAL);
	e = magick_write(op, w, "PNG", &made);
	return e == ERR_OK ? png_dress(op, made, o) : e;
}

static enum err
publish_webp(struct op *op, struct out *o)
{
	struct slice made;
	MagickWand *w;
	enum err e;

	if (op->pic.animated)
		return op_fail(op, ERR_INVALID,
		    "an animated WebP cannot be watermarked");
	e = magick_picture(op, "WEBP", webp_bare, &w);
	if (e == ERR_OK)
		e = mark_wand(op, w, false, 8);
	if (e != ERR_OK)
		return e;
	if (!MagickSetOption(w, "webp:lossless",
		op->pic.lossless ? "true" : "false") ||
	    !MagickSetOption(w, "webp:exact", "true") ||
	    !MagickSetOption(w, "webp:alpha-quality", "100") ||
	    !MagickSetImageCompressionQuality(w,
		op->pic.lossless ? 75 : op->pic.quality))
		return magick_fail(op, w, ERR_INTERNAL);
	e = magick_write(op, w, "WEBP", &made);
	return e == ERR_OK ? webp_dress(op, made, o) : e;
}

static enum err
publish(struct op *op, struct out *o)
{
	bool mark = op->req->mark;

	switch ((enum media_type)op->req->type) {
	case MEDIA_JPEG:
		return jpeg_publish(op, o);
	case MEDIA_PNG:
		return mark ? publish_png(op, o) : png_copy(op, o);
	case MEDIA_WEBP:
		return mark ? publish_webp(op, o) : webp_copy(op, o);
	case MEDIA_GIF:
		if (!mark)
			return gif_copy(op, o);
		break;
	case MEDIA_UNKNOWN:
	case MEDIA_MP4:
	case MEDIA_MOV:
	case MEDIA_WEBM:
	case MEDIA__MAX:
		break;
	}
	return op_fail(op, ERR_INVALID, "this cannot be watermarked");
}

enum err
op_publish(struct op *op)
{
	struct out o;
	enum err e;

	e = out_to_fd(&o, op, IMAGE_FD_OUT);
	if (e == ERR_OK)
		e = publish(op, &o);
	if (e == ERR_OK)
		e = out_end(&o, op);
	if (e == ERR_OK)
		op_picture_tell(op);
	return e;
}
