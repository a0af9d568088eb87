#include "config.h"

#include "image_kit.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

#include "base/sec.h"
#include "image/magick.h"

struct kit kit;

static const char *
top(const char *which)
{
	const char *s = getenv(which);

	return s != NULL ? s : ".";
}

static char *
absolute(const char *dir, const char *name)
{
	char path[4096], *real;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	real = realpath(path, NULL);
	ck_assert_msg(real != NULL, "%s is missing", path);
	return real;
}

struct conf *
kit_conf(const char *text)
{
	struct bytes b = kit_text(text);
	struct why why = { 0 };
	struct conf *conf;

	kit_save("conf", b);
	free(b.p);
	ck_assert_int_eq(conf_load(kit.arena, kit_path("conf"), conf_tell_why,
			     &why, &conf),
	    ERR_OK);
	return conf;
}

void
kit_setup(void)
{
	sec_init();
	MagickWandGenesis();
	snprintf(kit.dir, sizeof(kit.dir), "/tmp/vitrine-image-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(kit.dir));
	kit.arena = arena_new(64 << 20);
	kit.conf = kit_conf("[log]\n");
	kit.conf->image_program =
	    absolute(top("top_builddir"), "vitrine-image");
	kit.conf->image_policy = absolute(top("top_srcdir"), "etc/imagemagick");
	kit.client = image_client_new(kit.arena, kit.conf, kit_path("slots"));
}

static int
erase(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void
kit_teardown(void)
{
	nftw(kit.dir, erase, 16, FTW_DEPTH | FTW_PHYS);
	free(kit.out.p);
	kit.out = (struct bytes){ NULL, 0 };
	free((void *)(uintptr_t)kit.conf->image_program);
	free((void *)(uintptr_t)kit.conf->image_policy);
	arena_free(kit.arena);
}

const char *
kit_path(const char *name)
{
	return arena_printf(kit.arena, "%s/%s", kit.dir, name);
}

void
kit_save(const char *name, struct bytes b)
{
	int fd = open(kit_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, b.p, b.n), (ssize_t)b.n);
	close(fd);
}

struct bytes
kit_load(const char *path)
{
	struct bytes b = { NULL, 0 };
	struct stat st;
	int fd = open(path, O_RDONLY);

	ck_assert_msg(fd >= 0, "%s", path);
	ck_assert_int_eq(fstat(fd, &st), 0);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n + 1);
	ck_assert_int_eq(read(fd, b.p, b.n), (ssize_t)b.n);
	close(fd);
	return b;
}

struct bytes
kit_text(const char *s)
{
	struct bytes b = { malloc(strlen(s) + 1), strlen(s) };

	memcpy(b.p, s, b.n + 1);
	return b;
}

struct bytes
kit_join(struct bytes a, struct bytes b)
{
	struct bytes r = { malloc(a.n + b.n + 1), a.n + b.n };

	if (a.n > 0)
		memcpy(r.p, a.p, a.n);
	memcpy(r.p + a.n, b.p, b.n);
	return r;
}

bool
kit_has(struct bytes b, const char *what)
{
	return memmem(b.p, b.n, what, strlen(what)) != NULL;
}

enum what { PROBE, PUBLISH, MARK, THUMBNAIL };

