/* The watermark: its place, that the rest of the picture is unchanged, and that
 * nothing is published without it. */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

#include "image/protocol.h"
#include "image_kit.h"

#define FULL 65535

static const char *const places[] = { "top-left", "top", "top-right", "left",
	"center", "right", "bottom-left", "bottom", "bottom-right" };

struct rect {
	unsigned x, y, w, h;
};

/* Where a mark of half its width in height belongs on a picture of w by h. */
static struct rect
expected(unsigned w, unsigned h, int place)
{
	unsigned mw = (unsigned)(w * kit.conf->watermark_size + 0.5);
	unsigned mh = mw / 2,
		 margin =
		     (unsigned)((w < h ? w : h) * kit.conf->watermark_margin +
			 0.5);
	struct rect r = { margin, margin, mw, mh };

	if (place % 3 == 1)
		r.x = (w - mw) / 2;
	if (place % 3 == 2)
		r.x = w - mw - margin;
	if (place / 3 == 1)
		r.y = (h - mh) / 2;
	if (place / 3 == 2)
		r.y = h - mh - margin;
	return r;
}

static bool
near(const unsigned short *p, unsigned r, unsigned g, unsigned b, int tolerance)
{
	return abs(p[0] - (int)r) <= tolerance &&
	    abs(p[1] - (int)g) <= tolerance && abs(p[2] - (int)b) <= tolerance;
}

/* Red, green; blue, white in the rectangle's quarters, grey around it. */
static void
check_quarters(const struct pixels *px, struct rect r, const char *what)
{
	const int t = 40 * 257;
	unsigned x1 = r.x + r.w / 4, x2 = r.x + r.w * 3 / 4;
	unsigned y1 = r.y + r.h / 4, y2 = r.y + r.h * 3 / 4;

	ck_assert_msg(near(kit_at(px, x1, y1), FULL, 0, 0, t), "%s", what);
	ck_assert_msg(near(kit_at(px, x2, y1), 0, FULL, 0, t), "%s", what);
	ck_assert_msg(near(kit_at(px, x1, y2), 0, 0, FULL, t), "%s", what);
	ck_assert_msg(near(kit_at(px, x2, y2), FULL, FULL, FULL, t), "%s",
	    what);
	if (r.x >= 18)
		ck_assert_msg(near(kit_at(px, r.x - 18, y1), 0x8080, 0x8080,
				  0x8080, 514),
		    "%s: left", what);
	if (r.x + r.w + 18 <= px->width)
		ck_assert_msg(near(kit_at(px, r.x + r.w + 17, y1), 0x8080,
				  0x8080, 0x8080, 514),
		    "%s: right", what);
	if (r.y >= 18)
		ck_assert_msg(near(kit_at(px, x1, r.y - 18), 0x8080, 0x8080,
				  0x8080, 514),
		    "%s: above", what);
	if (r.y + r.h + 18 <= px->height)
		ck_assert_msg(near(kit_at(px, x1, r.y + r.h + 17), 0x8080,
				  0x8080, 0x8080, 514),
		    "%s: below", what);
}

/* Reads it like the setting in the configuration. */
static int
place(const char *word)
{
	char text[64];

	snprintf(text, sizeof(text), "[watermark]\nplace = %s\n", word);
	return kit_conf(text)->watermark_place;
}

/* The loop counts orientation and place. */
START_TEST(jpeg_as_seen)
{
	unsigned orientation = (unsigned)_i / 9 + 1;
	struct jpeg_spec spec = { .width = 320,
		.height = 203,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2,
		.flat = true };
	struct bytes jpeg = kit_jpeg(&spec), exif = kit_exif(orientation),
		     in = kit_segment(jpeg, 0xe1, exif);
	struct pixels px;
	char what[64];

	kit_mark_picture(64, 32);
	kit.conf->watermark_place = place(places[_i % 9]);
	kit.conf->watermark_margin = 0.1;
	snprintf(what, sizeof(what), "orientation %u, %s", orientation,
	    places[_i % 9]);
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	ck_assert(!kit_has(kit.out, "SECRET"));
	px = kit_decode(kit.out, "JPEG", true);
	ck_assert_uint_eq(px.width, orientation >= 5 ? 203 : 320);
	ck_assert_uint_eq(px.width, kit.info.width);
	ck_assert_uint_eq(px.height, kit.info.height);
	check_quarters(&px, expected(px.width, px.height, _i % 9), what);
	free(px.p);
	free(jpeg.p);
	free(exif.p);
	free(in.p);
}
END_TEST

