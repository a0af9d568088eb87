#include "config.h"

#include "image/srgb.h"

#include <string.h>

#define FIXED(x) ((uint32_t)(int32_t)((x)*65536 + ((x) < 0 ? -0.5 : 0.5)))

enum {
	HEADER = 128,
	TAGS = 9,
	XYZ_SIZE = 20,
	CURVE_SIZE = 32,
	TEXT_SIZE = 40,
	DATA = HEADER + 4 + TAGS * 12,
	AT_WHITE = DATA,
	AT_RED = AT_WHITE + XYZ_SIZE,
	AT_GREEN = AT_RED + XYZ_SIZE,
	AT_BLUE = AT_GREEN + XYZ_SIZE,
	AT_CURVE = AT_BLUE + XYZ_SIZE,
	AT_TEXT = AT_CURVE + CURVE_SIZE,
	SIZE = AT_TEXT + TEXT_SIZE,
};

static void
put32(unsigned char *p, uint32_t v)
{
	p[0] = v >> 24 & 0xff;
	p[1] = v >> 16 & 0xff;
	p[2] = v >> 8 & 0xff;
	p[3] = v & 0xff;
}

static void
put_xyz(unsigned char *p, double x, double y, double z)
{
	memcpy(p, "XYZ ", 4);
	put32(p + 8, FIXED(x));
	put32(p + 12, FIXED(y));
	put32(p + 16, FIXED(z));
}

/* The curve of IEC 61966-2-1: ((x + 0.055) / 1.055) ^ 2.4, below 0.04045
 * x / 12.92. */
static void
put_curve(unsigned char *p)
{
	memcpy(p, "para", 4);
	p[9] = 3;
	put32(p + 12, FIXED(2.4));
	put32(p + 16, FIXED(1 / 1.055));
	put32(p + 20, FIXED(0.055 / 1.055));
	put32(p + 24, FIXED(1 / 12.92));
	put32(p + 28, FIXED(0.04045));
}

/* Writes one record of four letters with two bytes each. */
static void
put_text(unsigned char *p)
{
	static const char name[] = "sRGB";
	size_t i;

	memcpy(p, "mluc", 4);
	put32(p + 8, 1);
	put32(p + 12, 12);
	memcpy(p + 16, "enUS", 4);
	put32(p + 20, 2 * (sizeof(name) - 1));
	put32(p + 24, 28);
	for (i = 0; i < sizeof(name) - 1; i++)
		p[28 + 2 * i + 1] = (unsigned char)name[i];
}

static void
put_header(unsigned char *p)
{
	put32(p, SIZE);
	put32(p + 8, 0x04200000);
	memcpy(p + 12, "mntrRGB XYZ ", 12);
	memcpy(p + 24, "\x07\xe8\0\1\0\1", 6); /* 1 January 2024 */
	memcpy(p + 36, "acsp", 4);
	put32(p + 68, FIXED(0.9642));
	put32(p + 72, FIXED(1.0));
	put32(p + 76, FIXED(0.8249));
}

struct slice
srgb_profile(void)
{
	static const struct {
		char name[5];
		uint32_t at, size;
	} tags[TAGS] = {
		{ "desc", AT_TEXT, TEXT_SIZE },
		{ "cprt", AT_TEXT, TEXT_SIZE },
		{ "wtpt", AT_WHITE, XYZ_SIZE },
		{ "rXYZ", AT_RED, XYZ_SIZE },
		{ "gXYZ", AT_GREEN, XYZ_SIZE },
		{ "bXYZ", AT_BLUE, XYZ_SIZE },
		{ "rTRC", AT_CURVE, CURVE_SIZE },
		{ "gTRC", AT_CURVE, CURVE_SIZE },
		{ "bTRC", AT_CURVE, CURVE_SIZE },
	};
	static unsigned char p[SIZE];
	unsigned char *tag = p + HEADER;
	size_t i;

	put_header(p);
	put32(tag, TAGS);
	tag += 4;
	for (i = 0; i < TAGS; i++, tag += 12) {
		memcpy(tag, tags[i].name, 4);
		put32(tag + 4, tags[i].at);
		put32(tag + 8, tags[i].size);
	}
	/* Adapted to D50, the white point of profiles. */
	put_xyz(p + AT_WHITE, 0.9642, 1.0, 0.8249);
	put_xyz(p + AT_RED, 0.43607, 0.22249, 0.01392);
	put_xyz(p + AT_GREEN, 0.38515, 0.71687, 0.09708);
	put_xyz(p + AT_BLUE, 0.14307, 0.06061, 0.71410);
	put_curve(p + AT_CURVE);
	put_text(p + AT_TEXT);
	return (struct slice){ p, SIZE };
}
