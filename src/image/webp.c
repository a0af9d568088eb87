#include "config.h"

#include "image/container.h"

#include <string.h>

#include "image/meta.h"
#include "image/vp8.h"

enum {
	FLAG_ANIMATION = 0x02,
	FLAG_EXIF = 0x08,
	FLAG_ALPHA = 0x10,
	FLAG_ICC = 0x20,
};

struct chunk {
	const char *type; /* four characters */
	struct slice data;
};

static uint32_t
le24(const unsigned char *p)
{
	return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | le24(p);
}

static bool
is(const struct chunk *c, const char *type)
{
	return memcmp(c->type, type, 4) == 0;
}

/* Reads the first chunk of *rest and removes it with its padding. */
static bool
next(struct slice *rest, struct chunk *ret)
{
	size_t n;

	if (rest->n < 8)
		return false;
	n = le32(rest->p + 4);
	if (n > rest->n - 8)
		return false;
	ret->type = (const char *)rest->p;
	ret->data = (struct slice){ rest->p + 8, n };
	n += n & 1;
	if (n > rest->n - 8) /* some writers omit the last padding */
		n = rest->n - 8;
	rest->p += n + 8;
	rest->n -= n + 8;
	return true;
}

/* The chunks of a file; false if it is shorter than its header says. */
static bool
body(struct slice file, struct slice *ret)
{
	size_t n = file.n < 12 ? 0 : le32(file.p + 4);

	if (n < 4 || n > file.n - 8)
		return false;
	*ret = (struct slice){ file.p + 12, n - 4 };
	return true;
}

/* Reads the size and, of a lossy picture, the quality from a frame's bits. */
static bool
frame_size(const struct chunk *c, uint32_t *w, uint32_t *h)
{
	const unsigned char *p = c->data.p;

	if (is(c, "VP8 ") && c->data.n >= 10 &&
	    memcmp(p + 3, "\x9d\x01\x2a", 3) == 0) {
		*w = (p[6] | (uint32_t)p[7] << 8) & 0x3fff;
		*h = (p[8] | (uint32_t)p[9] << 8) & 0x3fff;
		return true;
	}
	if (is(c, "VP8L") && c->data.n >= 5 && p[0] == 0x2f) {
		*w = (le32(p + 1) & 0x3fff) + 1;
		*h = (le32(p + 1) >> 14 & 0x3fff) + 1;
		return true;
	}
	return false;
}

static enum err
scan_chunk(struct op *op, const struct chunk *c)
{
	struct picture *pic = &op->pic;
	uint32_t w, h;

	if (is(c, "VP8X") && c->data.n >= 10) {
		pic->width = le24(c->data.p + 4) + 1;
		pic->height = le24(c->data.p + 7) + 1;
		pic->animated = (c->data.p[0] & FLAG_ANIMATION) != 0;
	} else if (is(c, "ICCP")) {
		pic->icc = c->data;
	} else if (is(c, "EXIF")) {
		pic->exif = meta_tiff(c->data);
	} else if (is(c, "XMP ")) {
		pic->xmp = c->data;
	} else if (is(c, "VP8 ") || is(c, "VP8L")) {
		if (!frame_size(c, &w, &h))
			return op_fail(op, ERR_INVALID, "the WebP is damaged");
		if (pic->width != 0 && (pic->width != w || pic->height != h))
			return op_fail(op, ERR_INVALID,
			    "the WebP has two sizes");
		pic->width = w;
		pic->height = h;
		pic->lossless = is(c, "VP8L");
		if (!pic->lossless)
			pic->quality = vp8_quality(c->data);
	}
	return ERR_OK;
}

enum err
webp_scan(struct op *op)
{
	struct slice rest;
	struct chunk c;
	enum err e;

	if (!body(op->in, &rest))
		rest = (struct slice){ op->in.p + 12, op->in.n - 12 };
	while (next(&rest, &c)) {
		e = scan_chunk(op, &c);
		if (e != ERR_OK)
			return e;
	}
	if (op->pic.width == 0) /* cut within the only frame */
		return op_fail(op, ERR_INVALID, "the WebP is cut off");
	return ERR_OK;
}

static bool
is_pixels(const struct chunk *c)
{
	return is(c, "VP8 ") || is(c, "VP8L") || is(c, "ALPH");
}

static void
put_chunk(struct out *o, const char *type, struct slice data)
{
	out_mem(o, type, 4);
	out_le32(o, (uint32_t)data.n);
	out_slice(o, data);
	if (data.n & 1)
		out_mem(o, "", 1);
}

/* A frame of an animation: a header of 16 bytes, then chunks. */
static enum err
put_frame(struct op *op, struct out *o, struct slice data)
{
	struct out inner;
	struct slice rest;
	struct chunk c;

	if (data.n < 16)
		return op_fail(op, ERR_INVALID, "the WebP is damaged");
	out_to_memory(&inner);
	out_mem(&inner, data.p, 16);
	rest = (struct slice){ data.p + 16, data.n - 16 };
	while (next(&rest, &c))
		if (is_pixels(&c))
			put_chunk(&inner, c.type, c.data);
	if (inner.len == 16)
		return op_fail(op, ERR_INVALID, "the WebP is damaged");
	put_chunk(o, "ANMF", (struct slice){ inner.data, inner.len });
	return out_end(&inner, op);
}

