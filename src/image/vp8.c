#include "config.h"

#include "image/vp8.h"

#include <math.h>

#define QUALITY_UNKNOWN 75
#define QUANTIZER_MAX 127

/* The boolean decoder of RFC 6386, 7.3, for flags with equal odds only. */
struct bits {
	struct slice s;
	size_t at;
	unsigned value; /* two bytes of input */
	unsigned range;
	int count; /* shifts since the last byte */
};

static unsigned
next_byte(struct bits *b)
{
	return b->at < b->s.n ? b->s.p[b->at++] : 0;
}

static unsigned
flag(struct bits *b)
{
	unsigned split = 1 + ((b->range - 1) * 128 >> 8), bit = 0;

	if (b->value >= split << 8) {
		bit = 1;
		b->range -= split;
		b->value -= split << 8;
	} else {
		b->range = split;
	}
	while (b->range < 128) {
		b->value <<= 1;
		b->range <<= 1;
		if (++b->count == 8) {
			b->count = 0;
			b->value |= next_byte(b);
		}
	}
	return bit;
}

static int
number(struct bits *b, int n)
{
	int v = 0;

	while (n-- > 0)
		v = v << 1 | (int)flag(b);
	return v;
}

/* A signed number, or 0 if the flag before it says that it is omitted. */
static int
maybe_signed(struct bits *b, int n)
{
	int v;

	if (!flag(b))
		return 0;
	v = number(b, n);
	return flag(b) ? -v : v;
}

/* The mean of the segments' quantizers, which are absolute or relative. */
static int
segments(struct bits *b, bool *ret_absolute)
{
	bool map, data;
	int i, sum = 0;

	*ret_absolute = false;
	if (!flag(b))
		return 0;
	map = flag(b);
	data = flag(b);
	if (data) {
		*ret_absolute = flag(b);
		for (i = 0; i < 4; i++)
			sum += maybe_signed(b, 7);
		for (i = 0; i < 4; i++)
			maybe_signed(b, 6);
	}
	for (i = 0; map && i < 3; i++)
		if (flag(b))
			number(b, 8);
	return sum / 4;
}

/* The inverse of libwebp's formula from quality to quantizer. */
static unsigned
quality_of(int quantizer)
{
	double c, linear, q;

	if (quantizer < 0)
		quantizer = 0;
	if (quantizer > QUANTIZER_MAX)
		quantizer = QUANTIZER_MAX;
	c = 1 - (double)quantizer / QUANTIZER_MAX;
	linear = c * c * c;
	q = linear < 0.5 ? linear * 1.5 : (linear + 1) / 2;
	return (unsigned)lround(q * 100);
}

unsigned
vp8_quality(struct slice frame)
{
	struct bits b = { { NULL, 0 }, 0, 0, 255, 0 };
	bool absolute;
	int i, mean, base;

	/* Ten bytes of frame tag, start code and size; a key frame's flag is
	 * clear. */
	if (frame.n < 12 || (frame.p[0] & 1) != 0)
		return QUALITY_UNKNOWN;
	b.s = (struct slice){ frame.p + 10, frame.n - 10 };
	b.value = next_byte(&b) << 8;
	b.value |= next_byte(&b);
	number(&b, 2); /* colour space, clamping */
	mean = segments(&b, &absolute);
	number(&b, 1 + 6 + 3); /* filter, its level and sharpness */
	if (flag(&b) && flag(&b))
		for (i = 0; i < 8; i++)
			maybe_signed(&b, 6);
	number(&b, 2); /* partitions */
	base = number(&b, 7);
	return quality_of(absolute ? mean : base + mean);
}
