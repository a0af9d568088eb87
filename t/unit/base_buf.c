/* The buffer: its cap and sticky error, and the escape of each context. */
#include "config.h"

#include "base/buf.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMOJI "\xf0\x9f\x98\x80"

static struct arena *arena;
static struct buf buf;

static void
set_up(void)
{
	arena = arena_new(16 << 20);
	buf_init(&buf, arena, 1 << 20);
}

static void
tear_down(void)
{
	arena_free(arena);
}

START_TEST(grows)
{
	ck_assert_str_eq(buf_str(&buf), "");
	for (int i = 0; i < 10000; i++)
		buf_putf(&buf, "%04d,", i);
	ck_assert(!buf_failed(&buf));
	ck_assert_uint_eq(buf.len, 50000);
	ck_assert_uint_eq(strlen(buf_str(&buf)), 50000);
	for (int i = 0; i < 10000; i++)
		if (atoi(buf_str(&buf) + 5 * i) != i)
			ck_abort_msg("at %d", i);
}
END_TEST

START_TEST(bytes)
{
	buf_mem(&buf, "a\0b", 3);
	buf_mem(&buf, NULL, 0);
	buf_char(&buf, '\0');
	buf_raw(&buf, "c");
	buf_lit(&buf, "d");
	ck_assert_uint_eq(buf.len, 6);
	ck_assert_mem_eq(buf_str(&buf), "a\0b\0cd", 7);
}
END_TEST

/* Text that fits exactly is accepted; one more byte is a permanent error, and
 * the earlier content is unchanged. */
START_TEST(cap)
{
	buf_init(&buf, arena, 10);
	buf_raw(&buf, "0123456789");
	ck_assert(!buf_failed(&buf));
	buf_char(&buf, 'x');
	ck_assert(buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf), "0123456789");
	buf_mem(&buf, "", 0);
	ck_assert(buf_failed(&buf));
	buf_clear(&buf);
	ck_assert(!buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf), "");
	buf_putf(&buf, "%s", "01234567890");
	ck_assert(buf_failed(&buf));
	/* The error is permanent: later text is left out even if it would
	 * fit. */
	buf_lit(&buf, "x");
	buf_hex(&buf, "x", 1);
	ck_assert_str_eq(buf_str(&buf), "");
	ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(no_room)
{
	buf_init(&buf, arena, 0);
	buf_lit(&buf, "");
	ck_assert(!buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf), "");
	buf_lit(&buf, "x");
	ck_assert(buf_failed(&buf));
}
END_TEST

/* An escape that does not fit is left out completely. */
START_TEST(cap_in_an_escape)
{
	buf_init(&buf, arena, 5);
	buf_html(&buf, "ab<");
	ck_assert(buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf), "ab");
}
END_TEST

/* Formatted text that fits exactly, and one byte more. */
START_TEST(formats)
{
	for (int n = 0; n < 600; n++) {
		buf_init(&buf, arena, 512);
		buf_putf(&buf, "%s", "ab");
		buf_putf(&buf, "%*s", n, "");
		ck_assert(buf_failed(&buf) == (n > 510));
		ck_assert_uint_eq(buf.len, n > 510 ? 2 : 2 + (size_t)n);
		ck_assert_uint_eq(strlen(buf_str(&buf)), buf.len);
		ck_assert(strncmp(buf_str(&buf), "ab", 2) == 0);
	}
}
END_TEST

static const struct {
	int64_t v;
	const char *text;
} numbers[] = {
	{ 0, "0" },
	{ 7, "7" },
	{ 10, "10" },
	{ -1, "-1" },
	{ 4711, "4711" },
	{ INT64_MAX, "9223372036854775807" },
	{ INT64_MIN, "-9223372036854775808" },
};

START_TEST(number)
{
	buf_int(&buf, numbers[_i].v);
	ck_assert_str_eq(buf_str(&buf), numbers[_i].text);
	if (numbers[_i].v < 0)
		return;
	buf_clear(&buf);
	buf_uint(&buf, (uint64_t)numbers[_i].v);
	ck_assert_str_eq(buf_str(&buf), numbers[_i].text);
	buf_clear(&buf);
	buf_uint(&buf, UINT64_MAX);
	ck_assert_str_eq(buf_str(&buf), "18446744073709551615");
}
END_TEST

typedef void put_fn(struct buf *b, const char *s);

