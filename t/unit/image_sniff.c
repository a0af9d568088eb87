/* The kind of a file by its first bytes. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "image/image.h"

static const struct {
	const char *head;
	size_t n;
	enum media_type type;
} heads[] = {
/* clang-format off */
#define F(s, type) { s, sizeof(s) - 1, type }
	/* clang-format on */
	F("\xff\xd8\xff\xe0", MEDIA_JPEG),
	F("\xff\xd8", MEDIA_UNKNOWN),
	F("\x89PNG\r\n\x1a\n", MEDIA_PNG),
	F("\x89PNG\r\n\x1a\r", MEDIA_UNKNOWN),
	F("GIF87a", MEDIA_GIF),
	F("GIF89a", MEDIA_GIF),
	F("GIF88a", MEDIA_UNKNOWN),
	F("RIFF\0\0\0\0WEBPVP8 ", MEDIA_WEBP),
	F("RIFF\0\0\0\0WEBPVP8X", MEDIA_WEBP),
	F("RIFF\0\0\0\0AVI LIST", MEDIA_UNKNOWN),
	F("\0\0\0\x18"
	  "ftypisom",
	    MEDIA_MP4),
	F("\0\0\0\x18"
	  "ftypmp42",
	    MEDIA_MP4),
	F("\0\0\0\x18"
	  "ftypqt  ",
	    MEDIA_MOV),
	F("\0\0\0\x18"
	  "ftypheic",
	    MEDIA_UNKNOWN),
	F("\0\0\0\x18"
	  "ftypmif1",
	    MEDIA_UNKNOWN),
	F("\0\0\0\x18"
	  "ftypavif",
	    MEDIA_UNKNOWN),
	F("\0\0\0\x18"
	  "ftyp",
	    MEDIA_UNKNOWN),
	F("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm", MEDIA_WEBM),
	F("\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", MEDIA_UNKNOWN),
	F("<svg", MEDIA_UNKNOWN),
	F("", MEDIA_UNKNOWN),
#undef F
};

/* With each shorter head too: nothing beyond n may be read. */
START_TEST(sniff)
{
	unsigned char *p;
	size_t n;

	for (n = 0; n <= heads[_i].n; n++) {
		p = malloc(n + (n == 0));
		for (size_t i = 0; i < n; i++)
			p[i] = (unsigned char)heads[_i].head[i];
		if (n == heads[_i].n)
			ck_assert_int_eq(image_sniff(p, n), heads[_i].type);
		else
			image_sniff(p, n);
		free(p);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("image_sniff");
	TCase *t = tcase_create("sniff");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_loop_test(t, sniff, 0,
	    (int)(sizeof(heads) / sizeof(heads[0])));
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
