/* Copies, thumbnails and metadata of a picture: private data are removed, the
 * rest is kept. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>

#include "base/clock.h"
#include "image/magick.h"
#include "image_kit.h"

#define TAKEN INT64_C(1709886634000) /* 2024-03-08T08:30:34Z */

static const char xmp[] =
    "http://ns.adobe.com/xap/1.0/\0"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF><rdf:Description>"
    "<dc:creator>SECRET</dc:creator>"
    "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">"
    "A &lt;b&gt; &amp; gr\xc3\xbc&#xdf;e</rdf:li></rdf:Alt></dc:description>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>";
static const char caption[] = "A <b> & gr\xc3\xbc\xc3\x9f"
			      "e";

static struct bytes
add(struct bytes jpeg, unsigned marker, const char *p, size_t n)
{
	struct bytes r = kit_segment(jpeg, marker,
	    (struct bytes){ (unsigned char *)(uintptr_t)p, n });

	free(jpeg.p);
	return r;
}

#define ADD(jpeg, marker, s) add((jpeg), (marker), (s), sizeof(s) - 1)

/* With all the metadata that cameras and programs write. */
static struct bytes
full_jpeg(unsigned orientation)
{
	struct jpeg_spec spec = { .width = 320,
		.height = 200,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2 };
	struct bytes jpeg = kit_jpeg(&spec), exif, r;

	jpeg = ADD(jpeg, 0xfe, "SECRET comment");
	jpeg = ADD(jpeg, 0xe2, "MPF\0II*\0SECRET");
	jpeg = ADD(jpeg, 0xe2, "ICC_PROFILE\0\1\1the profile's bytes");
	jpeg = ADD(jpeg, 0xed,
	    "Photoshop 3.0\0"
	    "8BIM\4\4\0\0\0\0\0\x0b"
	    "\x1c\2\x78\0\6SECRET\0");
	jpeg = ADD(jpeg, 0xef, "SECRET app15");
	jpeg = ADD(jpeg, 0xe1, xmp);
	exif = kit_exif(orientation);
	jpeg = add(jpeg, 0xe1, (char *)exif.p, exif.n);
	free(exif.p);
	exif = kit_text("ftyp SECRET motion photo");
	r = kit_join(jpeg, exif);
	free(jpeg.p);
	free(exif.p);
	return r;
}

START_TEST(jpeg_probe)
{
	struct bytes jpeg = full_jpeg(6);

	ck_assert_int_eq(kit_probe(jpeg), ERR_OK);
	ck_assert_int_eq(kit.info.type, MEDIA_JPEG);
	ck_assert_uint_eq(kit.info.width, 200);
	ck_assert_uint_eq(kit.info.height, 320);
	ck_assert_int_eq(kit.info.taken_at, TAKEN);
	ck_assert_str_eq(kit.info.caption, caption);
	ck_assert(!kit.info.animated);
	free(jpeg.p);
}
END_TEST

/* As programs shorten it; quotes of either kind. */
START_TEST(xmp_attribute)
{
	static const struct {
		const char *text, *caption;
	} cases[] = {
		{ " dc:description=\"a &quot;b&quot;\"/>", "a \"b\"" },
		{ "\n dc:description='it&apos;s \"c\"'>", "it's \"c\"" },
		{ " dc:description=\"no end", NULL },
		{ " dc:description=", NULL },
		{ " dc:description=\"\"/>", NULL },
		{ " dc:description=\"\xff\"/>", NULL },
	};
	struct jpeg_spec spec = { .width = 32,
		.height = 32,
		.color = JCS_YCbCr,
		.h = 1,
		.v = 1 };
	struct bytes jpeg = kit_jpeg(&spec);
	char packet[256];
	int n;

	n = snprintf(packet, sizeof(packet),
	    "http://ns.adobe.com/xap/1.0/%c"
	    "<rdf:Description%s",
	    '\0', cases[_i].text);
	jpeg = add(jpeg, 0xe1, packet, (size_t)n);
	ck_assert_int_eq(kit_probe(jpeg), ERR_OK);
	if (cases[_i].caption == NULL)
		ck_assert_ptr_null(kit.info.caption);
	else
		ck_assert_str_eq(kit.info.caption, cases[_i].caption);
	free(jpeg.p);
}
END_TEST

