#include "config.h"

#include "image/magick.h"

#include <stdlib.h>

/* What the process maps besides the picture. */
#define OVERHEAD (UINT64_C(160) << 20)

/* The size of a pixel in MagickWand's cache: four quanta, which are floats if
 * ImageMagick is built with HDRI. */
#define PIXEL (4 * sizeof(Quantum))

/* Checks the memory before decoding, since MagickWand holds the whole
 * picture. */
static enum err
check_memory(struct op *op)
{
	uint64_t pixels = (uint64_t)op->pic.width * op->pic.height;

	if (pixels * PIXEL + OVERHEAD > op->req->memory)
		return op_no_memory(op);
	return ERR_OK;
}

enum err
magick_start(struct op *op, const char *const coders[])
{
	const struct image_request *req = op->req;
	MagickSizeType side = req->max_side;
	ExceptionInfo *ex;
	size_t i;

	MagickWandGenesis();
	/* Only memory, and within the process's limit: a picture that does not
	 * fit must fail, not go to a file. */
	MagickSetResourceLimit(ThreadResource, 1);
	MagickSetResourceLimit(MemoryResource, req->memory);
	MagickSetResourceLimit(AreaResource,
	    req->max_pixels + 2 * IMAGE_RAW_SIDE * IMAGE_RAW_SIDE);
	MagickSetResourceLimit(MapResource, 0);
	MagickSetResourceLimit(DiskResource, 0);
	/* Marks are drawn under the same limit, which may be small. */
	if (side < 2 * IMAGE_RAW_SIDE)
		side = 2 * IMAGE_RAW_SIDE;
	MagickSetResourceLimit(WidthResource, side);
	MagickSetResourceLimit(HeightResource, side);
	ex = AcquireExceptionInfo();
	for (i = 0; coders[i] != NULL; i++)
		if (GetMagickInfo(coders[i], ex) == NULL)
			return op_fail(op, ERR_INTERNAL,
			    "ImageMagick has no coder for %s", coders[i]);
	DestroyExceptionInfo(ex);
	return ERR_OK;
}

enum err
magick_fail(struct op *op, MagickWand *w, enum err e)
{
	ExceptionType type = UndefinedException;
	char *text = MagickGetException(w, &type);

	if (type == ResourceLimitError || type == ResourceLimitFatalError ||
	    type == ResourceLimitWarning || type == CacheError ||
	    type == CacheFatalError)
		return op_no_memory(op);
	if (e == ERR_INTERNAL || type == PolicyError)
		return op_fail(op, ERR_INTERNAL, "ImageMagick: %s", text);
	return op_fail(op, e, "the picture is damaged");
}

enum err
magick_picture(struct op *op, const char *coder,
    enum err (*bare)(struct op *, struct out *), MagickWand **ret)
{
	MagickWand *w = NewMagickWand();
	struct out o;
	enum err e;

	e = check_memory(op);
	if (e != ERR_OK)
		return e;
	out_to_memory(&o);
	e = bare(op, &o);
	if (e == ERR_OK)
		e = out_end(&o, op);
	if (e != ERR_OK)
		return e;
	/* A warning means missing pixels. */
	if (!MagickSetFormat(w, coder) ||
	    !MagickReadImageBlob(w, o.data, o.len) ||
	    MagickGetExceptionType(w) != UndefinedException)
		return magick_fail(op, w, ERR_INVALID);
	free(o.data);
	if (MagickGetNumberImages(w) != 1)
		return op_fail(op, ERR_INVALID, "the picture is damaged");
	*ret = w;
	return ERR_OK;
}

enum err
magick_write(struct op *op, MagickWand *w, const char *coder, struct slice *ret)
{
	size_t n = 0;

	if (!MagickSetImageFormat(w, coder))
		return magick_fail(op, w, ERR_INTERNAL);
	ret->p = MagickGetImageBlob(w, &n);
	ret->n = n;
	if (ret->p == NULL || n == 0)
		return magick_fail(op, w, ERR_INTERNAL);
	return ERR_OK;
}
