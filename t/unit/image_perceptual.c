/* What pictures look like, in 64 bits: copies of real photographs are close to
 * them, other photographs are not. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "image/magick.h"
#include "image/perceptual.h"
#include "image_kit.h"

#define NEAR 6	  /* of a copy: the block list treats it as the same */
#define MARKED 10 /* of a copy with the mark, to one without */
#define FAR 14	  /* of another photograph */
#define MOST 64

struct photo {
	const char *name;
	uint64_t hash;
};

static uint64_t
hash_of(struct bytes b)
{
	ck_assert_int_eq(kit_thumbnail(b, 480), ERR_OK);
	return kit.info.perceptual_hash;
}

/* kit.out is overwritten by the next call. */
static struct bytes
keep_out(void)
{
	struct bytes none = { NULL, 0 };

	return kit_join(none, kit.out);
}

static void
near(const struct photo *p, struct bytes copy, unsigned most, const char *what)
{
	unsigned d = perceptual_distance(p->hash, hash_of(copy));

	ck_assert_msg(d <= most, "%s, %s: %u bits", p->name, what, d);
	free(copy.p);
}

static void
try_copies(const struct photo *p, struct bytes photo)
{
	struct pixels px;
	struct bytes small;

	ck_assert_int_eq(kit_thumbnail(photo, 200), ERR_OK);
	small = keep_out();
	px = kit_decode(small, "JPEG", false);
	near(p, kit_encode(&px, "JPEG", NULL, NULL, 40), NEAR, "rough JPEG");
	near(p, kit_encode(&px, "PNG", NULL, NULL, 0), NEAR, "PNG");
	near(p, kit_encode(&px, "WEBP", NULL, NULL, 60), NEAR, "WebP");
	near(p, kit_encode(&px, "GIF", NULL, NULL, 0), NEAR, "GIF");
	near(p, small, NEAR, "small");
	free(px.p);
	ck_assert_int_eq(kit_publish(photo, true), ERR_OK);
	near(p, keep_out(), MARKED, "marked");
}

/* The packages bring graphics as well. */
static bool
is_photograph(const char *path)
{
	return (strstr(path, "/goexif/") != NULL ||
		   strstr(path, "/forensics-samples/") != NULL) &&
	    strstr(path, "logo") == NULL;
}

static bool
is_known(const struct photo *photos, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(photos[i].name, name) == 0)
			return true;
	return false;
}

/* Some of the files have no more than a camera's header. */
static void
collect(const char *end, struct photo *photos, size_t *n)
{
	char **paths = kit_find(kit_pictures(), end);
	size_t i;

	for (i = 0; paths[i] != NULL && *n < MOST; i++) {
		struct photo *p = &photos[*n];
		struct bytes b = kit_load(paths[i]);

		p->name = arena_strdup(kit.arena, strrchr(paths[i], '/') + 1);
		if (is_photograph(paths[i]) && !is_known(photos, *n, p->name) &&
		    kit_thumbnail(b, 480) == ERR_OK && kit.info.width > 200) {
			p->hash = kit.info.perceptual_hash;
			ck_assert_uint_ne(p->hash, 0);
			try_copies(p, b);
			++*n;
		}
		free(b.p);
	}
	for (i = 0; paths[i] != NULL; i++)
		free(paths[i]);
	free(paths);
}

START_TEST(copies_and_others)
{
	struct photo photos[MOST];
	size_t i, k, n = 0;

	collect(".jpg", photos, &n);
	collect(".JPG", photos, &n);
	ck_assert_uint_ge(n, 8);
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			ck_assert_msg(perceptual_distance(photos[i].hash,
					  photos[k].hash) >= FAR,
			    "%s is like %s", photos[i].name, photos[k].name);
}
END_TEST

/* A rotated picture is turned upright as its EXIF says. */
START_TEST(upright)
{
	struct pixels px = kit_pattern(300, 200, false), turned;
	uint64_t hash, sideways;
	struct bytes b, exif, r;
	unsigned x, y, c;

	turned = kit_pattern(200, 300, false);
	for (y = 0; y < 300; y++)
		for (x = 0; x < 200; x++)
			for (c = 0; c < 4; c++)
				turned.p[(y * 200 + x) * 4 + c] =
				    kit_at(&px, y, 199 - x)[c];
	b = kit_encode(&px, "JPEG", NULL, NULL, 95);
	hash = hash_of(b);
	free(b.p);
	b = kit_encode(&turned, "JPEG", NULL, NULL, 95);
	sideways = hash_of(b);
	exif = kit_exif(8);
	r = kit_segment(b, 0xe1, exif);
	ck_assert_uint_gt(perceptual_distance(hash, sideways), FAR);
	ck_assert_uint_le(perceptual_distance(hash, hash_of(r)), NEAR);
	free(b.p);
	free(r.p);
	free(exif.p);
	free(px.p);
	free(turned.p);
}
END_TEST

/* Pictures without features, and sizes that are hard to divide. */
START_TEST(plain_and_small)
{
	static const unsigned char two[] = { 255, 255, 255, 255, 0, 0, 0, 255 };
	static const unsigned char seen_through[] = { 255, 255, 255, 255, 0, 0,
		0, 0 };
	struct bytes b = kit_black_png(100, 100, 8, 2);

	ck_assert_uint_eq(hash_of(b), 0);
	ck_assert_uint_eq(perceptual_hash(two, 1, 1), 0);
	ck_assert_uint_ne(perceptual_hash(two, 2, 1), 0);
	ck_assert_uint_ne(perceptual_hash(two, 2, 1),
	    perceptual_hash(two, 1, 2));
	ck_assert_uint_eq(perceptual_hash(seen_through, 2, 1), 0);
	ck_assert_int_eq(kit_probe(b), ERR_OK);
	ck_assert_uint_eq(kit.info.perceptual_hash, 0);
	free(b.p);
}
END_TEST

START_TEST(distance)
{
	ck_assert_uint_eq(perceptual_distance(0, 0), 0);
	ck_assert_uint_eq(perceptual_distance(0, UINT64_MAX), 64);
	ck_assert_uint_eq(perceptual_distance(UINT64_C(1) << 63, 1), 2);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("image_perceptual");
	TCase *t = tcase_create("all");
	SRunner *r;
	int failed;

	kit_pictures();
	tcase_add_checked_fixture(t, kit_setup, kit_teardown);
	tcase_set_timeout(t, 240);
	tcase_add_test(t, copies_and_others);
	tcase_add_test(t, upright);
	tcase_add_test(t, plain_and_small);
	tcase_add_test(t, distance);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
