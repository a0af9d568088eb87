#include "config.h"

#include "image/container.h"

#include <string.h>

#include "image/meta.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define XMP_KEYWORD "XML:com.adobe.xmp"

enum keep {
	KEEP_BARE = 1,	/* needed to decode the pixels */
	KEEP_COLOR = 2, /* the colour space */
	KEEP_PROFILE = 4,
	KEEP_FRAMES = 8, /* the frames of an animation */
};

static const struct {
	char type[5];
	unsigned keep;
} kept[] = {
	{ "IHDR", KEEP_BARE },
	{ "PLTE", KEEP_BARE },
	{ "tRNS", KEEP_BARE },
	{ "IDAT", KEEP_BARE },
	{ "IEND", KEEP_BARE },
	{ "gAMA", KEEP_COLOR },
	{ "cHRM", KEEP_COLOR },
	{ "sRGB", KEEP_COLOR },
	{ "iCCP", KEEP_PROFILE },
	{ "cICP", KEEP_COLOR },
	{ "pHYs", KEEP_COLOR },
	{ "sBIT", KEEP_COLOR },
	{ "acTL", KEEP_FRAMES },
	{ "fcTL", KEEP_FRAMES },
	{ "fdAT", KEEP_FRAMES },
};

struct chunk {
	struct slice whole; /* with length, type and checksum */
	struct slice data;
	const char *type; /* four characters */
};

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static uint32_t
crc(const unsigned char *p, size_t n)
{
	static uint32_t table[256];
	uint32_t c;
	size_t i;
	int bit;

	for (i = 0; table[255] == 0 && i < 256; i++) {
		c = (uint32_t)i;
		for (bit = 0; bit < 8; bit++)
			c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
		table[i] = c;
	}
	c = UINT32_MAX;
	for (i = 0; i < n; i++)
		c = table[(c ^ p[i]) & 0xff] ^ c >> 8;
	return ~c;
}

/* Reads the first chunk of *rest and removes it. */
static bool
next(struct slice *rest, struct chunk *ret)
{
	uint32_t n;

	if (rest->n < 12)
		return false;
	n = be32(rest->p);
	if (n > INT32_MAX || n > rest->n - 12)
		return false;
	ret->whole = (struct slice){ rest->p, (size_t)n + 12 };
	ret->type = (const char *)rest->p + 4;
	ret->data = (struct slice){ rest->p + 8, n };
	rest->p += (size_t)n + 12;
	rest->n -= (size_t)n + 12;
	return true;
}

static bool
is(const struct chunk *c, const char *type)
{
	return memcmp(c->type, type, 4) == 0;
}

static unsigned
keep_of(const struct chunk *c)
{
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (is(c, kept[i].type))
			return kept[i].keep;
	return 0;
}

static struct slice
body(struct slice file)
{
	return (struct slice){ file.p + 8, file.n - 8 };
}

/* The XMP packet of an uncompressed iTXt chunk, which begins with keyword, NUL,
 * two flags, language, NUL, translated keyword, NUL. */
static struct slice
xmp_of(const struct chunk *c)
{
	static const size_t head = sizeof(XMP_KEYWORD) + 2 + 2;

	if (c->data.n > head &&
	    memcmp(c->data.p, XMP_KEYWORD "\0\0\0\0\0", head) == 0)
		return (struct slice){ c->data.p + head, c->data.n - head };
	return (struct slice){ NULL, 0 };
}

enum err
png_scan(struct op *op)
{
	struct slice rest = body(op->in), s;
	struct picture *pic = &op->pic;
	bool pixels = false;
	struct chunk c;

	if (!next(&rest, &c) || !is(&c, "IHDR") || c.data.n != 13)
		return op_fail(op, ERR_INVALID, "the PNG has no header");
	pic->width = be32(c.data.p);
	pic->height = be32(c.data.p + 4);
	pic->depth = c.data.p[8];
	pic->color = c.data.p[9];
	while (next(&rest, &c) && !is(&c, "IEND")) {
		if (is(&c, "IDAT"))
			pixels = true;
		else if (is(&c, "acTL") && !pixels)
			pic->animated = true;
		else if (is(&c, "eXIf"))
			pic->exif = meta_tiff(c.data);
		else if (is(&c, "iTXt") && (s = xmp_of(&c)).n > 0)
			pic->xmp = s;
	}
	return ERR_OK;
}

