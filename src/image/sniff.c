#include "config.h"

#include "image/sniff.h"

#include <string.h>

struct magic {
	const char *bytes;
	size_t n;
	enum media_type type;
};

static const struct magic magics[] = {
	{ "\xff\xd8\xff", 3, MEDIA_JPEG },
	{ "\x89PNG\r\n\x1a\n", 8, MEDIA_PNG },
	{ "GIF87a", 6, MEDIA_GIF },
	{ "GIF89a", 6, MEDIA_GIF },
};

static const struct {
	const char brand[5];
	enum media_type type;
} brands[] = {
	{ "qt  ", MEDIA_MOV },
	{ "isom", MEDIA_MP4 },
	{ "iso2", MEDIA_MP4 },
	{ "iso3", MEDIA_MP4 },
	{ "iso4", MEDIA_MP4 },
	{ "iso5", MEDIA_MP4 },
	{ "iso6", MEDIA_MP4 },
	{ "iso7", MEDIA_MP4 },
	{ "iso8", MEDIA_MP4 },
	{ "iso9", MEDIA_MP4 },
	{ "mp41", MEDIA_MP4 },
	{ "mp42", MEDIA_MP4 },
	{ "avc1", MEDIA_MP4 },
	{ "hvc1", MEDIA_MP4 },
	{ "M4V ", MEDIA_MP4 },
	{ "M4VH", MEDIA_MP4 },
	{ "M4VP", MEDIA_MP4 },
	{ "MSNV", MEDIA_MP4 },
	{ "dash", MEDIA_MP4 },
	{ "XAVC", MEDIA_MP4 },
	{ "3gp4", MEDIA_MP4 },
	{ "3gp5", MEDIA_MP4 },
	{ "3gp6", MEDIA_MP4 },
	{ "mmp4", MEDIA_MP4 },
	{ "f4v ", MEDIA_MP4 },
};

/* The type by the major brand; HEIC and AVIF have other brands. */
static enum media_type
sniff_brand(const unsigned char *p)
{
	size_t i;

	for (i = 0; i < sizeof(brands) / sizeof(brands[0]); i++)
		if (memcmp(p + 8, brands[i].brand, 4) == 0)
			return brands[i].type;
	return MEDIA_UNKNOWN;
}

/* Old QuickTime files have no ftyp box and begin with one of these. */
static bool
is_old_quicktime(const unsigned char *p, size_t n)
{
	static const char types[][5] = { "moov", "mdat", "wide" };
	size_t i;

	if (n < 16 || p[0] != 0)
		return false;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (memcmp(p + 4, types[i], 4) == 0)
			return memcmp(p + 12, "mvhd", 4) == 0 ||
			    memcmp(p + 12, "mdat", 4) == 0;
	return false;
}

/* An EBML header whose DocType element (0x4282) says webm. */
static bool
is_webm(const unsigned char *p, size_t n)
{
	static const unsigned char doctype[] = { 0x42, 0x82, 0x84, 'w', 'e',
		'b', 'm' };
	size_t i;

	if (n < 4 || memcmp(p, "\x1a\x45\xdf\xa3", 4) != 0)
		return false;
	for (i = 4; i + sizeof(doctype) <= n && i < 64; i++)
		if (memcmp(p + i, doctype, sizeof(doctype)) == 0)
			return true;
	return false;
}

enum media_type
image_sniff(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (n >= magics[i].n &&
		    memcmp(p, magics[i].bytes, magics[i].n) == 0)
			return magics[i].type;
	if (n >= 16 && memcmp(p, "RIFF", 4) == 0 &&
	    memcmp(p + 8, "WEBPVP8", 7) == 0)
		return MEDIA_WEBP;
	if (n >= 12 && memcmp(p + 4, "ftyp", 4) == 0)
		return sniff_brand(p);
	if (is_old_quicktime(p, n))
		return MEDIA_MOV;
	return is_webm(p, n) ? MEDIA_WEBM : MEDIA_UNKNOWN;
}