START_TEST(jpeg_private)
{
	unsigned orientation = (unsigned)_i % 8 + 1;
	struct bytes jpeg = full_jpeg(orientation), head;

	ck_assert(kit_has(jpeg, "SECRET"));
	ck_assert_int_eq(kit_publish(jpeg, _i >= 8), ERR_OK);
	ck_assert_int_eq(kit.info.taken_at, CLOCK_NONE);
	ck_assert(!kit_has(kit.out, "SECRET"));
	ck_assert(!kit_has(kit.out, "ns.adobe"));
	ck_assert(!kit_has(kit.out, "8BIM"));
	ck_assert(kit_has(kit.out, "the profile's bytes"));
	ck_assert_int_eq(kit_has(kit.out, "Exif"), orientation != 1);
	ck_assert_uint_eq(kit.out.p[kit.out.n - 1], 0xd9);
	head = kit_join(kit.out, (struct bytes){ kit.out.p, 0 });
	ck_assert_int_eq(kit_probe(head), ERR_OK);
	ck_assert_int_eq(kit.info.taken_at, CLOCK_NONE);
	ck_assert_ptr_null(kit.info.caption);
	ck_assert_uint_eq(kit.info.width, orientation >= 5 ? 200 : 320);
	free(head.p);
	free(jpeg.p);
}
END_TEST

/* The same pixels after all, in each coding. */
START_TEST(jpeg_lossless)
{
	struct jpeg_spec spec = { .width = 321,
		.height = 201,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 1,
		.progressive = _i & 1,
		.arithmetic = _i & 2,
		.restart = _i & 4 ? 5 : 0 };
	struct bytes jpeg = kit_jpeg(&spec);
	struct pixels a, b;

	ck_assert_int_eq(kit_publish(jpeg, false), ERR_OK);
	a = kit_decode(jpeg, "JPEG", false);
	b = kit_decode(kit.out, "JPEG", false);
	ck_assert_uint_eq(a.width, b.width);
	ck_assert_mem_eq(a.p, b.p, (size_t)a.width * a.height * 8);
	free(a.p);
	free(b.p);
	free(jpeg.p);
}
END_TEST

START_TEST(iptc_caption)
{
	struct jpeg_spec spec = { .width = 16,
		.height = 16,
		.color = JCS_YCbCr,
		.h = 1,
		.v = 1 };
	struct bytes jpeg = kit_jpeg(&spec);

	if (_i == 0)
		jpeg = ADD(jpeg, 0xed,
		    "Photoshop 3.0\0"
		    "8BIM\4\4\0\0\0\0\0\x0a"
		    "\x1c\2\x78\0\5gr\xfc\xdf"
		    "e");
	else
		jpeg = ADD(jpeg, 0xed,
		    "Photoshop 3.0\0"
		    "8BIM\4\4\0\0\0\0\0\x0c"
		    "\x1c\2\x78\0\7gr\xc3\xbc\xc3\x9f"
		    "e");
	ck_assert_int_eq(kit_probe(jpeg), ERR_OK);
	ck_assert_str_eq(kit.info.caption,
	    "gr\xc3\xbc\xc3\x9f"
	    "e");
	free(jpeg.p);
}
END_TEST

/* Cut at whole characters. */
START_TEST(long_caption)
{
	struct jpeg_spec spec = { .width = 16,
		.height = 16,
		.color = JCS_YCbCr,
		.h = 1,
		.v = 1 };
	struct bytes jpeg = kit_jpeg(&spec), b;
	char *p = malloc(20000);
	size_t n;
	int i;

	memcpy(p, xmp, 29);
	n = 29 + (size_t)sprintf(p + 29, "<dc:description><rdf:li>x");
	for (i = 0; i < 3000; i++)
		n += (size_t)sprintf(p + n, "\xe2\x82\xac");
	n += (size_t)sprintf(p + n, "</rdf:li></dc:description>");
	b = add(jpeg, 0xe1, p, n);
	ck_assert_int_eq(kit_probe(b), ERR_OK);
	ck_assert_uint_eq(strlen(kit.info.caption), 1 + 666 * 3);
	free(p);
	free(b.p);
}
END_TEST

static struct bytes
insert(struct bytes png, const char *type, const char *p, size_t n)
{
	struct bytes chunk =
	    kit_chunk(type, (struct bytes){ (unsigned char *)(uintptr_t)p, n });
	struct bytes r = kit_png_insert(png, "IDAT", chunk);

	free(chunk.p);
	free(png.p);
	return r;
}

