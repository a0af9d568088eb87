/* Media types by name and by MIME text. */
#include "config.h"

#include "model/media.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>

static const struct {
	const char *name;
	enum media_type type;
	bool listed;
} names[] = {
	{ "a.jpg", MEDIA_JPEG, true },
	{ "a.jpeg", MEDIA_JPEG, true },
	{ "a.JPG", MEDIA_JPEG, true },
	{ "a.JpEg", MEDIA_JPEG, true },
	{ "a.png", MEDIA_PNG, true },
	{ "a.PNG", MEDIA_PNG, true },
	{ "a.webp", MEDIA_WEBP, true },
	{ "a.gif", MEDIA_GIF, true },
	{ "a.mp4", MEDIA_MP4, true },
	{ "a.mov", MEDIA_MOV, true },
	{ "a.MOV", MEDIA_MOV, true },
	{ "a.webm", MEDIA_WEBM, true },
	{ "a b.c.jpg", MEDIA_JPEG, true },
	{ "a..jpg", MEDIA_JPEG, true },
	{ " .jpg", MEDIA_JPEG, true },
	{ "\xff.jpg", MEDIA_JPEG, true },
	{ ".jpg", MEDIA_UNKNOWN, false },
	{ ".a.jpg", MEDIA_JPEG, false },
	{ "..jpg", MEDIA_JPEG, false },
	{ "", MEDIA_UNKNOWN, false },
	{ ".", MEDIA_UNKNOWN, false },
	{ "..", MEDIA_UNKNOWN, false },
	{ "jpg", MEDIA_UNKNOWN, false },
	{ "a", MEDIA_UNKNOWN, false },
	{ "a.", MEDIA_UNKNOWN, false },
	{ "a.jpg.", MEDIA_UNKNOWN, false },
	{ "a.jpg ", MEDIA_UNKNOWN, false },
	{ "a.jpgx", MEDIA_UNKNOWN, false },
	{ "a.jp", MEDIA_UNKNOWN, false },
	{ "a.jpe", MEDIA_UNKNOWN, false },
	{ "a.jpg.json", MEDIA_UNKNOWN, false },
	{ "a.json", MEDIA_UNKNOWN, false },
	{ "a.bin", MEDIA_UNKNOWN, false },
	{ "a.svg", MEDIA_UNKNOWN, false },
	{ "a.html", MEDIA_UNKNOWN, false },
	{ "a.jpg.part", MEDIA_UNKNOWN, false },
	{ "a.jp\xc4\xa2", MEDIA_UNKNOWN, false },
};

START_TEST(by_name)
{
	ck_assert_int_eq(media_type_of_name(names[_i].name), names[_i].type);
	ck_assert_int_eq(media_name_is_listed(names[_i].name),
	    names[_i].listed);
}
END_TEST

static const struct {
	enum media_type type;
	const char *mime, *extension;
	bool image, markable;
} types[] = {
	{ MEDIA_UNKNOWN, "application/octet-stream", "bin", false, false },
	{ MEDIA_JPEG, "image/jpeg", "jpg", true, true },
	{ MEDIA_PNG, "image/png", "png", true, true },
	{ MEDIA_WEBP, "image/webp", "webp", true, true },
	{ MEDIA_GIF, "image/gif", "gif", true, false },
	{ MEDIA_MP4, "video/mp4", "mp4", false, false },
	{ MEDIA_MOV, "video/quicktime", "mov", false, false },
	{ MEDIA_WEBM, "video/webm", "webm", false, false },
};

START_TEST(each_type)
{
	enum media_type type = types[_i].type;

	ck_assert_int_eq(_i, type);
	ck_assert_str_eq(media_type_mime(type), types[_i].mime);
	ck_assert_str_eq(media_type_extension(type), types[_i].extension);
	ck_assert_int_eq(media_type_is_image(type), types[_i].image);
	ck_assert_int_eq(media_type_is_watermarkable(type), types[_i].markable);
	ck_assert_int_eq(media_type_of_mime(types[_i].mime), type);
}
END_TEST

static const char *const unknown[] = { "", "image/jpg", "image/svg+xml",
	"IMAGE/JPEG", "image/jpeg ", "image/jpeg; q=1", "image/", "text/html" };

START_TEST(unknown_mime)
{
	ck_assert_int_eq(media_type_of_mime(unknown[_i]), MEDIA_UNKNOWN);
}
END_TEST

START_TEST(no_type)
{
	(void)media_type_mime(MEDIA__MAX);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("model_media");
	TCase *t = tcase_create("media");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, by_name, 0, COUNT(names));
	tcase_add_loop_test(t, each_type, 0, MEDIA__MAX);
	tcase_add_loop_test(t, unknown_mime, 0, COUNT(unknown));
	tcase_add_test_raise_signal(t, no_type, SIGABRT);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
