/* The text of a mail: with any input it has exactly these headers, and lines
 * that every server accepts. */
#include "config.h"

#include "net/message.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define EMOJI "\xf0\x9f\x98\x80"
#define HEBREW "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"

static struct arena *arena;
static struct why why;
static struct message m;
static const char *out;
static size_t n;

static void
set_up(void)
{
	arena = arena_new(256 << 20);
	memset(&why, 0, sizeof(why));
	memset(&m, 0, sizeof(m));
	memset(m.id.b, 0xab, sizeof(m.id.b));
	m.date = 1709893834567;
	m.from = "site@vitrine.example";
	m.from_name = "Vitrine";
	m.to = "ann@example.org";
	m.subject = "Hello";
	m.text = "plain\n";
	m.html = "<p>html</p>\n";
}

static void
tear_down(void)
{
	arena_free(arena);
}

static enum err
build(void)
{
	return message_build(arena, &m, &out, &n, &why);
}

static const char *
many(const char *unit, size_t times)
{
	size_t len = strlen(unit);
	char *s = arena_alloc(arena, len * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(s + i * len, unit, len);
	return s;
}

static bool
holds(const char *what)
{
	return strstr(out, what) != NULL;
}

/* Every line ends with CR LF, is ASCII and short, and the headers are the
 * expected ones, in order. */
static void
check_form(void)
{
	static const char *const names[] = { "Date", "From", "To", "Subject",
		"Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
		"Auto-Submitted", "MIME-Version", "Content-Type" };
	const char *body = strstr(out, "\r\n\r\n");
	size_t next = 0;

	ck_assert_uint_eq(strlen(out), n);
	ck_assert_ptr_nonnull(body);
	for (const char *s = out; *s != '\0';) {
		size_t len = strcspn(s, "\r\n");

		ck_assert_uint_le(len, 78);
		ck_assert(s[len] == '\r' && s[len + 1] == '\n');
		for (size_t i = 0; i < len; i++)
			ck_assert((s[i] >= ' ' && s[i] < 0x7f) || s[i] == '\t');
		ck_assert(*s != '.');
		ck_assert(s < body || len < 5 || memcmp(s, "From ", 5) != 0);
		if (s < body && *s != ' ') {
			size_t k = strcspn(s, ":");

			while (next < 10 &&
			    (strlen(names[next]) != k ||
				memcmp(names[next], s, k) != 0))
				next++;
			ck_assert_uint_lt(next++, 10);
		}
		s += len + 2;
	}
	ck_assert_uint_eq(next, 10);
}

START_TEST(as_usual)
{
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	ck_assert(text_starts(out,
	    "Date: Fri, 08 Mar 2024 10:30:34 +0000\r\n"
	    "From: \"Vitrine\"\r\n <site@vitrine.example>\r\n"
	    "To: <ann@example.org>\r\nSubject: Hello\r\n"
	    "Message-ID: <abababab-abab-abab-abab-abababababab@"
	    "vitrine.example>\r\nAuto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
	    " boundary=\"=_abababab-abab-abab-abab-abababababab\"\r\n\r\n"));
	ck_assert(!holds("List-Unsubscribe"));
	ck_assert(holds("text/plain; charset=utf-8\r\n"));
	ck_assert(holds("\r\n\r\nplain\r\n"));
	ck_assert(holds("text/html; charset=utf-8\r\n"));
	ck_assert(holds("\r\n\r\n<p>html</p>\r\n"));
	ck_assert(holds("\r\n--=_abababab-abab-abab-abab-abababababab--\r\n"));
}
END_TEST

START_TEST(unsubscribe)
{
	m.unsubscribe = "https://vitrine.example/u?t=abc";
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	ck_assert(
	    holds("\r\nList-Unsubscribe: "
		  "<https://vitrine.example/u?t=abc>\r\nList-Unsubscribe-Post: "
		  "List-Unsubscribe=One-Click\r\n"));
	/* One-click POST is announced only over TLS. */
	m.unsubscribe = "http://localhost/u?t=abc";
	ck_assert_int_eq(build(), ERR_OK);
	ck_assert(holds("\r\nList-Unsubscribe: "));
	ck_assert(!holds("One-Click"));
}
END_TEST

static const char *const words[] = {
	"",
	" ",
	"x\r\nBcc: bob@example.org",
	"x\nBcc: bob@example.org",
	"x\rBcc: bob@example.org",
	"\r\n\r\nbody",
	"\r\n",
	"x\r\n\r\n--=_abababab-abab-abab-abab-abababababab\r\n\r\nbody",
	"\xc3\xa4\r\nBcc: bob@example.org",
	"=?UTF-8?Q?=0D=0ABcc:_bob@example.org?=",
	"\"quoted\" and \\ and 'single'",
	"a\x01\x02\x1b[31m\x7f\tb",
	"Ann <ann@example.org>, bob@example.org",
	"comma, semicolon; (comment) [x] <y>",
	HEBREW " " EMOJI " \xe2\x80\xae"
	       "abc",
	"\xc2\x85next\xe2\x80\xa8line",
	".",
	"From here",
};

/* In every place that takes users' text. */
START_TEST(injection)
{
	const char *text = words[_i];

	m.subject = text;
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	m.from_name = text;
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	m.text = text;
	m.html = text;
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	m.text = m.html = many(text, 1000);
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
}
END_TEST

static const struct {
	const char *unit;
	size_t times;
} lengthy[] = {
	{ "x", 1000 },
	{ "x ", 500 },
	{ " ", 1000 },
	{ "\"", 1000 },
	{ "\\", 40 },
	{ EMOJI, 1000 },
	{ "a" EMOJI, 1000 },
	{ HEBREW " ", 300 },
	{ "\xc3\xa4", 39 },
	{ "x", 66 },
	{ "x", 67 },
	{ "x", 68 },
	{ "=", 1000 },
	{ "=\n", 1000 },
	{ ".\n", 1000 },
	{ "x\n.", 1000 },
	{ " \n", 1000 },
	{ "\t\n", 1000 },
	{ "\n", 1000 },
	{ "\r\n", 1000 },
	{ "From \n", 500 },
	{ "0123456789012345678901234567890123456789012345678901234567890123456"
	  "789012 .From ",
	    10 },
	{ "012345678901234567890123456789012345678901234567890123456789012345"
	  "67890123.",
	    10 },
};

START_TEST(long_ones)
{
	m.subject = m.from_name = m.text = m.html =
	    many(lengthy[_i].unit, lengthy[_i].times);
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
}
END_TEST

static const char *const no_addresses[] = {
	"",
	"ann",
	"ann@example.org\r\nBcc: bob@example.org",
	"ann@example.org\n",
	"ann@example.org>",
	"<ann@example.org",
	"ann@example.org, bob@example.org",
	"ann @example.org",
	"\xc3\xa4nn@example.org",
	"\"ann\"@example.org",
};

START_TEST(addresses)
{
	const char *text = no_addresses[_i];

	m.to = text;
	ck_assert_int_eq(build(), ERR_INVALID);
	m.to = "ann@example.org";
	m.from = text;
	ck_assert_int_eq(build(), ERR_INVALID);
	m.from = "site@vitrine.example";
	m.unsubscribe = strcmp(text, "ann") == 0 ? "http://x/>y" : text;
	ck_assert_int_eq(build(), ERR_INVALID);
	ck_assert_ptr_null(out);
}
END_TEST

START_TEST(too_long)
{
	m.text = many("x", MESSAGE_BODY_MOST);
	ck_assert_int_eq(build(), ERR_OK);
	check_form();
	m.text = many("\xc3\xa4", MESSAGE_BODY_MOST / 2);
	ck_assert_int_eq(build(), ERR_OK);
	m.html = many("=", MESSAGE_BODY_MOST);
	ck_assert_int_eq(build(), ERR_OK);
	m.text = many("x", MESSAGE_BODY_MOST + 1);
	ck_assert_int_eq(build(), ERR_INVALID);
	m.text = "\xff";
	ck_assert_int_eq(build(), ERR_INVALID);
	m.text = "";
	m.subject = "\xed\xa0\x80";
	ck_assert_int_eq(build(), ERR_INVALID);
	m.subject = "x";
	m.to = arena_printf(arena, "%s@x", many("a", 900));
	ck_assert_int_eq(build(), ERR_INVALID);
}
END_TEST

START_TEST(one_line)
{
	ck_assert_str_eq(message_one_line(arena, " a\r\nb\t", 10), "a  b");
	ck_assert_str_eq(message_one_line(arena, "\n\n", 10), "");
	ck_assert_str_eq(message_one_line(arena, EMOJI EMOJI EMOJI, 2),
	    EMOJI EMOJI);
	ck_assert_str_eq(message_one_line(arena, "ab cd", 3), "ab");
	ck_assert_str_eq(message_one_line(arena, " \nabcd", 3), "abc");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("net_message");
	TCase *t = tcase_create("message");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, as_usual);
	tcase_add_test(t, unsubscribe);
	tcase_add_loop_test(t, injection, 0, COUNT(words));
	tcase_add_loop_test(t, long_ones, 0, COUNT(lengthy));
	tcase_add_loop_test(t, addresses, 0, COUNT(no_addresses));
	tcase_add_test(t, too_long);
	tcase_add_test(t, one_line);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