/* As core/community/mark.c does, but for keeping it. */
static enum err
publish_marked(int in, int out)
{
	struct image_mark *m;
	enum err e;
	int fd;

	e = image_mark_plan(kit.client, kit.arena, &m, &kit.why);
	if (e != ERR_OK)
		return e;
	fd = open(kit_path("mark"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	e = image_mark_render(kit.client, m, fd, &kit.why);
	if (e == ERR_OK) {
		ck_assert(image_mark_is_whole(fd));
		e = image_publish(kit.client, kit.arena, in, out, fd, &kit.info,
		    &kit.why);
	}
	close(fd);
	return e;
}

static enum err
call(enum what what, struct bytes b, unsigned side)
{
	int in, out;
	enum err e;

	kit_save("in", b);
	in = open(kit_path("in"), O_RDONLY);
	out = open(kit_path("out"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	why_clear(&kit.why);
	memset(&kit.info, 0, sizeof(kit.info));
	if (what == PROBE)
		e = image_probe(kit.client, kit.arena, in, &kit.info, &kit.why);
	else if (what == THUMBNAIL)
		e = image_thumbnail(kit.client, kit.arena, in, out, side,
		    &kit.info, &kit.why);
	else if (what == MARK)
		e = publish_marked(in, out);
	else
		e = image_publish(kit.client, kit.arena, in, out, -1, &kit.info,
		    &kit.why);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 0);
	close(in);
	close(out);
	free(kit.out.p);
	kit.out = kit_load(kit_path("out"));
	if (e != ERR_OK)
		ck_assert_uint_eq(kit.out.n, 0);
	return e;
}

enum err
kit_probe(struct bytes in)
{
	return call(PROBE, in, 0);
}

enum err
kit_publish(struct bytes in, bool mark)
{
	return call(mark ? MARK : PUBLISH, in, 0);
}

enum err
kit_thumbnail(struct bytes in, unsigned side)
{
	return call(THUMBNAIL, in, side);
}

/* A pattern with edges and slopes, and no two blocks alike. */
static unsigned
sample(unsigned x, unsigned y, unsigned c)
{
	return (x * (3 + c) / 4 + y * (5 - c) / 4 +
		   ((x / 16 + y / 24) % 2) * 60 + (x * y / 97) % 31) &
	    0xff;
}

struct bytes
kit_jpeg(const struct jpeg_spec *spec)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr err;
	unsigned long n = 0;
	struct bytes b = { NULL, 0 };
	unsigned x, i, channels;
	JSAMPROW row;

	c.err = jpeg_std_error(&err);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &b.p, &n);
	channels = spec->color == JCS_GRAYSCALE		       ? 1 :
	    spec->color == JCS_CMYK || spec->color == JCS_YCCK ? 4 :
								 3;
	c.image_width = spec->width;
	c.image_height = spec->height;
	c.input_components = (int)channels;
	c.in_color_space = channels == 1 ? JCS_GRAYSCALE :
	    channels == 4		 ? JCS_CMYK :
					   JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_set_colorspace(&c, (J_COLOR_SPACE)spec->color);
	jpeg_set_quality(&c, 88, TRUE);
	c.comp_info[0].h_samp_factor = spec->h;
	c.comp_info[0].v_samp_factor = spec->v;
	c.restart_interval = (unsigned)spec->restart;
	c.arith_code = spec->arithmetic;
	if (spec->progressive)
		jpeg_simple_progression(&c);
	jpeg_start_compress(&c, TRUE);
	row = malloc((size_t)spec->width * channels);
	while (c.next_scanline < c.image_height) {
		for (x = 0; x < spec->width; x++)
			for (i = 0; i < channels; i++)
				row[x * channels + i] = spec->flat ?
				    128 :
				    (JSAMPLE)sample(x, c.next_scanline, i);
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	free(row);
	b.n = n;
	return b;
}

struct bytes
kit_segment(struct bytes jpeg, unsigned marker, struct bytes b)
{
	unsigned char head[4] = { 0xff, (unsigned char)marker,
		(unsigned char)((b.n + 2) >> 8), (unsigned char)(b.n + 2) };
	struct bytes r = { malloc(jpeg.n + b.n + 4), jpeg.n + b.n + 4 };

	memcpy(r.p, jpeg.p, 2);
	memcpy(r.p + 2, head, 4);
	memcpy(r.p + 6, b.p, b.n);
	memcpy(r.p + 6 + b.n, jpeg.p + 2, jpeg.n - 2);
	return r;
}

struct bytes
kit_exif(unsigned orientation)
{
	/* IFD0: orientation, Make, the Exif and the GPS directory. */
	static const unsigned char form[] = "Exif\0\0II*\0\x08\0\0\0"
					    "\x04\0"
					    "\x0f\x01\x02\0\x0a\0\0\0\x3e\0\0\0"
					    "\x12\x01\x03\0\x01\0\0\0\x01\0\0\0"
					    "\x69\x87\x04\0\x01\0\0\0\x48\0\0\0"
					    "\x25\x88\x04\0\x01\0\0\0\x8c\0\0\0"
					    "\0\0\0\0"
					    "SECRETCAM\0"
					    "\x03\0"
					    "\x03\x90\x02\0\x14\0\0\0\x72\0\0\0"
					    "\x11\x90\x02\0\x07\0\0\0\x9e\0\0\0"
					    "\x7c\x92\x07\0\x0a\0\0\0\xa6\0\0\0"
					    "\0\0\0\0"
					    "2024:03:08 10:30:34\0"
					    "\0\0\0\0\0\0"
					    "\x01\0"
					    "\x1b\0\x02\0\x0a\0\0\0\xb0\0\0\0"
					    "\0\0\0\0"
					    "+02:00\0\0"
					    "SECRETNOTE"
					    "SECRETGPS\0";
	struct bytes b = { malloc(sizeof(form)), sizeof(form) - 1 };

	memcpy(b.p, form, sizeof(form));
	b.p[6 + 8 + 2 + 12 + 8] = (unsigned char)orientation;
	return b;
}

void
kit_be32(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static unsigned
crc(const unsigned char *p, size_t n)
{
	unsigned c = 0xffffffff;
	int bit;

	for (; n > 0; n--, p++)
		for (c ^= *p, bit = 0; bit < 8; bit++)
			c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
	return ~c;
}

struct bytes
kit_chunk(const char *type, struct bytes data)
{
	struct bytes r = { malloc(data.n + 12), data.n + 12 };

	kit_be32(r.p, (unsigned)data.n);
	memcpy(r.p + 4, type, 4);
	memcpy(r.p + 8, data.p, data.n);
	kit_be32(r.p + 8 + data.n, crc(r.p + 4, data.n + 4));
	return r;
}

struct bytes
kit_png_insert(struct bytes png, const char *before, struct bytes chunk)
{
	unsigned char *at = memmem(png.p, png.n, before, 4);
	struct bytes r = { malloc(png.n + chunk.n), png.n + chunk.n };
	size_t n;

	ck_assert_ptr_nonnull(at);
	n = (size_t)(at - png.p) - 4;
	memcpy(r.p, png.p, n);
	memcpy(r.p + n, chunk.p, chunk.n);
	memcpy(r.p + n + chunk.n, png.p + n, png.n - n);
	return r;
}

struct bits {
	unsigned char *p;
	size_t n;
};

static void
put_bits(struct bits *b, unsigned v, int n)
{
	for (; n > 0; n--, v >>= 1, b->n++)
		if (v & 1)
			b->p[b->n / 8] |= (unsigned char)(1u << b->n % 8);
}

static unsigned
reversed(unsigned v, int n)
{
	unsigned r = 0;

	for (; n > 0; n--, v >>= 1)
		r = r << 1 | (v & 1);
	return r;
}

/* One block of fixed codes: a byte, then as often as need be "258 bytes from
 * one byte before". */
struct bytes
kit_zlib(unsigned char c, size_t n)
{
	struct bits b = { calloc(1, n / 258 * 13 / 8 + 400), 0 };
	unsigned a = 1, d = 0;
	size_t i, all = n;

	put_bits(&b, 0x0178, 16);
	put_bits(&b, 3, 3);
	i = n % 258 > 0 ? n % 258 : 258;
	for (n -= i; i > 0; i--)
		put_bits(&b,
		    c < 144 ? reversed(0x30u + c, 8) :
			      reversed(0x190u + c - 144, 9),
		    c < 144 ? 8 : 9);
	for (i = 0; i < n / 258; i++) {
		put_bits(&b, reversed(0xc5, 8), 8);
		put_bits(&b, 0, 5);
	}
	put_bits(&b, 0, 7);
	b.n = (b.n + 7) / 8;
	for (i = 0; i < all; i++)
		a = (a + c) % 65521, d = (d + a) % 65521;
	kit_be32(b.p + b.n, d << 16 | a);
	return (struct bytes){ b.p, b.n + 4 };
}

struct bytes
kit_black_png(unsigned w, unsigned h, unsigned depth, unsigned color)
{
	static const unsigned samples[] = { 1, 0, 3, 1, 2, 0, 4 };
	size_t row = 1 + ((size_t)w * samples[color] * depth + 7) / 8;
	unsigned char head[13] = { 0 };
	struct bytes z = kit_zlib(0, row * h), r, parts[4];
	int i;

	kit_be32(head, w);
	kit_be32(head + 4, h);
	head[8] = (unsigned char)depth;
	head[9] = (unsigned char)color;
	parts[0] = kit_text("\x89PNG\r\n\x1a\n");
	parts[1] = kit_chunk("IHDR", (struct bytes){ head, 13 });
	parts[2] = kit_chunk("IDAT", z);
	parts[3] = kit_chunk("IEND", (struct bytes){ head, 0 });
	r = (struct bytes){ NULL, 0 };
	for (i = 0; i < 4; i++) {
		struct bytes next = kit_join(r, parts[i]);

		free(r.p);
		free(parts[i].p);
		r = next;
	}
	free(z.p);
	return r;
}

void
kit_script(const char *name, const char *body)
{
	struct bytes b = kit_text(body);

	kit_save(name, b);
	free(b.p);
	ck_assert_int_eq(chmod(kit_path(name), 0700), 0);
	free((void *)(uintptr_t)kit.conf->image_program);
	kit.conf->image_program = strdup(kit_path(name));
}

struct pixels
kit_decode(struct bytes file, const char *coder, bool upright)
{
	MagickWand *w = NewMagickWand();
	struct pixels px;

	ck_assert(MagickSetFormat(w, coder));
	ck_assert(MagickReadImageBlob(w, file.p, file.n));
	if (upright)
		ck_assert(MagickAutoOrientImage(w));
	px.width = (unsigned)MagickGetImageWidth(w);
	px.height = (unsigned)MagickGetImageHeight(w);
	px.p = malloc((size_t)px.width * px.height * 8);
	ck_assert(MagickExportImagePixels(w, 0, 0, px.width, px.height, "RGBA",
	    ShortPixel, px.p));
	DestroyMagickWand(w);
	return px;
}

struct bytes
kit_encode(const struct pixels *px, const char *coder, const char *option,
    const char *value, unsigned quality)
{
	MagickWand *w = NewMagickWand();
	unsigned char *p;
	struct bytes b;

	ck_assert(MagickConstituteImage(w, px->width, px->height, "RGBA",
	    ShortPixel, px->p));
	if (option != NULL)
		ck_assert(MagickSetOption(w, option, value));
	if (quality != 0)
		ck_assert(MagickSetImageCompressionQuality(w, quality));
	ck_assert(MagickSetImageFormat(w, coder));
	p = MagickGetImageBlob(w, &b.n);
	ck_assert_ptr_nonnull(p);
	b.p = malloc(b.n);
	memcpy(b.p, p, b.n);
	MagickRelinquishMemory(p);
	DestroyMagickWand(w);
	return b;
}

const unsigned short *
kit_at(const struct pixels *px, unsigned x, unsigned y)
{
	return px->p + ((size_t)y * px->width + x) * 4;
}

struct pixels
kit_pattern(unsigned w, unsigned h, bool alpha)
{
	struct pixels px = { w, h, malloc((size_t)w * h * 8) };
	unsigned x, y, c;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			for (c = 0; c < 4; c++)
				px.p[((size_t)y * w + x) * 4 + c] =
				    (unsigned short)(257 *
					(c < 3	      ? sample(x, y, c) :
						alpha ? sample(y, x, 0) :
							255));
	return px;
}

void
kit_mark_picture(unsigned w, unsigned h)
{
	static const unsigned char quarters[4][4] = { { 255, 0, 0, 255 },
		{ 0, 255, 0, 255 }, { 0, 0, 255, 255 },
		{ 255, 255, 255, 255 } };
	struct pixels px = { w, h, malloc((size_t)w * h * 8) };
	unsigned x, y, c, q;
	struct bytes b;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			for (c = 0; c < 4; c++) {
				q = (y >= h / 2 ? 2u : 0u) + (x >= w / 2);
				px.p[((size_t)y * w + x) * 4 + c] =
				    (unsigned short)(257 * quarters[q][c]);
			}
	b = kit_encode(&px, "PNG", "png:color-type", "6", 0);
	kit_save("mark.png", b);
	free(px.p);
	free(b.p);
	kit.conf->watermark_kind = CONF_MARK_PICTURE;
	kit.conf->watermark_picture = kit_path("mark.png");
	kit.conf->watermark_opacity = 1;
}

const char *
kit_pictures(void)
{
	const char *dir = getenv("VITRINE_PICTURES");

	if (dir != NULL && access(dir, R_OK) == 0)
		return dir;
	puts("1..0 # SKIP VITRINE_PICTURES names no folder");
	exit(getenv("VITRINE_TEST_ALL") != NULL ? EXIT_FAILURE : 77);
}

static struct {
	const char *end;
	char **paths;
	size_t n;
} found;

static int
collect(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t n = strlen(path), e = strlen(found.end);

	(void)st, (void)ftw;
	if (type != FTW_F || n < e || strcmp(path + n - e, found.end) != 0)
		return 0;
	found.paths =
	    realloc(found.paths, (found.n + 2) * sizeof(*found.paths));
	found.paths[found.n++] = strdup(path);
	found.paths[found.n] = NULL;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
kit_find(const char *dir, const char *end)
{
	found.end = end;
	found.paths = calloc(1, sizeof(*found.paths));
	found.n = 0;
	nftw(dir, collect, 16, FTW_PHYS);
	qsort(found.paths, found.n, sizeof(*found.paths), by_name);
	return found.paths;
}