static void
put_chunk(struct out *o, const char *type, const unsigned char *p, size_t n)
{
	unsigned char b[4 + META_EXIF_SIZE];

	memcpy(b, type, 4);
	memcpy(b + 4, p, n);
	out_be32(o, (uint32_t)n);
	out_mem(o, b, 4 + n);
	out_be32(o, crc(b, 4 + n));
}

static void
put_orientation(struct op *op, struct out *o)
{
	unsigned char exif[META_EXIF_SIZE];

	if (op->pic.orientation <= 1)
		return;
	meta_exif(op->pic.orientation, exif);
	put_chunk(o, "eXIf", exif, sizeof(exif));
}

/* Copies the chunks of the classes in keep, up to IEND. An unknown critical
 * chunk is an error, since the picture cannot be decoded without it. */
static enum err
copy_chunks(struct op *op, struct slice file, unsigned keep, bool orientation,
    struct out *o)
{
	struct slice rest = body(file);
	struct chunk c;
	size_t headers = 0, pixels = 0;

	out_mem(o, SIGNATURE, 8);
	while (next(&rest, &c)) {
		if (keep_of(&c) == 0 && (c.type[0] & 0x20) == 0)
			return op_fail(op, ERR_INVALID,
			    "the PNG has an unknown part");
		if ((keep_of(&c) & keep) == 0)
			continue;
		if (be32(c.whole.p + c.whole.n - 4) !=
		    crc(c.whole.p + 4, c.whole.n - 8))
			return op_fail(op, ERR_INVALID, "the PNG is damaged");
		pixels += is(&c, "IDAT");
		headers += is(&c, "IHDR");
		out_slice(o, c.whole);
		if (is(&c, "IHDR") && orientation)
			put_orientation(op, o);
		if (is(&c, "IEND"))
			return headers == 1 && pixels > 0 ?
			    ERR_OK :
			    op_fail(op, ERR_INVALID, "the PNG is damaged");
	}
	return op_fail(op, ERR_INVALID, "the PNG is cut off");
}

enum err
png_copy(struct op *op, struct out *o)
{
	return copy_chunks(op, op->in,
	    KEEP_BARE | KEEP_COLOR | KEEP_PROFILE |
		(op->pic.animated ? KEEP_FRAMES : 0),
	    true, o);
}

enum err
png_bare(struct op *op, struct out *o)
{
	return copy_chunks(op, op->in, KEEP_BARE, false, o);
}

enum err
png_colored(struct op *op, struct out *o)
{
	return copy_chunks(op, op->in, KEEP_BARE | KEEP_PROFILE, false, o);
}

enum err
png_dress(struct op *op, struct slice made, struct out *o)
{
	struct slice rest = body(op->in), written = body(made);
	struct chunk c;

	if (made.n < 8 || !next(&written, &c) || !is(&c, "IHDR"))
		return op_fail(op, ERR_INTERNAL,
		    "MagickWand did not write a PNG");
	out_mem(o, SIGNATURE, 8);
	out_slice(o, c.whole);
	put_orientation(op, o);
	/* sBIT is dropped: its format depends on the colour type, which changes
	 * if the picture had a palette. */
	while (next(&rest, &c) && !is(&c, "IDAT"))
		if ((keep_of(&c) & (KEEP_COLOR | KEEP_PROFILE)) != 0 &&
		    !is(&c, "sBIT"))
			out_slice(o, c.whole);
	while (next(&written, &c)) {
		if (keep_of(&c) == KEEP_BARE)
			out_slice(o, c.whole);
		if (is(&c, "IEND"))
			return ERR_OK;
	}
	return op_fail(op, ERR_INTERNAL, "MagickWand wrote a truncated PNG");
}