static struct bytes
webp_with_exif(struct bytes webp, unsigned orientation, unsigned w, unsigned h)
{
	struct bytes exif = kit_exif(orientation), r;
	size_t pixels = webp.n - 12, n = exif.n - 6 + (exif.n & 1);

	r.n = 12 + 18 + pixels + 8 + n;
	r.p = calloc(1, r.n);
	memcpy(r.p, webp.p, 12);
	memcpy(r.p + 12, "VP8X\x0a\0\0\0\x08", 9);
	r.p[24] = (unsigned char)(w - 1),
	r.p[25] = (unsigned char)((w - 1) >> 8);
	r.p[27] = (unsigned char)(h - 1),
	r.p[28] = (unsigned char)((h - 1) >> 8);
	memcpy(r.p + 30, webp.p + 12, pixels);
	memcpy(r.p + 30 + pixels, "EXIF", 4);
	r.p[34 + pixels] = (unsigned char)(exif.n - 6);
	r.p[35 + pixels] = (unsigned char)((exif.n - 6) >> 8);
	memcpy(r.p + 38 + pixels, exif.p + 6, exif.n - 6);
	r.p[4] = (unsigned char)(r.n - 8);
	r.p[5] = (unsigned char)((r.n - 8) >> 8);
	r.p[6] = (unsigned char)((r.n - 8) >> 16);
	free(exif.p);
	return r;
}

static void
fill_grey(struct pixels *px)
{
	size_t i;

	for (i = 0; i < (size_t)px->width * px->height * 4; i++)
		px->p[i] = i % 4 == 3 ? FULL : 0x8080;
}

/* MagickWand turns neither by the orientation of a PNG nor of a WebP: the
 * picture is turned here by a JPEG's, which it knows. */
static struct pixels
turned(const struct pixels *px, unsigned orientation)
{
	struct bytes jpeg = kit_encode(px, "JPEG", NULL, NULL, 95),
		     exif = kit_exif(orientation),
		     in = kit_segment(jpeg, 0xe1, exif);
	struct pixels r = kit_decode(in, "JPEG", true);

	free(jpeg.p);
	free(exif.p);
	free(in.p);
	return r;
}

START_TEST(png_and_webp_as_seen)
{
	unsigned orientation = (unsigned)_i % 8 + 1;
	bool webp = _i >= 8;
	struct pixels grey = kit_pattern(320, 203, false), px, seen;
	struct bytes plain, exif = kit_exif(orientation), tiff, chunk, in;

	fill_grey(&grey);
	tiff = (struct bytes){ exif.p + 6, exif.n - 6 };
	chunk = kit_chunk("eXIf", tiff);
	if (webp) {
		plain = kit_encode(&grey, "WEBP", "webp:lossless", "true", 0);
		in = webp_with_exif(plain, orientation, 320, 203);
	} else {
		plain = kit_encode(&grey, "PNG", "png:color-type", "2", 0);
		in = kit_png_insert(plain, "IDAT", chunk);
	}
	kit_mark_picture(64, 32);
	kit.conf->watermark_place = IMAGE_BOTTOM_RIGHT;
	kit.conf->watermark_margin = 0.1;
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	ck_assert_uint_eq(kit.info.width, orientation >= 5 ? 203 : 320);
	ck_assert(!kit_has(kit.out, "SECRET"));
	ck_assert_int_eq(kit_has(kit.out, webp ? "EXIF" : "eXIf"),
	    orientation != 1);
	px = kit_decode(kit.out, webp ? "WEBP" : "PNG", false);
	seen = turned(&px, orientation);
	check_quarters(&seen, expected(seen.width, seen.height, 8), "turned");
	free(px.p);
	free(seen.p);
	free(grey.p);
	free(plain.p);
	free(chunk.p);
	free(exif.p);
	free(in.p);
}
END_TEST

