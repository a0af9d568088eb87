#include "config.h"

#include "image/mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "image/magick.h"

/* The maximum height of a mark relative to the picture's. */
#define MARK_HEIGHT 0.5

static enum err
load(struct op *op, struct mark *ret)
{
	struct image_raw raw;
	unsigned char *p;
	struct stat st;
	size_t n;

	if (fstat(IMAGE_FD_MARK, &st) == -1 || st.st_size <= (off_t)sizeof(raw))
		return op_fail(op, ERR_INTERNAL, "the mark cannot be read");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
	    IMAGE_FD_MARK, 0);
	if (p == MAP_FAILED)
		return op_no_memory(op);
	memcpy(&raw, p, sizeof(raw));
	n = (size_t)raw.width * raw.height * 4;
	if (raw.magic != IMAGE_MAGIC || raw.width == 0 || raw.height == 0 ||
	    raw.width > IMAGE_RAW_SIDE || raw.height > IMAGE_RAW_SIDE ||
	    n != (size_t)st.st_size - sizeof(raw))
		return op_fail(op, ERR_INTERNAL, "the mark is damaged");
	ret->width = raw.width;
	ret->height = raw.height;
	ret->rgba = p + sizeof(raw);
	return ERR_OK;
}

static enum err
scale(struct op *op, struct mark *m, uint32_t width, uint32_t height)
{
	unsigned char *p = op_alloc(op, (size_t)width * height * 4);
	MagickWand *w = NewMagickWand();
	bool ok;

	if (p == NULL)
		return ERR_TOO_LARGE;
	ok = MagickConstituteImage(w, m->width, m->height, "RGBA", CharPixel,
		 m->rgba) &&
	    wand_resize(w, width, height, TriangleFilter) &&
	    MagickExportImagePixels(w, 0, 0, width, height, "RGBA", CharPixel,
		p);
	if (!ok)
		return magick_fail(op, w, ERR_INTERNAL);
	DestroyMagickWand(w);
	m->width = width;
	m->height = height;
	m->rgba = p;
	return ERR_OK;
}

/* Converts a position in the upright picture, which has the given size, to one
 * in the picture as stored. */
static void
to_stored(unsigned orientation, uint32_t width, uint32_t height, uint32_t x,
    uint32_t y, uint32_t *ret_x, uint32_t *ret_y)
{
	uint32_t right = width - 1 - x, below = height - 1 - y;

	switch (orientation) {
	case 2:
		*ret_x = right, *ret_y = y;
		break;
	case 3:
		*ret_x = right, *ret_y = below;
		break;
	case 4:
		*ret_x = x, *ret_y = below;
		break;
	case 5:
		*ret_x = y, *ret_y = x;
		break;
	case 6:
		*ret_x = y, *ret_y = right;
		break;
	case 7:
		*ret_x = below, *ret_y = right;
		break;
	case 8:
		*ret_x = below, *ret_y = x;
		break;
	default:
		*ret_x = x, *ret_y = y;
		break;
	}
}

/* Rotates the mark's pixels from upright to how the picture is stored. */
static enum err
turn(struct op *op, struct mark *m)
{
	uint32_t width = m->width, height = m->height, x, y, sx, sy;
	unsigned o = op->pic.orientation;
	unsigned char *p;

	if (o == 1)
		return ERR_OK;
	p = op_alloc(op, (size_t)width * height * 4);
	if (p == NULL)
		return ERR_TOO_LARGE;
	m->width = o >= 5 ? height : width;
	m->height = o >= 5 ? width : height;
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			to_stored(o, width, height, x, y, &sx, &sy);
			memcpy(p + ((size_t)sy * m->width + sx) * 4,
			    m->rgba + ((size_t)y * width + x) * 4, 4);
		}
	free(m->rgba);
	m->rgba = p;
	return ERR_OK;
}

static void
fade(struct mark *m, double opacity, bool gray)
{
	unsigned char *p = m->rgba, *end;

	for (end = p + (size_t)m->width * m->height * 4; p < end; p += 4) {
		p[3] = (unsigned char)lround(p[3] * opacity);
		if (gray)
			p[0] = p[1] = p[2] =
			    (unsigned char)((p[0] * 299 + p[1] * 587 +
						p[2] * 114) /
				1000);
	}
}

