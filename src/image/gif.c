#include "config.h"

#include "image/container.h"

#include <string.h>

enum {
	EXTENSION = 0x21,
	FRAME = 0x2c,
	TRAILER = 0x3b,
	CONTROL = 0xf9,
	APPLICATION = 0xff,
};

/* A walk through the blocks that counts them and, if o is set, copies them. */
struct walk {
	struct op *op;
	struct out *o;
	struct slice rest;
	uint32_t frames;
	uint32_t most; /* the number of frames to read; 0: all */
	bool whole;    /* it reached the trailer, or the end of a block */
	struct slice xmp;
};

static unsigned
le16(const unsigned char *p)
{
	return (unsigned)p[1] << 8 | p[0];
}

static size_t
table_size(unsigned flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* The length of the sub-blocks at p with their end; 0: truncated. */
static size_t
sub_blocks(const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (p[i] == 0)
			return i + 1;
		i += (size_t)p[i] + 1;
	}
	return 0;
}

static void
take(struct walk *w, size_t n, bool copy)
{
	if (copy && w->o != NULL)
		out_mem(w->o, w->rest.p, n);
	w->rest.p += n;
	w->rest.n -= n;
}

/* Keeps an animation's timing and loop; drops comments, texts and data of
 * applications. */
static bool
is_kept(const unsigned char *p, size_t n)
{
	if (p[1] == CONTROL)
		return true;
	return p[1] == APPLICATION && n >= 14 && p[2] == 11 &&
	    (memcmp(p + 3, "NETSCAPE2.0", 11) == 0 ||
		memcmp(p + 3, "ANIMEXTS1.0", 11) == 0);
}

/*
 * XMP is stored in a GIF without sub-blocks. The bytes 1, 255, 254 … 0 and 0
 * follow it, so that a reader that expects sub-blocks finds the end anyway.
 */
static struct slice
xmp_of(const unsigned char *p, size_t n)
{
	static const size_t head = 14, tail = 258;

	if (p[1] == APPLICATION && n > head + tail && p[2] == 11 &&
	    memcmp(p + 3, "XMP DataXMP", 11) == 0 && p[n - tail] == 1 &&
	    p[n - tail + 1] == 0xff)
		return (struct slice){ p + head, n - head - tail };
	return (struct slice){ NULL, 0 };
}

static bool
walk_extension(struct walk *w)
{
	size_t n;

	if (w->rest.n < 3)
		return false;
	n = sub_blocks(w->rest.p + 2, w->rest.n - 2);
	if (n == 0)
		return false;
	if (w->xmp.n == 0)
		w->xmp = xmp_of(w->rest.p, n + 2);
	take(w, n + 2, is_kept(w->rest.p, n + 2));
	return true;
}

static enum err
walk_frame(struct walk *w, bool *ret_whole)
{
	size_t head, n;
	enum err e;

	*ret_whole = false;
	if (w->rest.n < 11)
		return ERR_OK;
	e = op_check_size(w->op, le16(w->rest.p + 1) + le16(w->rest.p + 5),
	    le16(w->rest.p + 3) + le16(w->rest.p + 7));
	if (e != ERR_OK)
		return e;
	head = 10 + table_size(w->rest.p[9]) + 1;
	if (head >= w->rest.n)
		return ERR_OK;
	n = sub_blocks(w->rest.p + head, w->rest.n - head);
	if (n == 0)
		return ERR_OK;
	take(w, head + n, true);
	w->frames++;
	*ret_whole = true;
	return ERR_OK;
}

static enum err
walk(struct walk *w)
{
	bool ok = true;
	enum err e;

	while (w->rest.n > 0 && (w->most == 0 || w->frames < w->most)) {
		if (w->rest.p[0] == TRAILER)
			break;
		if (w->rest.p[0] == FRAME) {
			e = walk_frame(w, &ok);
			if (e != ERR_OK)
				return e;
		} else {
			ok = w->rest.p[0] == EXTENSION && walk_extension(w);
		}
		if (!ok)
			return ERR_OK;
	}
	w->whole = true;
	return ERR_OK;
}

static enum err
start(struct op *op, struct out *o, uint32_t most, struct walk *w)
{
	size_t n;

	*w = (struct walk){ .op = op, .o = o, .rest = op->in, .most = most };
	if (op->in.n < 13)
		return op_fail(op, ERR_INVALID, "the GIF is cut off");
	n = 13 + table_size(op->in.p[10]);
	if (n > op->in.n)
		return op_fail(op, ERR_INVALID, "the GIF is cut off");
	take(w, n, true);
	return ERR_OK;
}

enum err
gif_scan(struct op *op)
{
	struct walk w;
	enum err e;

	e = start(op, NULL, 0, &w);
	if (e != ERR_OK)
		return e;
	op->pic.width = le16(op->in.p + 6);
	op->pic.height = le16(op->in.p + 8);
	e = walk(&w);
	op->pic.animated = w.frames > 1;
	op->pic.xmp = w.xmp;
	return e;
}

static enum err
copy(struct op *op, struct out *o, uint32_t most)
{
	static const unsigned char trailer = TRAILER;
	struct walk w;
	enum err e;

	e = start(op, o, most, &w);
	if (e == ERR_OK)
		e = walk(&w);
	if (e != ERR_OK)
		return e;
	if (!w.whole || w.frames == 0)
		return op_fail(op, ERR_INVALID,
		    "the GIF is cut off or damaged");
	out_mem(o, &trailer, 1);
	return ERR_OK;
}

enum err
gif_copy(struct op *op, struct out *o)
{
	return copy(op, o, 0);
}

enum err
gif_first(struct op *op, struct out *o)
{
	return copy(op, o, 1);
}