static const struct jpeg_spec kinds[] = {
	{ 400, 300, JCS_YCbCr, 2, 2, false, false, 0, false },
	{ 401, 301, JCS_YCbCr, 2, 2, false, false, 0, false },
	{ 399, 287, JCS_YCbCr, 1, 1, false, false, 0, false },
	{ 399, 287, JCS_YCbCr, 2, 1, false, false, 0, false },
	{ 399, 287, JCS_YCbCr, 1, 2, false, false, 0, false },
	{ 399, 287, JCS_YCbCr, 4, 1, false, false, 0, false },
	{ 399, 287, JCS_YCbCr, 4, 2, false, false, 0, false },
	{ 399, 287, JCS_GRAYSCALE, 1, 1, false, false, 0, false },
	{ 399, 287, JCS_GRAYSCALE, 2, 2, false, false, 0, false },
	{ 399, 287, JCS_RGB, 1, 1, false, false, 0, false },
	{ 399, 287, JCS_CMYK, 1, 1, false, false, 0, false },
	{ 399, 287, JCS_YCCK, 1, 1, false, false, 0, false },
	{ 400, 300, JCS_YCbCr, 2, 2, true, false, 0, false },
	{ 399, 287, JCS_GRAYSCALE, 1, 1, true, false, 0, false },
	{ 399, 287, JCS_YCbCr, 2, 2, false, true, 0, false },
	{ 399, 287, JCS_YCbCr, 2, 2, true, true, 0, false },
	{ 399, 287, JCS_YCbCr, 2, 2, false, false, 7, false },
	{ 9, 300, JCS_YCbCr, 2, 2, false, false, 0, false },
	{ 300, 9, JCS_YCbCr, 2, 2, false, false, 0, false },
};

struct coefficients {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr err;
	jvirt_barray_ptr *arrays;
};

static void
open_coefficients(struct coefficients *c, struct bytes b)
{
	c->d.err = jpeg_std_error(&c->err);
	jpeg_create_decompress(&c->d);
	jpeg_mem_src(&c->d, b.p, b.n);
	ck_assert_int_eq(jpeg_read_header(&c->d, TRUE), JPEG_HEADER_OK);
	c->arrays = jpeg_read_coefficients(&c->d);
	ck_assert_int_eq(c->err.num_warnings, 0);
}

static const JBLOCK *
block(struct coefficients *c, int i, unsigned x, unsigned y)
{
	JBLOCKARRAY a = (*c->d.mem->access_virt_barray)((j_common_ptr)&c->d,
	    c->arrays[i], y, 1, FALSE);

	return (const JBLOCK *)&a[0][x];
}

/* Blocks of a component that differ: all within the rectangle, of which
 * there must be some. */
static unsigned
compare(struct coefficients *a, struct coefficients *b, int i, struct rect r)
{
	jpeg_component_info *comp = &a->d.comp_info[i];
	unsigned bw = (unsigned)(8 * a->d.max_h_samp_factor /
		     comp->h_samp_factor),
		 bh = (unsigned)(8 * a->d.max_v_samp_factor /
		     comp->v_samp_factor),
		 x, y, n = 0;

	ck_assert_int_eq(comp->h_samp_factor, b->d.comp_info[i].h_samp_factor);
	ck_assert_int_eq(comp->v_samp_factor, b->d.comp_info[i].v_samp_factor);
	ck_assert_mem_eq(comp->quant_table->quantval,
	    b->d.comp_info[i].quant_table->quantval,
	    sizeof(comp->quant_table->quantval));
	for (y = 0; y < comp->height_in_blocks; y++)
		for (x = 0; x < comp->width_in_blocks; x++) {
			if (memcmp(block(a, i, x, y), block(b, i, x, y),
				sizeof(JBLOCK)) == 0)
				continue;
			n++;
			ck_assert_msg(x * bw < r.x + r.w &&
				(x + 1) * bw > r.x && y * bh < r.y + r.h &&
				(y + 1) * bh > r.y,
			    "component %d, block %u %u", i, x, y);
		}
	return n;
}

START_TEST(jpeg_blocks_stay)
{
	const struct jpeg_spec *spec = &kinds[_i];
	struct bytes in = kit_jpeg(spec);
	struct coefficients a, b;
	struct rect r;
	unsigned n = 0;
	int i;

	kit_mark_picture(64, 32);
	kit.conf->watermark_place = IMAGE_CENTER;
	ck_assert_msg(kit_publish(in, true) == ERR_OK, "%s", kit.why.word);
	open_coefficients(&a, in);
	open_coefficients(&b, kit.out);
	ck_assert_uint_eq(b.d.image_width, spec->width);
	ck_assert_uint_eq(b.d.image_height, spec->height);
	ck_assert_int_eq(b.d.jpeg_color_space, (J_COLOR_SPACE)spec->color);
	ck_assert_int_eq(b.d.progressive_mode, spec->progressive);
	ck_assert_int_eq(b.d.arith_code, spec->arithmetic);
	r = expected(spec->width, spec->height, 4);
	if (r.h > spec->height / 2) /* bounded by the height */
		r = (struct rect){ 0, 0, spec->width, spec->height };
	if (r.h == 0 || r.w == 0)
		r = (struct rect){ 0, 0, spec->width, spec->height };
	r.w++, r.h++;
	for (i = 0; i < a.d.num_components; i++)
		n += compare(&a, &b, i, r);
	ck_assert_uint_gt(n, 0);
	jpeg_destroy_decompress(&a.d);
	jpeg_destroy_decompress(&b.d);
	free(in.p);
}
END_TEST