static const struct {
	put_fn *put;
	const char *in, *out;
} escapes[] = {
	{ buf_html, "", "" },
	{ buf_html, "plain", "plain" },
	{ buf_html, "<a href=\"x\" b='y'>&amp;</a>",
	    "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;" },
	{ buf_html, "&", "&amp;" },
	{ buf_html, "<<>>", "&lt;&lt;&gt;&gt;" },
	{ buf_html, EMOJI "\n`=", EMOJI "\n`=" },

	{ buf_url, "", "" },
	{ buf_url, "azAZ09-._~", "azAZ09-._~" },
	{ buf_url, "a b+c/d", "a%20b%2Bc%2Fd" },
	{ buf_url, "%?#&=;:@!$'()*,[]",
	    "%25%3F%23%26%3D%3B%3A%40%21%24%27%28"
	    "%29%2A%2C%5B%5D" },
	{ buf_url, "\x01\n\r\x7f\"<>\\^`{|}",
	    "%01%0A%0D%7F%22%3C%3E%5C%5E%60%7B%7C%7D" },
	{ buf_url, EMOJI "\xc3\xa4\xff", "%F0%9F%98%80%C3%A4%FF" },

	{ buf_urlpath, "/a/b c/", "/a/b%20c/" },
	{ buf_urlpath, "a?b#c%2F\\", "a%3Fb%23c%252F%5C" },

	{ buf_quoted, "", "\"\"" },
	{ buf_quoted, "a.jpg", "\"a.jpg\"" },
	{ buf_quoted, "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ buf_quoted, "a\r\nSet-Cookie: x=y", "\"a__Set-Cookie: x=y\"" },
	{ buf_quoted, "\t\x01\x7f", "\"___\"" },
	{ buf_quoted, "\xc3\xa4" EMOJI, "\"______\"" },
	{ buf_quoted, "; ,=~", "\"; ,=~\"" },

	{ buf_json, "", "\"\"" },
	{ buf_json, "plain", "\"plain\"" },
	{ buf_json, "\"", "\"\\\"\"" },
	{ buf_json, "\\", "\"\\\\\"" },
	{ buf_json, "a\"b\\c\nd", "\"a\\\"b\\\\c\\nd\"" },
	{ buf_json, "\x01\b\t\r\x1f",
	    "\"\\u0001\\u0008\\u0009\\u000d\\u001f\"" },
	{ buf_json, EMOJI "\xc3\xa4/\x7f", "\"" EMOJI "\xc3\xa4/\x7f\"" },
	{ buf_json, "</script>", "\"</script>\"" },
};

START_TEST(escape)
{
	escapes[_i].put(&buf, escapes[_i].in);
	ck_assert(!buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf), escapes[_i].out);
}
END_TEST

/* No byte can break out of its context. */
START_TEST(every_byte)
{
	char c[2] = { (char)_i, '\0' };

	buf_html(&buf, c);
	ck_assert(strlen(buf_str(&buf)) > 1 || !strchr("<>&\"'", c[0]));
	buf_clear(&buf);
	buf_url(&buf, c);
	ck_assert_uint_eq(strspn(buf_str(&buf),
			      "%ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789-._~"),
	    buf.len);
	buf_clear(&buf);
	buf_quoted(&buf, c);
	for (size_t i = 0; i < buf.len; i++)
		ck_assert(buf.data[i] >= 0x20 && buf.data[i] < 0x7f);
	ck_assert_uint_eq(buf.len, c[0] == '"' || c[0] == '\\' ? 4 : 3);
	buf_clear(&buf);
	buf_json(&buf, c);
	for (size_t i = 0; i < buf.len; i++)
		ck_assert((unsigned char)buf.data[i] >= 0x20);
}
END_TEST

/* At any position among other bytes, because the code looks at eight at a
 * time. */
START_TEST(every_place)
{
	static const char before[] = "abcdefghij\xc3\xa4klmnopq";
	static const char behind[] = "\x7f"
				     "01234567890123456789";
	char alone[8], text[64], want[64];

	buf_json(&buf, (char[]){ (char)_i, '\0' });
	snprintf(alone, sizeof(alone), "%.*s", (int)buf.len - 2, buf.data + 1);
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "%.*s%c%.*s", i, before, _i,
		    19 - i, behind);
		snprintf(want, sizeof(want), "\"%.*s%s%.*s\"", i, before, alone,
		    19 - i, behind);
		buf_clear(&buf);
		buf_json(&buf, text);
		ck_assert_str_eq(buf_str(&buf), want);
	}
}
END_TEST

START_TEST(hex)
{
	buf_hex(&buf, "\x00\x0f\xf0\xff", 4);
	ck_assert_str_eq(buf_str(&buf), "000ff0ff");
	buf_clear(&buf);
	buf_hex(&buf, "", 0);
	ck_assert_str_eq(buf_str(&buf), "");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_buf");
	TCase *t = tcase_create("buf");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, grows);
	tcase_add_test(t, bytes);
	tcase_add_test(t, cap);
	tcase_add_test(t, no_room);
	tcase_add_test(t, cap_in_an_escape);
	tcase_add_test(t, formats);
	tcase_add_loop_test(t, number, 0, COUNT(numbers));
	tcase_add_loop_test(t, escape, 0, COUNT(escapes));
	tcase_add_loop_test(t, every_byte, 1, 256);
	tcase_add_loop_test(t, every_place, 1, 256);
	tcase_add_test(t, hex);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