START_TEST(png_private)
{
	struct pixels px = kit_pattern(60, 40, true), a, b;
	struct bytes png = kit_encode(&px, "PNG", NULL, NULL, 0), tail, in,
		     exif = kit_exif(8);
	static const char text[] = "XML:com.adobe.xmp\0\0\0\0\0";
	struct bytes t = { malloc(sizeof(text) + sizeof(xmp)), 0 };

	memcpy(t.p, text, sizeof(text) - 1);
	memcpy(t.p + sizeof(text) - 1, xmp + 29, sizeof(xmp) - 30);
	t.n = sizeof(text) - 1 + sizeof(xmp) - 30;
	png = insert(png, "iTXt", (char *)t.p, t.n);
	png = insert(png, "tEXt", "Author\0SECRET", 13);
	png = insert(png, "zTXt", "Comment\0\0SECRET", 15);
	png = insert(png, "tIME", "\7\xe8\1\1\1\1\1", 7);
	png = insert(png, "prVt", "SECRET", 6);
	png = insert(png, "iCCP", "SomeICC\0\0xxxx", 13);
	png = insert(png, "pHYs", "\0\0\x0b\x13\0\0\x0b\x13\1", 9);
	png = insert(png, "eXIf", (char *)exif.p + 6, exif.n - 6);
	tail = kit_text("SECRET tail");
	in = kit_join(png, tail);
	ck_assert_int_eq(kit_probe(in), ERR_OK);
	ck_assert_uint_eq(kit.info.width, 40);
	ck_assert_uint_eq(kit.info.height, 60);
	ck_assert_int_eq(kit.info.taken_at, TAKEN);
	ck_assert_str_eq(kit.info.caption, caption);
	ck_assert_int_eq(kit_publish(in, _i == 1), ERR_OK);
	ck_assert(!kit_has(kit.out, "SECRET"));
	ck_assert(!kit_has(kit.out, "tIME"));
	ck_assert(kit_has(kit.out, "SomeICC"));
	ck_assert(kit_has(kit.out, "pHYs"));
	ck_assert(kit_has(kit.out, "eXIfMM"));
	if (_i == 0) {
		a = kit_decode(in, "PNG", false);
		b = kit_decode(kit.out, "PNG", false);
		ck_assert_mem_eq(a.p, b.p, (size_t)60 * 40 * 8);
		free(a.p);
		free(b.p);
	}
	free(px.p);
	free(t.p);
	free(exif.p);
	free(tail.p);
	free(png.p);
	free(in.p);
}
END_TEST

/* A chunk that is written is one that its readers know. */
START_TEST(png_unknown_critical)
{
	struct bytes png = kit_black_png(8, 8, 8, 2);

	png = insert(png, "SECR", "SECRET", 6);
	ck_assert_int_eq(kit_publish(png, false), ERR_INVALID);
	ck_assert_int_eq(kit_publish(png, true), ERR_INVALID);
	free(png.p);
}
END_TEST

START_TEST(apng)
{
	struct bytes png = kit_black_png(8, 8, 8, 2);

	png = insert(png, "acTL", "\0\0\0\1\0\0\0\0", 8);
	png = insert(png, "fcTL",
	    "\0\0\0\0\0\0\0\x08\0\0\0\x08"
	    "\0\0\0\0\0\0\0\0\0\1\0\x0a\0\0",
	    26);
	ck_assert_int_eq(kit_probe(png), ERR_OK);
	ck_assert(kit.info.animated);
	ck_assert_int_eq(kit_publish(png, false), ERR_OK);
	ck_assert(kit_has(kit.out, "acTL") && kit_has(kit.out, "fcTL"));
	ck_assert_int_eq(kit_publish(png, true), ERR_INVALID);
	ck_assert(strstr(kit.why.word, "animated") != NULL);
	free(png.p);
}
END_TEST

START_TEST(gif_private)
{
	static const char gif[] =
	    "GIF89a\2\0\2\0\x80\0\0\0\0\0\xff\xff\xff"
	    "!\xff\x0bNETSCAPE2.0\3\1\0\0\0"
	    "!\xfe\6SECRET\0"
	    "!\xff\x0bXMP DataXMP\6SECRET\0"
	    "!\1\x0c\0\0\0\0\0\0\0\0\0\0\0\0\6SECRET\0"
	    "!\xf9\4\0\0\0\0\0,\0\0\0\0\2\0\2\0\0\2\3\x44\2\5\0"
	    ";SECRET tail";
	struct bytes b = { (unsigned char *)(uintptr_t)gif, sizeof(gif) - 1 };

	ck_assert_int_eq(kit_publish(b, false), ERR_OK);
	ck_assert(!kit_has(kit.out, "SECRET"));
	ck_assert(!kit_has(kit.out, "XMP"));
	ck_assert(kit_has(kit.out, "NETSCAPE2.0"));
	ck_assert_uint_eq(kit.out.p[kit.out.n - 1], ';');
	ck_assert(!kit.info.animated);
}
END_TEST