/* The four quarters differ on CMYK too. */
START_TEST(cmyk_colors)
{
	struct jpeg_spec spec = { .width = 320,
		.height = 208,
		.color = _i ? JCS_YCCK : JCS_CMYK,
		.h = 1,
		.v = 1,
		.flat = true };
	struct bytes in = kit_jpeg(&spec);
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr err;
	unsigned char *p, *q;
	JSAMPROW row;
	struct rect r;

	kit_mark_picture(64, 32);
	kit.conf->watermark_place = IMAGE_CENTER;
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	r = expected(320, 208, 4);
	d.err = jpeg_std_error(&err);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, kit.out.p, kit.out.n);
	jpeg_read_header(&d, TRUE);
	d.out_color_space = JCS_CMYK;
	jpeg_start_decompress(&d);
	p = malloc((size_t)320 * 208 * 4);
	while (d.output_scanline < d.output_height) {
		row = p + (size_t)d.output_scanline * 320 * 4;
		jpeg_read_scanlines(&d, &row, 1);
	}
	/* Adobe's are upside down: 255 is no ink. First red, then white. */
	q = p + ((size_t)(r.y + r.h / 4) * 320 + r.x + r.w / 4) * 4;
	ck_assert(q[0] > 200 && q[1] < 50 && q[2] < 50 && q[3] > 200);
	q = p + ((size_t)(r.y + r.h * 3 / 4) * 320 + r.x + r.w * 3 / 4) * 4;
	ck_assert(q[0] > 200 && q[1] > 200 && q[2] > 200 && q[3] > 200);
	jpeg_destroy_decompress(&d);
	free(p);
	free(in.p);
}
END_TEST

static const struct {
	const char *color, *depth;
	bool alpha;
	unsigned bits, type;
} pngs[] = {
	{ "2", "8", false, 8, 2 },
	{ "6", "8", true, 8, 6 },
	{ "2", "16", false, 16, 2 },
	{ "6", "16", true, 16, 6 },
	{ "0", "8", false, 8, 0 },
	{ "0", "16", false, 16, 0 },
	{ "4", "8", true, 8, 4 },
	{ "0", "1", false, 8, 0 },
};

/* Samples outside of the mark are unchanged. */
START_TEST(png_stays_lossless)
{
	struct pixels px = kit_pattern(300, 200, pngs[_i].alpha), a, b;
	struct rect r;
	struct bytes made, chunk, in;
	unsigned x, y;
	size_t i;

	if (pngs[_i].color[0] == '0' || pngs[_i].color[0] == '4')
		for (i = 0; i < (size_t)300 * 200; i++)
			px.p[i * 4 + 1] = px.p[i * 4 + 2] = px.p[i * 4] =
			    pngs[_i].depth[0] == '1' &&
				pngs[_i].depth[1] == '\0' ?
			    (px.p[i * 4] > 32000 ? FULL : 0) :
			    px.p[i * 4];
	if (pngs[_i].bits == 16)
		for (i = 0; i < (size_t)300 * 200 * 4; i++)
			px.p[i] =
			    (unsigned short)(i % 4 == 3 && !pngs[_i].alpha ?
				    FULL :
				    px.p[i] ^ (i & 0xff));
	if (pngs[_i].bits == 16 && pngs[_i].type == 0)
		for (i = 0; i < (size_t)300 * 200; i++)
			px.p[i * 4 + 1] = px.p[i * 4 + 2] = px.p[i * 4];
	made = kit_encode(&px, "PNG", "png:color-type", pngs[_i].color, 0);
	chunk = kit_chunk("gAMA",
	    (struct bytes){ (unsigned char *)(uintptr_t) "\0\1\x86\xa0", 4 });
	in = kit_png_insert(made, "IDAT", chunk);
	kit_mark_picture(64, 32);
	kit.conf->watermark_place = IMAGE_CENTER;
	ck_assert_msg(kit_publish(in, true) == ERR_OK, "%s", kit.why.word);
	ck_assert_uint_eq(kit.out.p[25], pngs[_i].type);
	ck_assert(kit_has(kit.out, "gAMA\0\1\x86\xa0"));
	a = kit_decode(made, "PNG", false);
	/* Without the gamma, which would bend what is compared. */
	i = (size_t)((unsigned char *)memmem(kit.out.p, kit.out.n, "gAMA", 4) -
	    kit.out.p);
	memmove(kit.out.p + i - 4, kit.out.p + i + 12, kit.out.n - i - 12);
	kit.out.n -= 16;
	b = kit_decode(kit.out, "PNG", false);
	r = expected(300, 200, 4);
	for (y = 0; y < 200; y++)
		for (x = 0; x < 300; x++)
			if (x < r.x || y < r.y || x > r.x + r.w ||
			    y > r.y + r.h)
				ck_assert_msg(memcmp(kit_at(&a, x, y),
						  kit_at(&b, x, y), 8) == 0,
				    "%u %u", x, y);
	ck_assert(memcmp(kit_at(&a, r.x + 5, r.y + 5),
		      kit_at(&b, r.x + 5, r.y + 5), 8) != 0);
	free(px.p);
	free(a.p);
	free(b.p);
	free(made.p);
	free(chunk.p);
	free(in.p);
}
END_TEST