/* Writes the chunks with pixels of a complete file. */
static enum err
put_pixels(struct op *op, struct slice file, struct out *o)
{
	struct slice rest;
	struct chunk c;
	bool some = false;
	enum err e;

	if (!body(file, &rest))
		return op_fail(op, ERR_INVALID, "the WebP is cut off");
	while (next(&rest, &c)) {
		if (is_pixels(&c) || is(&c, "ANIM"))
			put_chunk(o, c.type, c.data);
		if (is(&c, "ANMF")) {
			e = put_frame(op, o, c.data);
			if (e != ERR_OK)
				return e;
		}
		some =
		    some || is(&c, "VP8 ") || is(&c, "VP8L") || is(&c, "ANMF");
	}
	if (!some || rest.n > 0)
		return op_fail(op, ERR_INVALID, "the WebP is damaged");
	return ERR_OK;
}

/* The extended header's alpha flag, as given by the pixels. */
static unsigned
alpha_of(struct slice file)
{
	struct slice rest;
	struct chunk c;

	if (!body(file, &rest))
		return 0;
	while (next(&rest, &c)) {
		if (is(&c, "VP8X") && c.data.n >= 10)
			return c.data.p[0] & FLAG_ALPHA;
		if (is(&c, "VP8L") && c.data.n >= 5)
			return c.data.p[4] & 0x10 ? FLAG_ALPHA : 0;
	}
	return 0;
}

static void
put_extended(struct out *o, unsigned flags, uint32_t w, uint32_t h)
{
	unsigned char b[10] = { 0 };

	w--;
	h--;
	b[0] = (unsigned char)flags;
	b[4] = w & 0xff;
	b[5] = w >> 8 & 0xff;
	b[6] = w >> 16 & 0xff;
	b[7] = h & 0xff;
	b[8] = h >> 8 & 0xff;
	b[9] = h >> 16 & 0xff;
	put_chunk(o, "VP8X", (struct slice){ b, sizeof(b) });
}

/* Writes RIFF, the extended header if needed, colour profile, pixels and
 * orientation. */
static enum err
put_file(struct op *op, struct slice file, bool dressed, struct out *o)
{
	bool icc = dressed && op->pic.icc.n > 0;
	bool turned = dressed && op->pic.orientation > 1;
	unsigned char exif[META_EXIF_SIZE];
	struct out inner;
	unsigned flags;
	enum err e;

	flags = alpha_of(file) | (icc ? FLAG_ICC : 0u) |
	    (turned ? FLAG_EXIF : 0u) |
	    (op->pic.animated ? FLAG_ANIMATION : 0u);
	out_to_memory(&inner);
	out_mem(&inner, "WEBP", 4);
	if (flags != 0)
		put_extended(&inner, flags, op->pic.width, op->pic.height);
	if (icc)
		put_chunk(&inner, "ICCP", op->pic.icc);
	e = put_pixels(op, file, &inner);
	if (e != ERR_OK)
		return e;
	if (turned) {
		meta_exif(op->pic.orientation, exif);
		put_chunk(&inner, "EXIF", (struct slice){ exif, sizeof(exif) });
	}
	out_mem(o, "RIFF", 4);
	out_le32(o, (uint32_t)inner.len);
	out_mem(o, inner.data, inner.len);
	return out_end(&inner, op);
}

enum err
webp_copy(struct op *op, struct out *o)
{
	return put_file(op, op->in, true, o);
}

enum err
webp_bare(struct op *op, struct out *o)
{
	return put_file(op, op->in, false, o);
}

enum err
webp_dress(struct op *op, struct slice made, struct out *o)
{
	return put_file(op, made, true, o);
}

/* The frame's own size, not the canvas's. */
static enum err
put_still(struct op *op, struct slice frame, struct out *o)
{
	struct out inner;
	struct slice rest;
	struct chunk c;

	if (frame.n < 16)
		return op_fail(op, ERR_INVALID, "the WebP is damaged");
	out_to_memory(&inner);
	out_mem(&inner, "WEBP", 4);
	put_extended(&inner, FLAG_ALPHA, le24(frame.p + 6) + 1,
	    le24(frame.p + 9) + 1);
	rest = (struct slice){ frame.p + 16, frame.n - 16 };
	while (next(&rest, &c))
		if (is_pixels(&c))
			put_chunk(&inner, c.type, c.data);
	out_mem(o, "RIFF", 4);
	out_le32(o, (uint32_t)inner.len);
	out_mem(o, inner.data, inner.len);
	return out_end(&inner, op);
}

enum err
webp_first(struct op *op, struct out *o)
{
	struct slice rest;
	struct chunk c;

	if (!op->pic.animated)
		return webp_bare(op, o);
	if (body(op->in, &rest))
		while (next(&rest, &c))
			if (is(&c, "ANMF"))
				return put_still(op, c.data, o);
	return op_fail(op, ERR_INVALID, "the WebP is cut off");
}