/* A thumbnail is upright and of the right size; transparency makes it PNG. */
START_TEST(thumbnails)
{
	unsigned orientation = (unsigned)_i + 1;
	struct jpeg_spec spec = { .width = 800,
		.height = 600,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2 };
	struct bytes jpeg = kit_jpeg(&spec), exif = kit_exif(orientation),
		     in = kit_segment(jpeg, 0xe1, exif);
	struct pixels whole, px;
	unsigned x, y;
	long off = 0;

	ck_assert_int_eq(kit_thumbnail(in, 200), ERR_OK);
	ck_assert_int_eq(kit.info.type, MEDIA_JPEG);
	ck_assert_uint_eq(kit.info.width, orientation >= 5 ? 150 : 200);
	ck_assert(!kit_has(kit.out, "Exif"));
	px = kit_decode(kit.out, "JPEG", false);
	ck_assert_uint_eq(px.width, kit.info.width);
	ck_assert_uint_eq(px.height, kit.info.height);
	/* Against the whole picture turned by MagickWand: each pixel near
	 * the mean of the sixteen that it stands for. */
	whole = kit_decode(in, "JPEG", true);
	for (y = 0; y < px.height; y++)
		for (x = 0; x < px.width; x++) {
			long sum = 0;
			unsigned i;

			for (i = 0; i < 16; i++)
				sum += kit_at(&whole, x * 4 + i % 4,
				    y * 4 + i / 4)[1];
			off += labs(sum / 16 - kit_at(&px, x, y)[1]);
		}
	ck_assert_int_lt(off / (long)(px.width * px.height), 16 * 257);
	/* Never larger than the picture. */
	ck_assert_int_eq(kit_thumbnail(in, 2000), ERR_OK);
	ck_assert_uint_eq(kit.info.width, orientation >= 5 ? 600 : 800);
	free(whole.p);
	free(px.p);
	free(jpeg.p);
	free(exif.p);
	free(in.p);
}
END_TEST

START_TEST(transparent_thumbnail)
{
	struct pixels px = kit_pattern(300, 100, _i == 0), t;
	struct bytes png = kit_encode(&px, "PNG", "png:color-type", "6", 0);

	ck_assert_int_eq(kit_thumbnail(png, 90), ERR_OK);
	ck_assert_int_eq(kit.info.type, _i == 0 ? MEDIA_PNG : MEDIA_JPEG);
	ck_assert_uint_eq(kit.info.width, 90);
	ck_assert_uint_eq(kit.info.height, 30);
	t = kit_decode(kit.out, _i == 0 ? "PNG" : "JPEG", false);
	ck_assert_uint_eq(t.width, 90);
	free(t.p);
	free(px.p);
	free(png.p);
}
END_TEST

START_TEST(real_photographs)
{
	char **paths = kit_find(kit_pictures(), ".jpg");
	unsigned width, height, n = 0;
	struct bytes b, copy;
	size_t i;

	kit_mark_picture(64, 32);
	for (i = 0; paths[i] != NULL; i++) {
		b = kit_load(paths[i]);
		/* Some are headers without a picture. */
		if (strstr(paths[i], "/exif/samples/") != NULL ||
		    strstr(paths[i], "mimetype") != NULL || b.n > 12000000 ||
		    kit_probe(b) != ERR_OK) {
			free(b.p);
			continue;
		}
		width = kit.info.width;
		height = kit.info.height;
		ck_assert_msg(kit_publish(b, n % 2 == 0) == ERR_OK, "%s: %s",
		    paths[i], kit.why.word);
		ck_assert(!kit_has(kit.out, "http://ns.adobe.com/"));
		ck_assert(!kit_has(kit.out, "Photoshop 3.0"));
		copy = kit_join(kit.out, (struct bytes){ kit.out.p, 0 });
		ck_assert_int_eq(kit_probe(copy), ERR_OK);
		ck_assert_uint_eq(kit.info.width, width);
		ck_assert_uint_eq(kit.info.height, height);
		ck_assert_int_eq(kit.info.taken_at, CLOCK_NONE);
		ck_assert_int_eq(kit_thumbnail(b, 120), ERR_OK);
		free(copy.p);
		free(b.p);
		n++;
	}
	ck_assert_uint_gt(n, 10);
}
END_TEST