START_TEST(webp_keeps_its_kind)
{
	struct pixels px = kit_pattern(300, 200, _i == 2), a, b;
	struct bytes in = _i == 0 ?
	    kit_encode(&px, "WEBP", NULL, NULL, 60) :
	    kit_encode(&px, "WEBP", "webp:lossless", "true", 0);
	unsigned x, y;
	struct rect r;

	kit_mark_picture(64, 32);
	kit.conf->watermark_place = IMAGE_CENTER;
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	ck_assert_int_eq(kit_has(kit.out, "VP8L"), _i != 0);
	r = expected(300, 200, 4);
	a = kit_decode(in, "WEBP", false);
	b = kit_decode(kit.out, "WEBP", false);
	for (y = 0; _i != 0 && y < 200; y++)
		for (x = 0; x < 300; x++)
			if (x < r.x || y < r.y || x > r.x + r.w ||
			    y > r.y + r.h)
				ck_assert(memcmp(kit_at(&a, x, y),
					      kit_at(&b, x, y), 8) == 0 ||
				    kit_at(&a, x, y)[3] == 0);
	ck_assert(near(kit_at(&b, r.x + r.w / 4, r.y + r.h / 4), FULL, 0, 0,
	    40 * 257));
	if (_i == 0) /* near the size, and so the quality, that it had */
		ck_assert(
		    kit.out.n > in.n * 7 / 10 && kit.out.n < in.n * 13 / 10);
	free(px.p);
	free(a.p);
	free(b.p);
	free(in.p);
}
END_TEST

static struct bytes
plain_jpeg(void)
{
	struct jpeg_spec spec = { .width = 640,
		.height = 480,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2,
		.flat = true };

	return kit_jpeg(&spec);
}

/* The rendered mark's share of lit pixels and its shape, of a text. */
static struct bytes
rendered(const char *text)
{
	struct bytes jpeg = plain_jpeg(), r;

	kit.conf->watermark_text = text;
	ck_assert_msg(kit_publish(jpeg, true) == ERR_OK, "%s", kit.why.detail);
	r = kit_load(kit_path("mark"));
	free(jpeg.p);
	return r;
}

static unsigned
width_of(struct bytes mark)
{
	unsigned w;

	memcpy(&w, mark.p + 4, sizeof(w));
	return w;
}

static const char *const literal[] = { "@/etc/passwd", "@/etc/hostname",
	"%[fx:1+1] 50%% %w", "back\\nslash \\u0041", "'; rm -rf \"$HOME\"",
	"<b>bold</b> &amp;", "%", "\\", "@", "-version", "Приве́т Ελλάδα" };

/* A text is drawn as it is written: so it is as wide as its parts, each of
 * which has nothing to be interpreted. */
START_TEST(text_is_literal)
{
	const char *text = literal[_i];
	struct bytes whole, fenced;
	char with[128];

	whole = rendered(text);
	snprintf(with, sizeof(with), "x%s", text);
	fenced = rendered(with);
	/* One letter more, and no more than one letter. */
	ck_assert_msg(width_of(fenced) > width_of(whole) &&
		width_of(fenced) < width_of(whole) + 140,
	    "%s: %u %u", text, width_of(whole), width_of(fenced));
	free(whole.p);
	free(fenced.p);
}
END_TEST

