/* Text: well-formed UTF-8, lengths, extensions; reasons; lines of the log. */
#include "config.h"

#include "base/text.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"

#define EMOJI "\xf0\x9f\x98\x80"

static const struct {
	const char *s;
	size_t n;
	bool well;
} texts[] = {
	{ "", 0, true },
	{ "plain", 5, true },
	{ "\x01\n\t\x7f", 4, true },
	{ "\xc3\xa4", 2, true },
	{ "\xc2\x80", 2, true },
	{ "\xdf\xbf", 2, true },
	{ "\xe0\xa0\x80", 3, true },
	{ "\xed\x9f\xbf", 3, true },
	{ "\xee\x80\x80", 3, true },
	{ "\xef\xbf\xbf", 3, true },
	{ "\xf0\x90\x80\x80", 4, true },
	{ EMOJI, 4, true },
	{ "\xf4\x8f\xbf\xbf", 4, true },
	{ "a" EMOJI "b\xc3\xa4", 8, true },
	/* A NUL */
	{ "\0", 1, false },
	{ "a\0b", 3, false },
	/* Overlong */
	{ "\xc0\x80", 2, false },
	{ "\xc0\xaf", 2, false },
	{ "\xc1\xbf", 2, false },
	{ "\xe0\x80\x80", 3, false },
	{ "\xe0\x80\xaf", 3, false },
	{ "\xe0\x9f\xbf", 3, false },
	{ "\xf0\x80\x80\xaf", 4, false },
	{ "\xf0\x8f\xbf\xbf", 4, false },
	/* Surrogates */
	{ "\xed\xa0\x80", 3, false },
	{ "\xed\xbf\xbf", 3, false },
	{ "\xed\xa0\xbd\xed\xb8\x80", 6, false },
	/* Above U+10FFFF */
	{ "\xf4\x90\x80\x80", 4, false },
	{ "\xf5\x80\x80\x80", 4, false },
	{ "\xf8\x88\x80\x80\x80", 5, false },
	{ "\xfc\x84\x80\x80\x80\x80", 6, false },
	{ "\xfe", 1, false },
	{ "\xff", 1, false },
	/* Truncated, or without a first byte */
	{ "\xc3", 1, false },
	{ "\xe2\x82", 2, false },
	{ "\xf0\x9f\x98", 3, false },
	{ EMOJI, 3, false },
	{ "a\xc3", 2, false },
	{ "\x80", 1, false },
	{ "\xbf", 1, false },
	{ "\xc3\xa4\xa4", 3, false },
	{ "\xc3"
	  "a",
	    2, false },
	{ "\xe2\x82"
	  "a",
	    3, false },
	{ "\xf0\x9f"
	  "ab",
	    4, false },
	{ "\xc3\xc3\xa4", 3, false },
};

START_TEST(utf8)
{
	ck_assert_int_eq(text_utf8(texts[_i].s, texts[_i].n), texts[_i].well);
}
END_TEST

