#include "config.h"

#include "image/meta.h"

#include <string.h>

#include "base/clock.h"

#define TAG_ORIENTATION 0x0112
#define TAG_EXIF_IFD 0x8769
#define TAG_TAKEN 0x9003
#define TAG_DIGITIZED 0x9004
#define TAG_TAKEN_OFFSET 0x9011
#define TAG_DIGITIZED_OFFSET 0x9012

#define TYPE_ASCII 2
#define TYPE_SHORT 3
#define TYPE_LONG 4

struct tiff {
	struct slice s;
	bool big;
};

struct entry {
	unsigned type;
	uint32_t count;
	struct slice value; /* the four bytes of value or offset */
};

static unsigned
get16(const struct tiff *t, const unsigned char *p)
{
	return t->big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static uint32_t
get32(const struct tiff *t, const unsigned char *p)
{
	return t->big ? (uint32_t)get16(t, p) << 16 | get16(t, p + 2) :
			(uint32_t)get16(t, p + 2) << 16 | get16(t, p);
}

static bool
tiff_open(struct slice s, struct tiff *t)
{
	if (s.n < 8)
		return false;
	t->s = s;
	t->big = memcmp(s.p, "MM\0*", 4) == 0;
	return t->big || memcmp(s.p, "II*\0", 4) == 0;
}

/* Reads an entry of the directory at off. */
static bool
find(const struct tiff *t, size_t off, unsigned tag, struct entry *ret)
{
	const unsigned char *p;
	unsigned i, n;

	if (off > t->s.n - 2 || off == 0)
		return false;
	n = get16(t, t->s.p + off);
	off += 2;
	for (i = 0; i < n && t->s.n - off >= 12; i++, off += 12) {
		p = t->s.p + off;
		if (get16(t, p) != tag)
			continue;
		ret->type = get16(t, p + 2);
		ret->count = get32(t, p + 4);
		ret->value = (struct slice){ p + 8, 4 };
		return true;
	}
	return false;
}

unsigned
meta_orientation(struct slice s)
{
	struct entry e;
	struct tiff t;
	unsigned o;

	if (!tiff_open(s, &t) ||
	    !find(&t, get32(&t, s.p + 4), TAG_ORIENTATION, &e) ||
	    e.count != 1 || (e.type != TYPE_SHORT && e.type != TYPE_LONG))
		return 1;
	o = e.type == TYPE_SHORT ? get16(&t, e.value.p) : get32(&t, e.value.p);
	return o >= 1 && o <= 8 ? o : 1;
}

static bool
get_text(const struct tiff *t, size_t ifd, unsigned tag, char *ret, size_t size)
{
	struct entry e;
	uint32_t off;

	if (!find(t, ifd, tag, &e) || e.type != TYPE_ASCII || e.count <= 4 ||
	    e.count > size)
		return false;
	off = get32(t, e.value.p);
	if (off > t->s.n || t->s.n - off < e.count)
		return false;
	memcpy(ret, t->s.p + off, e.count);
	ret[e.count - 1] = '\0';
	return true;
}

/* Rewrites "2024:03:08 10:30:34" as RFC 3339, since its parser validates. */
static int64_t
get_time(const struct tiff *t, size_t ifd, unsigned tag, unsigned offset_tag)
{
	char text[48], offset[16];
	int64_t ms = 0;
	bool date_only;

	if (!get_text(t, ifd, tag, text, 32) || strlen(text) != 19 ||
	    text[4] != ':' || text[7] != ':')
		return CLOCK_NONE;
	text[4] = text[7] = '-';
	text[10] = 'T';
	if (!get_text(t, ifd, offset_tag, offset, sizeof(offset)) ||
	    (offset[0] != '+' && offset[0] != '-'))
		memcpy(offset, "Z", 2);
	memcpy(text + 19, offset, strlen(offset) + 1);
	return clock_parse(text, &ms, &date_only) ? ms : CLOCK_NONE;
}

int64_t
meta_taken_at(struct slice s)
{
	struct entry e;
	struct tiff t;
	int64_t ms;
	size_t ifd;

	if (!tiff_open(s, &t) ||
	    !find(&t, get32(&t, s.p + 4), TAG_EXIF_IFD, &e) ||
	    e.type != TYPE_LONG)
		return CLOCK_NONE;
	ifd = get32(&t, e.value.p);
	ms = get_time(&t, ifd, TAG_TAKEN, TAG_TAKEN_OFFSET);
	return ms != CLOCK_NONE ?
	    ms :
	    get_time(&t, ifd, TAG_DIGITIZED, TAG_DIGITIZED_OFFSET);
}

void
meta_exif(unsigned orientation, unsigned char ret[META_EXIF_SIZE])
{
	static const unsigned char form[META_EXIF_SIZE] = {
		'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, /* one entry */
		TAG_ORIENTATION >> 8, TAG_ORIENTATION & 0xff, 0, TYPE_SHORT, 0,
		0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, /* no directory follows */
	};

	memcpy(ret, form, sizeof(form));
	ret[19] = (unsigned char)orientation;
}

struct slice
meta_tiff(struct slice s)
{
	if (s.n >= 6 && memcmp(s.p, "Exif\0\0", 6) == 0)
		return (struct slice){ s.p + 6, s.n - 6 };
	return s;
}
