#include "config.h"

#include "image/op_mark.h"

#include <math.h>
#include <string.h>

#include "image/container.h"
#include "image/magick.h"

#define FONT_SIZE 160.0
#define FONT_LEAST 12.0
#define TEXT_WIDTH 3600.0 /* the maximum width at which a mark is drawn */
#define PICTURE_SIDE 2048

/* A mark is rendered without a picture, so it has its own limits. */
static enum err
write_raw(struct op *op, MagickWand *w)
{
	struct image_raw raw = { IMAGE_MAGIC, (uint32_t)MagickGetImageWidth(w),
		(uint32_t)MagickGetImageHeight(w), 0 };
	size_t i, n = (size_t)raw.width * raw.height * 4;
	unsigned char *p = op_alloc(op, n);
	bool visible = false;
	struct out o;
	enum err e;

	if (p == NULL)
		return ERR_TOO_LARGE;
	if (raw.width > IMAGE_RAW_SIDE || raw.height > IMAGE_RAW_SIDE)
		return op_fail(op, ERR_INTERNAL, "the mark is too large");
	if (!MagickExportImagePixels(w, 0, 0, raw.width, raw.height, "RGBA",
		CharPixel, p))
		return magick_fail(op, w, ERR_INTERNAL);
	for (i = 3; i < n && !visible; i += 4)
		visible = p[i] != 0;
	if (!visible)
		return op_fail(op, ERR_INTERNAL, "the mark is empty");
	e = out_to_fd(&o, op, IMAGE_FD_OUT);
	if (e != ERR_OK)
		return e;
	out_mem(&o, &raw, sizeof(raw));
	out_mem(&o, p, n);
	op->rep->type = MEDIA_PNG;
	op->rep->width = raw.width;
	op->rep->height = raw.height;
	return out_end(&o, op);
}

/* Makes MagickAnnotateImage() draw the text literally and in one line: escapes
 * a leading @, % and \, and replaces line breaks by spaces. */
static void
one_line(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = ' ';
}

struct text_box {
	double width, height, ascent;
};

static bool
measure(MagickWand *w, DrawingWand *d, const char *text, double size,
    struct text_box *ret)
{
	double *m;

	DrawSetFontSize(d, size);
	m = MagickQueryFontMetrics(w, d, text);
	if (m == NULL)
		return false;
	ret->ascent = m[2];
	ret->width = m[4];
	ret->height = m[5];
	MagickRelinquishMemory(m);
	return ret->width > 0 && ret->height > 0;
}

/* White with a dark outline, which is legible on any background. */
static bool
draw(MagickWand *w, DrawingWand *d, PixelWand *p, const char *text, double size,
    const struct text_box *box)
{
	double edge = size / 8;

	PixelSetColor(p, "#000000b0");
	DrawSetStrokeColor(d, p);
	DrawSetStrokeWidth(d, edge);
	DrawSetStrokeLineJoin(d, RoundJoin);
	PixelSetColor(p, "#00000000");
	DrawSetFillColor(d, p);
	if (!MagickAnnotateImage(w, d, size, size / 2 + box->ascent, 0, text))
		return false;
	DrawSetStrokeColor(d, p);
	DrawSetStrokeWidth(d, 0);
	PixelSetColor(p, "#ffffffff");
	DrawSetFillColor(d, p);
	return MagickAnnotateImage(w, d, size, size / 2 + box->ascent, 0, text);
}

enum err
op_text_mark(struct op *op)
{
	MagickWand *w = NewMagickWand();
	DrawingWand *d = NewDrawingWand();
	PixelWand *p = NewPixelWand();
	char text[IMAGE_MARK_TEXT];
	double size = FONT_SIZE;
	struct text_box box;

	memcpy(text, op->req->text, sizeof(text));
	one_line(text);
	PixelSetColor(p, "#00000000");
	DrawSetTextEncoding(d, "UTF-8");
	DrawSetTextAntialias(d, MagickTrue);
	if (!DrawSetFont(d, op->req->font) || !MagickNewImage(w, 1, 1, p) ||
	    !measure(w, d, text, size, &box))
		return magick_fail(op, w, ERR_INTERNAL);
	if (box.width > TEXT_WIDTH) {
		size = floor(size * TEXT_WIDTH / box.width);
		if (size < FONT_LEAST || !measure(w, d, text, size, &box))
			return op_fail(op, ERR_INTERNAL,
			    "the text is too long");
	}
	DestroyMagickWand(w);
	w = NewMagickWand();
	if (!MagickNewImage(w, (size_t)(box.width + 2 * size),
		(size_t)(box.height + size), p) ||
	    !draw(w, d, p, text, size, &box) ||
	    MagickGetExceptionType(w) != UndefinedException ||
	    !MagickTrimImage(w, 0))
		return magick_fail(op, w, ERR_INTERNAL);
	return write_raw(op, w);
}

enum err
op_picture_mark(struct op *op)
{
	double longer, by;
	MagickWand *w;
	enum err e;

	e = magick_picture(op, "PNG", png_bare, &w);
	if (e != ERR_OK)
		return e;
	longer = fmax(op->pic.width, op->pic.height);
	by = longer > PICTURE_SIDE ? PICTURE_SIDE / longer : 1;
	if (by < 1 &&
	    !wand_resize(w, (size_t)fmax(1, op->pic.width * by),
		(size_t)fmax(1, op->pic.height * by), LanczosFilter))
		return magick_fail(op, w, ERR_INTERNAL);
	return write_raw(op, w);
}