START_TEST(real_pngs)
{
	char **paths = kit_find(kit_pictures(), ".png");
	unsigned n = 0;
	struct bytes b;
	size_t i;
	enum err e;

	for (i = 0; paths[i] != NULL; i++) {
		b = kit_load(paths[i]);
		if (b.n > 2000000 || strstr(paths[i], "invalid") != NULL ||
		    kit_probe(b) != ERR_OK) {
			free(b.p);
			continue;
		}
		e = kit_publish(b, true);
		ck_assert_msg(e == ERR_OK ||
			(e == ERR_INVALID && kit.info.animated == 0),
		    "%s: %s", paths[i], kit.why.word);
		ck_assert_msg(kit_publish(b, false) == ERR_OK, "%s: %s",
		    paths[i], kit.why.word);
		free(b.p);
		n++;
	}
	ck_assert_uint_gt(n, 10);
}
END_TEST

static void
check_video(const char *path)
{
	struct bytes b = kit_load(path), copy;
	struct image_info info;

	ck_assert_msg(kit_probe(b) == ERR_OK, "%s: %s", path, kit.why.word);
	info = kit.info;
	ck_assert_uint_gt(info.width, 0);
	ck_assert_int_gt(info.duration_ms, 0);
	ck_assert_msg(kit_publish(b, false) == ERR_OK, "%s: %s", path,
	    kit.why.word);
	copy = kit_join(kit.out, (struct bytes){ kit.out.p, 0 });
	ck_assert_int_eq(kit_probe(copy), ERR_OK);
	ck_assert_int_eq(kit.info.type, info.type);
	ck_assert_uint_eq(kit.info.width, info.width);
	ck_assert_uint_eq(kit.info.height, info.height);
	ck_assert_int_eq(kit.info.taken_at, CLOCK_NONE);
	ck_assert_int_lt(llabs(kit.info.duration_ms - info.duration_ms), 200);
	/* The index is in front, so that it plays while it comes. */
	if (info.type != MEDIA_WEBM)
		ck_assert((char *)memmem(copy.p, copy.n, "moov", 4) <
		    (char *)memmem(copy.p, copy.n, "mdat", 4));
	ck_assert_int_eq(kit_publish(b, true), ERR_INVALID);
	/* Not when it is cut off. */
	b.n = b.n / 2;
	ck_assert_int_eq(kit_publish(b, false), ERR_INVALID);
	free(copy.p);
	free(b.p);
}

START_TEST(real_videos)
{
	static const char *const ends[] = { ".mp4", ".mov", ".webm" };
	char **paths = kit_find(kit_pictures(), ends[_i]);
	size_t i;

	ck_assert_ptr_nonnull(paths[0]);
	for (i = 0; paths[i] != NULL; i++)
		check_video(paths[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("image_publish");
	TCase *t = tcase_create("made"), *real = tcase_create("real");
	SRunner *r = srunner_create(s);
	int failed;

	kit_pictures();
	tcase_add_checked_fixture(t, kit_setup, kit_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, jpeg_probe);
	tcase_add_loop_test(t, xmp_attribute, 0, 6);
	tcase_add_loop_test(t, jpeg_private, 0, 16);
	tcase_add_loop_test(t, jpeg_lossless, 0, 8);
	tcase_add_loop_test(t, iptc_caption, 0, 2);
	tcase_add_test(t, long_caption);
	tcase_add_loop_test(t, png_private, 0, 2);
	tcase_add_test(t, png_unknown_critical);
	tcase_add_test(t, apng);
	tcase_add_test(t, gif_private);
	tcase_add_loop_test(t, thumbnails, 0, 8);
	tcase_add_loop_test(t, transparent_thumbnail, 0, 2);
	suite_add_tcase(s, t);

	tcase_add_checked_fixture(real, kit_setup, kit_teardown);
	tcase_set_timeout(real, 600);
	tcase_add_test(real, real_photographs);
	tcase_add_test(real, real_pngs);
	tcase_add_loop_test(real, real_videos, 0, 3);
	suite_add_tcase(s, real);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