static size_t
encode(unsigned c, char *s)
{
	if (c < 0x80) {
		s[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		s[0] = (char)(0xc0 | c >> 6);
		s[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		s[0] = (char)(0xe0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 0x3f));
		s[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	s[0] = (char)(0xf0 | c >> 18);
	s[1] = (char)(0x80 | (c >> 12 & 0x3f));
	s[2] = (char)(0x80 | (c >> 6 & 0x3f));
	s[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

START_TEST(every_code_point)
{
	for (unsigned c = 0; c < 0x120000; c++) {
		char s[5] = "";
		size_t n = encode(c, s);
		bool well =
		    c != 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);

		if (text_utf8(s, n) != well)
			ck_abort_msg("U+%04X", c);
		if (well && text_length(s) != 1)
			ck_abort_msg("length of U+%04X", c);
		if (n > 1 && text_utf8(s, n - 1))
			ck_abort_msg("cut U+%04X", c);
	}
}
END_TEST

START_TEST(length)
{
	ck_assert_uint_eq(text_length(""), 0);
	ck_assert_uint_eq(text_length("abc"), 3);
	ck_assert_uint_eq(text_length("\xc3\xa4\xe2\x82\xac" EMOJI "x"), 4);
}
END_TEST

START_TEST(control)
{
	char s[] = "ab?";

	for (int c = 1; c < 256; c++) {
		s[2] = (char)c;
		ck_assert_int_eq(text_has_control(s), c < 0x20 || c == 0x7f);
	}
	ck_assert(!text_has_control(""));
	ck_assert(text_has_control("\na"));
}
END_TEST

START_TEST(starts)
{
	ck_assert(text_starts("users/1/x", "users/1/"));
	ck_assert(text_starts("a", ""));
	ck_assert(text_starts("", ""));
	ck_assert(!text_starts("users/10/x", "users/1/"));
	ck_assert(!text_starts("a", "ab"));
	ck_assert(!text_starts("A", "a"));
}
END_TEST

static const struct {
	const char *name, *extension;
} names[] = {
	{ "", "" },
	{ "a", "" },
	{ "a.jpg", "jpg" },
	{ "a.JPG", "JPG" },
	{ "a.b.c", "c" },
	{ "a.", "" },
	{ ".", "" },
	{ ".jpg", "" },
	{ "..jpg", "jpg" },
	{ "..", "" },
	{ ".a.jpg", "jpg" },
	{ "a.jpg ", "jpg " },
	{ "a.tar.gz", "gz" },
};

START_TEST(extension)
{
	ck_assert_str_eq(text_extension(names[_i].name), names[_i].extension);
}
END_TEST

/* A later reason replaces an earlier one, and belongs to its own result. */
START_TEST(reasons)
{
	struct why why = { .retry_after = 5 };

	ck_assert_int_eq(why_set(&why, WHY_BAD_CURSOR), ERR_INVALID);
	ck_assert_int_eq(why.about, ABOUT_CURSOR);
	ck_assert_int_eq(why_log(&why, ERR_RETRY, "disk %d", 1), ERR_RETRY);
	ck_assert_int_eq(why_with(&why, WHY_NO_MEDIA, .about = ABOUT_TARGET),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(why.about, ABOUT_TARGET);
	ck_assert_str_eq(why.detail, "disk 1");
	ck_assert_uint_eq(why.retry_after, 5);
	ck_assert_int_eq(why_reason(&why, ERR_NOT_FOUND), WHY_NO_MEDIA);
	ck_assert_int_eq(why_reason(&why, ERR_INVALID), WHY_NONE);
	ck_assert_int_eq(why_setting(&why, "mail.from", "must be %s", "one"),
	    ERR_INVALID);
	ck_assert_str_eq(why.field, "mail.from");
	ck_assert_str_eq(why.detail, "must be one");
	why_clear(&why);
	ck_assert_int_eq(why.reason, WHY_NONE);
	ck_assert_str_eq(why.detail, "");
	ck_assert_uint_eq(why.retry_after, 0);
}
END_TEST

START_TEST(sentences)
{
	char said[WHY_SENTENCE];
	struct why why = { 0 };

	ck_assert_str_eq(why_sentence(&why, ERR_FORBIDDEN, said), "Forbidden");
	ck_assert_ptr_null(why_public(&why, ERR_FORBIDDEN, said));
	(void)why_log(&why, ERR_FORBIDDEN, "no");
	ck_assert_str_eq(why_sentence(&why, ERR_FORBIDDEN, said), "no");
	(void)why_with(&why, WHY_OUT_OF_RANGE, .field = "a.b", .least = -1,
	    .most = INT64_MAX);
	ck_assert_str_eq(why_sentence(&why, ERR_INVALID, said),
	    "a.b must be from -1 to 9223372036854775807");
	ck_assert_str_eq(why_sentence(&why, ERR_FORBIDDEN, said), "no");
	(void)why_with(&why, WHY_MISSING, .about = ABOUT_NOTE);
	ck_assert_str_eq(why_sentence(&why, ERR_INVALID, said),
	    "note is missing");
	(void)why_with(&why, WHY_DUPLICATE, .word = "{field}");
	ck_assert_str_eq(why_sentence(&why, ERR_INVALID, said),
	    "Duplicate {field}");
	why_format(said, sizeof(said), "{x} {word {} }{word}", &why, "f");
	ck_assert_str_eq(said, "{x} {word {} }{field}");
	why_format(said, 9, "{word}", &why, "f");
	ck_assert_str_eq(said, "{field}");
	why_format(said, 5, "{word}", &why, "f");
	ck_assert_str_eq(said, "{fie");
}
END_TEST

/* A reason is cut between characters: it goes into JSON. */
START_TEST(reasons_are_cut)
{
	char said[WHY_SENTENCE], text[1000];
	struct why why = { 0 };

	memset(text, 'a', (size_t)_i);
	for (size_t n = (size_t)_i; n + 4 < sizeof(text); n += 4)
		memcpy(text + n, EMOJI, 5);
	(void)why_with(&why, WHY_DUPLICATE, .field = text, .word = text);
	(void)why_log(&why, ERR_INVALID, "%s", text);
	ck_assert(text_utf8(why.field, strlen(why.field)));
	ck_assert(text_utf8(why.word, strlen(why.word)));
	ck_assert(text_utf8(why.detail, strlen(why.detail)));
	ck_assert_uint_ge(strlen(why.field), sizeof(why.field) - 4);
	ck_assert_uint_ge(strlen(why.word), sizeof(why.word) - 4);
	ck_assert_uint_ge(strlen(why.detail), sizeof(why.detail) - 4);
	why_format(said, 100, "{field}{word}", &why, text);
	ck_assert(text_utf8(said, strlen(said)));
	ck_assert_uint_ge(strlen(said), 96);
}
END_TEST

/* why_format() knows every placeholder in a sentence. */
static void
check_placeholders(const char *sentence)
{
	static const char *const known[] = { "field", "word", "number", "least",
		"most" };

	for (const char *s = sentence; (s = strchr(s, '{')) != NULL; s++) {
		size_t i = 0, n = strcspn(s + 1, "}");

		if (s[1] == '|') /* a character of an e-mail address */
			continue;
		while (i < 5 &&
		    (strlen(known[i]) != n || memcmp(known[i], s + 1, n) != 0))
			i++;
		ck_assert_msg(i < 5, "%s", sentence);
	}
}

START_TEST(each_reason)
{
	enum reason reason = (enum reason)_i;
	const char *sentence = reason_sentence(reason);

	ck_assert_str_ne(sentence, "");
	ck_assert_msg(sentence[strlen(sentence) - 1] != '.', "%s", sentence);
	ck_assert_int_ne(reason_err(reason), ERR_OK);
	ck_assert_int_lt(reason_about(reason), ABOUT__MAX);
	check_placeholders(sentence);
}
END_TEST

START_TEST(each_subject)
{
	ck_assert_str_ne(about_name((enum about)_i), "");
}
END_TEST

START_TEST(each_result)
{
	ck_assert_str_ne(err_text((enum err)_i), "");
	if (_i == ERR_OK)
		ck_assert_int_eq(err_status(ERR_OK), 200);
	else
		ck_assert_int_ge(err_status((enum err)_i), 400);
}
END_TEST

START_TEST(no_result)
{
	(void)err_text(ERR__MAX);
}
END_TEST

/* Redirects the log into a pipe. */
static const char *
logged(const char *what)
{
	static char text[8192];
	int p[2], save = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(dup2(p[1], STDERR_FILENO), STDERR_FILENO);
	log_debug("unseen", "x=1");
	log_warn("test", "what=%s", what);
	dup2(save, STDERR_FILENO);
	close(save);
	close(p[1]);
	n = read(p[0], text, sizeof(text) - 1);
	close(p[0]);
	ck_assert_int_ge(n, 1);
	text[n] = '\0';
	return text;
}

START_TEST(line)
{
	const char *text;
	char longest[6000];

	log_open("unit", LOG_INFO);
	log_request("abc");
	text = logged(log_quote("a\"b\\c\nd\x7f\x1b[31m"));
	ck_assert(text_starts(text, "ts=20"));
	ck_assert_ptr_nonnull(strstr(text, " level=warn prog=unit pid="));
	ck_assert_ptr_nonnull(strstr(text,
	    " req=abc event=test what="
	    "\"a\\\"b\\\\c\\x0ad\\x7f\\x1b[31m\"\n"));
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	text = logged(longest);
	ck_assert_uint_le(strlen(text), 4096);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	log_request("");
	ck_assert_ptr_null(strstr(logged("x"), "req="));
	ck_assert_str_eq(log_request_id(), "");
}
END_TEST

START_TEST(quote)
{
	char s[3000];
	const char *q;

	ck_assert_str_eq(log_quote(NULL), "\"\"");
	ck_assert_str_eq(log_quote(""), "\"\"");
	for (int c = 1; c < 256; c++) {
		memset(s, c, sizeof(s) - 1);
		s[sizeof(s) - 1] = '\0';
		q = log_quote(s);
		ck_assert_uint_lt(strlen(q), 1024);
		ck_assert(q[0] == '"' && q[strlen(q) - 1] == '"');
		ck_assert(!text_has_control(q));
	}
}
END_TEST

/* One line may quote any number of values. */
START_TEST(quotes_apart)
{
	const char *v[] = { log_quote("0"), log_quote("1"), log_quote("2"),
		log_quote("3"), log_quote("4"), log_quote("5") };
	char expected[4];

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		snprintf(expected, sizeof(expected), "\"%zu\"", i);
		ck_assert_str_eq(v[i], expected);
	}
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_text");
	TCase *t = tcase_create("text");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, utf8, 0, COUNT(texts));
	tcase_add_test(t, every_code_point);
	tcase_add_test(t, length);
	tcase_add_test(t, control);
	tcase_add_test(t, starts);
	tcase_add_loop_test(t, extension, 0, COUNT(names));
	tcase_add_test(t, reasons);
	tcase_add_test(t, sentences);
	tcase_add_test(t, sentences);
	tcase_add_loop_test(t, each_subject, 0, ABOUT__MAX);
	tcase_add_loop_test(t, each_reason, WHY_NONE + 1, WHY__MAX);
	tcase_add_loop_test(t, each_subject, 0, ABOUT__MAX);
	tcase_add_loop_test(t, reasons_are_cut, 0, 4);
	tcase_add_loop_test(t, each_result, 0, ERR__MAX);
	tcase_add_test_raise_signal(t, no_result, SIGABRT);
	tcase_add_test(t, line);
	tcase_add_test(t, quote);
	tcase_add_test(t, quotes_apart);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
