#include "config.h"

#include "image/op_thumbnail.h"

#include <math.h>
#include <stdlib.h>

#include "image/container.h"
#include "image/op_picture.h"
#include "image/jpeg.h"
#include "image/magick.h"
#include "image/perceptual.h"
#include "image/srgb.h"

static enum err
open_jpeg(struct op *op, MagickWand **ret)
{
	struct jpeg_pixels jp = { .side = op->req->side };
	MagickWand *w = NewMagickWand();
	enum err e;

	e = jpeg_decode(op, &jp);
	if (e != ERR_OK)
		return e;
	if (!MagickConstituteImage(w, jp.width, jp.height, jp.map, CharPixel,
		jp.p))
		return magick_fail(op, w, ERR_INTERNAL);
	free(jp.p);
	op->pic.icc = jp.icc;
	*ret = w;
	return ERR_OK;
}

static enum err
open_any(struct op *op, MagickWand **ret)
{
	switch ((enum media_type)op->req->type) {
	case MEDIA_JPEG:
		return open_jpeg(op, ret);
	case MEDIA_PNG:
		return magick_picture(op, "PNG", png_colored, ret);
	case MEDIA_WEBP:
		return magick_picture(op, "WEBP", webp_first, ret);
	case MEDIA_GIF:
		return magick_picture(op, "GIF", gif_first, ret);
	case MEDIA_UNKNOWN:
	case MEDIA_MP4:
	case MEDIA_MOV:
	case MEDIA_WEBM:
	case MEDIA__MAX:
		break;
	}
	return op_fail(op, ERR_INVALID, "not a picture");
}

static bool
shrink(MagickWand *w, unsigned side)
{
	double width = (double)MagickGetImageWidth(w);
	double height = (double)MagickGetImageHeight(w);
	double by = side / fmax(width, height);

	if (by >= 1)
		return true;
	width = fmax(1, round(width * by));
	height = fmax(1, round(height * by));
	return wand_resize(w, (size_t)width, (size_t)height, LanczosFilter);
}

/* Converts to sRGB. With an unusable profile the colours stay as they are. */
static bool
convert(struct op *op, MagickWand *w)
{
	struct slice srgb = srgb_profile();
	size_t n = 0;

	if (op->pic.icc.n > 0)
		MagickProfileImage(w, "icc", op->pic.icc.p, op->pic.icc.n);
	if (MagickGetImageProfile(w, "icc", &n) != NULL && n > 0)
		MagickProfileImage(w, "icc", srgb.p, srgb.n);
	MagickClearException(w);
	return MagickGetImageColorspace(w) != CMYKColorspace ||
	    MagickTransformImageColorspace(w, sRGBColorspace);
}

static bool
rotate(MagickWand *w, double degrees)
{
	PixelWand *none = NewPixelWand();
	bool ok;

	PixelSetColor(none, "#00000000");
	ok = MagickRotateImage(w, none, degrees);
	DestroyPixelWand(none);
	return ok;
}

static bool
upright(MagickWand *w, unsigned orientation)
{
	switch (orientation) {
	case 2:
		return MagickFlopImage(w);
	case 3:
		return rotate(w, 180);
	case 4:
		return MagickFlipImage(w);
	case 5:
		return MagickTransposeImage(w);
	case 6:
		return rotate(w, 90);
	case 7:
		return MagickTransverseImage(w);
	case 8:
		return rotate(w, 270);
	default:
		return true;
	}
}

/* Whether any pixel is transparent. */
static enum err
look_through(struct op *op, MagickWand *w, struct jpeg_pixels *jp, bool *ret)
{
	size_t i, n = (size_t)jp->width * jp->height;
	unsigned char *alpha = op_alloc(op, n);

	if (alpha == NULL)
		return ERR_TOO_LARGE;
	*ret = false;
	if (!MagickGetImageAlphaChannel(w))
		return ERR_OK;
	if (!MagickExportImagePixels(w, 0, 0, jp->width, jp->height, "A",
		CharPixel, alpha))
		return magick_fail(op, w, ERR_INTERNAL);
	for (i = 0; i < n && !*ret; i++)
		*ret = alpha[i] != 255;
	free(alpha);
	return ERR_OK;
}

static enum err
write_png(struct op *op, MagickWand *w, struct out *o)
{
	struct slice made;
	enum err e;

	op->rep->type = MEDIA_PNG;
	if (!MagickStripImage(w) || !MagickSetImageDepth(w, 8) ||
	    !MagickSetOption(w, "png:exclude-chunks", "all"))
		return magick_fail(op, w, ERR_INTERNAL);
	e = magick_write(op, w, "PNG", &made);
	if (e == ERR_OK)
		out_slice(o, made);
	return e;
}

static enum err
write_any(struct op *op, MagickWand *w, struct out *o)
{
	struct jpeg_pixels jp = { .map = "RGB" };
	bool transparent = false;
	enum err e;

	op->rep->width = jp.width = (uint32_t)MagickGetImageWidth(w);
	op->rep->height = jp.height = (uint32_t)MagickGetImageHeight(w);
	e = look_through(op, w, &jp, &transparent);
	if (e != ERR_OK)
		return e;
	if (transparent)
		return write_png(op, w, o);
	op->rep->type = MEDIA_JPEG;
	jp.p = op_alloc(op, (size_t)jp.width * jp.height * 3);
	if (jp.p == NULL)
		return ERR_TOO_LARGE;
	if (!MagickExportImagePixels(w, 0, 0, jp.width, jp.height, "RGB",
		CharPixel, jp.p))
		return magick_fail(op, w, ERR_INTERNAL);
	return jpeg_encode(op, &jp, o);
}

/* Computes the hash from the thumbnail, which is decoded already. */
static enum err
look_at(struct op *op, MagickWand *w)
{
	size_t width = MagickGetImageWidth(w), height = MagickGetImageHeight(w);
	unsigned char *p = op_alloc(op, width * height * 4);

	if (p == NULL)
		return ERR_TOO_LARGE;
	if (!MagickExportImagePixels(w, 0, 0, width, height, "RGBA", CharPixel,
		p))
		return magick_fail(op, w, ERR_INTERNAL);
	op->rep->perceptual_hash =
	    perceptual_hash(p, (uint32_t)width, (uint32_t)height);
	free(p);
	return ERR_OK;
}

enum err
op_thumbnail(struct op *op)
{
	MagickWand *w;
	struct out o;
	enum err e;

	e = open_any(op, &w);
	if (e != ERR_OK)
		return e;
	if (!shrink(w, op->req->side) || !convert(op, w) ||
	    !upright(w, op->pic.orientation))
		return magick_fail(op, w, ERR_INVALID);
	op_picture_tell(op);
	op->rep->animated = false;
	e = look_at(op, w);
	if (e == ERR_OK)
		e = out_to_fd(&o, op, IMAGE_FD_OUT);
	if (e == ERR_OK)
		e = write_any(op, w, &o);
	return e == ERR_OK ? out_end(&o, op) : e;
}
