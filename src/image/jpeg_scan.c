#include "config.h"

#include "image/container.h"

#include <string.h>

#include "image/meta.h"

#define EXIF_HEAD "Exif\0" /* and the literal's NUL: 6 bytes */
#define XMP_HEAD "http://ns.adobe.com/xap/1.0/" /* 29 with its NUL */
#define PHOTOSHOP_HEAD "Photoshop 3.0"		/* 14 with its NUL */

enum {
	SOF0 = 0xc0,
	SOF15 = 0xcf,
	DHT = 0xc4,
	JPG = 0xc8,
	DAC = 0xcc,
	EOI = 0xd9,
	SOS = 0xda,
	APP1 = 0xe1,
	APP13 = 0xed,
};

static bool
cut(struct slice s, const char *head, size_t n, struct slice *ret)
{
	if (s.n < n || memcmp(s.p, head, n) != 0)
		return false;
	*ret = (struct slice){ s.p + n, s.n - n };
	return true;
}

static void
scan_app(struct picture *pic, unsigned marker, struct slice data)
{
	struct slice s;

	if (marker == APP1 && pic->exif.n == 0 &&
	    cut(data, EXIF_HEAD, sizeof(EXIF_HEAD), &s))
		pic->exif = s;
	else if (marker == APP1 && pic->xmp.n == 0 &&
	    cut(data, XMP_HEAD, sizeof(XMP_HEAD), &s))
		pic->xmp = s;
	else if (marker == APP13 && pic->iptc.n == 0 &&
	    cut(data, PHOTOSHOP_HEAD, sizeof(PHOTOSHOP_HEAD), &s))
		pic->iptc = meta_iptc(s);
}

static bool
is_frame(unsigned marker)
{
	return marker >= SOF0 && marker <= SOF15 && marker != DHT &&
	    marker != JPG && marker != DAC;
}

/* Reads the markers before the first scan, which hold all that is needed. */
enum err
jpeg_scan(struct op *op)
{
	const unsigned char *p = op->in.p + 2, *end = op->in.p + op->in.n;
	struct picture *pic = &op->pic;
	unsigned marker;
	size_t n;

	while (end - p >= 4 && p[0] == 0xff) {
		marker = p[1];
		if (marker == 0xff) { /* fill */
			p++;
			continue;
		}
		n = (size_t)p[2] << 8 | p[3];
		if (marker == SOS || marker == EOI || n < 2 ||
		    n > (size_t)(end - p) - 2)
			break;
		if (is_frame(marker) && n >= 8) {
			pic->height = (uint32_t)p[5] << 8 | p[6];
			pic->width = (uint32_t)p[7] << 8 | p[8];
		} else {
			scan_app(pic, marker, (struct slice){ p + 4, n - 2 });
		}
		p += 2 + n;
	}
	if (pic->width == 0)
		return op_fail(op, ERR_INVALID, "the JPEG has no header");
	return ERR_OK;
}