/* The position on an axis; place 0 is the start, 1 the middle, 2 the end. */
static uint32_t
offset(unsigned third, uint32_t length, uint32_t mark, uint32_t margin)
{
	uint32_t room = length - mark;

	if (third == 1)
		return room / 2;
	if (margin > room / 2)
		margin = room / 2;
	return third == 0 ? margin : room - margin;
}

static void
fit_size(const struct image_request *req, const struct mark *m, uint32_t width,
    uint32_t height, uint32_t *ret_w, uint32_t *ret_h)
{
	double w = width * req->size, most = height * MARK_HEIGHT;
	double h = w * m->height / m->width;

	if (h > most) {
		w *= most / h;
		h = most;
	}
	*ret_w = w < 1 ? 1 : w > width ? width : (uint32_t)lround(w);
	*ret_h = h < 1 ? 1 : (uint32_t)lround(h);
}

enum err
mark_fit(struct op *op, bool gray, struct mark *ret)
{
	const struct image_request *req = op->req;
	bool turned = op->pic.orientation >= 5;
	uint32_t width = turned ? op->pic.height : op->pic.width;
	uint32_t height = turned ? op->pic.width : op->pic.height;
	uint32_t w, h, x, y, x2, y2, margin;
	enum err e;

	e = load(op, ret);
	if (e != ERR_OK)
		return e;
	fit_size(req, ret, width, height, &w, &h);
	e = scale(op, ret, w, h);
	if (e != ERR_OK)
		return e;
	fade(ret, req->opacity, gray);
	margin =
	    (uint32_t)lround((width < height ? width : height) * req->margin);
	x = offset(req->place % 3, width, w, margin);
	y = offset(req->place / 3, height, h, margin);
	to_stored(op->pic.orientation, width, height, x, y, &ret->x, &ret->y);
	to_stored(op->pic.orientation, width, height, x + w - 1, y + h - 1, &x2,
	    &y2);
	ret->x = ret->x < x2 ? ret->x : x2;
	ret->y = ret->y < y2 ? ret->y : y2;
	return turn(op, ret);
}

void
mark_whiten(struct mark *m)
{
	size_t i, n = (size_t)m->width * m->height * 4;

	for (i = 0; i < n; i++)
		if (i % 4 != 3)
			m->rgba[i] = 255;
}

static enum err
composite(struct op *op, const struct mark *m, const struct region *r,
    const char *map, StorageType type, void *pixels)
{
	MagickWand *w = NewMagickWand(), *over = NewMagickWand();

	if (!MagickConstituteImage(w, r->width, r->height, map, type, pixels) ||
	    !MagickConstituteImage(over, m->width, m->height, "RGBA", CharPixel,
		m->rgba) ||
	    !wand_put_over(w, over, (ssize_t)(m->x - r->x),
		(ssize_t)(m->y - r->y)) ||
	    !MagickExportImagePixels(w, 0, 0, r->width, r->height, map, type,
		pixels))
		return magick_fail(op, w, ERR_INTERNAL);
	DestroyMagickWand(w);
	DestroyMagickWand(over);
	return ERR_OK;
}

/* The mark's alpha at a pixel of the region; 0 outside the mark. */
static unsigned
alpha_at(const struct mark *m, const struct region *r, uint32_t x, uint32_t y)
{
	x += r->x;
	y += r->y;
	if (x < m->x || y < m->y || x - m->x >= m->width ||
	    y - m->y >= m->height)
		return 0;
	return m->rgba[((size_t)(y - m->y) * m->width + (x - m->x)) * 4 + 3];
}

enum err
mark_blend(struct op *op, const struct mark *m, const struct region *r,
    const char *map, unsigned depth, void *pixels)
{
	size_t size = strlen(map) * depth / 8, row = size * r->width;
	unsigned char *before = op_alloc(op, row * r->height), *now = pixels;
	uint32_t x, y;
	enum err e;

	if (before == NULL)
		return ERR_TOO_LARGE;
	memcpy(before, pixels, row * r->height);
	e = composite(op, m, r, map, depth == 8 ? CharPixel : ShortPixel,
	    pixels);
	/* Rounding must not change pixels outside the mark. */
	for (y = 0; e == ERR_OK && y < r->height; y++)
		for (x = 0; x < r->width; x++)
			if (alpha_at(m, r, x, y) == 0)
				memcpy(now + y * row + x * size,
				    before + y * row + x * size, size);
	free(before);
	return e;
}