START_TEST(text_in_one_line)
{
	struct bytes a = rendered("two words"), b = rendered("two\nwords");

	ck_assert_uint_eq(a.n, b.n);
	ck_assert_mem_eq(a.p, b.p, a.n);
	free(a.p);
	free(b.p);
}
END_TEST

/* Fontconfig and the rest get what they need through the filter: otherwise
 * they complain, and draw with what they fall back to. */
START_TEST(text_without_complaints)
{
	int was = dup(STDERR_FILENO), log;
	struct bytes said;

	log = open(kit_path("log"), O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(dup2(log, STDERR_FILENO), STDERR_FILENO);
	free(rendered("Vitrine").p);
	ck_assert_int_eq(dup2(was, STDERR_FILENO), STDERR_FILENO);
	said = kit_load(kit_path("log"));
	ck_assert_msg(said.n == 0, "%.*s", (int)said.n, (char *)said.p);
	free(said.p);
	close(log);
	close(was);
}
END_TEST

static void
break_font(void)
{
	kit.conf->watermark_font = "No-Such-Font";
}
static void
break_font_file(void)
{
	kit.conf->watermark_font = "/nowhere/font.ttf";
}
static void
break_text(void)
{
	kit.conf->watermark_text = "";
}
static void
break_spaces(void)
{
	kit.conf->watermark_text = "   ";
}
static void
break_utf8(void)
{
	kit.conf->watermark_text = "\xff\xfe";
}

static void
break_missing(void)
{
	kit.conf->watermark_kind = CONF_MARK_PICTURE;
	kit.conf->watermark_picture = "/nowhere/mark.png";
}

static void
break_svg(void)
{
	struct bytes svg = kit_text("<svg xmlns=\"http://www.w3.org/2000/svg\">"
				    "<image href=\"/etc/passwd\"/></svg>");

	kit_save("mark.png", svg);
	free(svg.p);
	kit.conf->watermark_kind = CONF_MARK_PICTURE;
	kit.conf->watermark_picture = kit_path("mark.png");
}

static void
break_png(void)
{
	struct bytes b;

	kit_mark_picture(64, 32);
	b = kit_load(kit_path("mark.png"));
	b.n -= 30;
	kit_save("mark.png", b);
	free(b.p);
}

static void (*const broken[])(void) = { break_font, break_font_file, break_text,
	break_spaces, break_utf8, break_missing, break_svg, break_png };

/* Without a valid mark there is no copy. */
START_TEST(fails_closed)
{
	struct bytes jpeg = plain_jpeg();

	broken[_i]();
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_INTERNAL);
	ck_assert_str_ne(kit.why.detail, "");
	free(jpeg.p);
}
END_TEST

/* Pictures so small or narrow that a mark hardly fits. */
START_TEST(odd_shapes)
{
	static const unsigned sizes[][2] = { { 1, 1 }, { 1, 500 }, { 500, 1 },
		{ 8, 8 }, { 17, 9 }, { 3000, 40 }, { 40, 3000 } };
	struct jpeg_spec spec = { .width = sizes[_i][0],
		.height = sizes[_i][1],
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2 };
	struct bytes in = kit_jpeg(&spec);

	kit_mark_picture(64, 32);
	kit.conf->watermark_margin = 0.4;
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	ck_assert_uint_eq(kit.info.width, sizes[_i][0]);
	ck_assert_uint_eq(kit.info.height, sizes[_i][1]);
	free(in.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("image_mark");
	TCase *t = tcase_create("mark");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, kit_setup, kit_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, jpeg_as_seen, 0, 72);
	tcase_add_loop_test(t, png_and_webp_as_seen, 0, 16);
	tcase_add_loop_test(t, jpeg_blocks_stay, 0,
	    (int)(sizeof(kinds) / sizeof(kinds[0])));
	tcase_add_loop_test(t, cmyk_colors, 0, 2);
	tcase_add_loop_test(t, png_stays_lossless, 0,
	    (int)(sizeof(pngs) / sizeof(pngs[0])));
	tcase_add_loop_test(t, webp_keeps_its_kind, 0, 3);
	tcase_add_loop_test(t, text_is_literal, 0,
	    (int)(sizeof(literal) / sizeof(literal[0])));
	tcase_add_test(t, text_in_one_line);
	tcase_add_test(t, text_without_complaints);
	tcase_add_loop_test(t, fails_closed, 0,
	    (int)(sizeof(broken) / sizeof(broken[0])));
	tcase_add_loop_test(t, odd_shapes, 0, 7);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
