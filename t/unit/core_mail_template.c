/* Templates of mails: what they can do, and what happens when an administrator
 * makes a mistake. */
#include "config.h"

#include "core/mail/template.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER 20000

static struct arena *arena;
static struct why why;
static struct buf b;

static void
set_up(void)
{
	arena = arena_new(64 << 20);
	memset(&why, 0, sizeof(why));
	buf_init(&b, arena, BUFFER);
}

static void
tear_down(void)
{
	arena_free(arena);
}

static const struct mail_text texts[] = {
	{ "name", "Ann <\"&'>" },
	{ "lines", "one\ntwo\r\nthree\r" },
	{ "empty", "" },
	{ "null", NULL },
	{ "braces", "{{name}}" },
	{ "text", "outer" },
};

static const struct mail_text first[] = { { "text", "1" }, { "url", "/a" } };
static const struct mail_text second[] = { { "text", "2<" },
	{ "url", "/b?c=1&d=2" } };
static const struct mail_item items[] = { { 2, first }, { 2, second } };

static enum err
render(const char *source, bool html, size_t nitems)
{
	const struct mail_data data = { .n = 6,
		.texts = texts,
		.section = "links",
		.items = items,
		.nitems = nitems };

	return mail_template_render(&b, source, html, &data, &why);
}

static const struct {
	const char *source;
	const char *plain; /* with two links */
	const char *html;  /* NULL: the same */
	const char *none;  /* plain, without a link; NULL: as with two */
} good[] = {
	{ "", "", NULL, NULL },
	{ "a { b } c }} d", "a { b } c }} d", NULL, NULL },
	{ "Hello {{name}}!", "Hello Ann <\"&'>!",
	    "Hello Ann &lt;&quot;&amp;&#39;&gt;!", NULL },
	{ "{{ name }}", "Ann <\"&'>", "Ann &lt;&quot;&amp;&#39;&gt;", NULL },
	{ "[{{unknown}}{{empty}}{{null}}]", "[]", NULL, NULL },
	/* Texts are never interpreted as templates. */
	{ "{{braces}}", "{{name}}", NULL, NULL },
	{ "{{lines}}", "one\ntwo\r\nthree\r", "one<br>\ntwo<br>\nthree<br>\n",
	    NULL },
	{ "{{#links}}{{text}}={{url}};{{/links}}", "1=/a;2<=/b?c=1&d=2;",
	    "1=/a;2&lt;=/b?c=1&amp;d=2;", "" },
	{ "x\n{{#links}}\n* {{text}}\n{{/links}}\ny\n", "x\n* 1\n* 2<\ny\n",
	    "x\n* 1\n* 2&lt;\ny\n", "x\ny\n" },
	{ "x\r\n  {{#links}}\t\r\n* {{text}}\r\n{{/links}}\r\ny",
	    "x\r\n* 1\r\n* 2<\r\ny", "x\r\n* 1\r\n* 2&lt;\r\ny", "x\r\ny" },
	{ "{{text}}{{#links}}{{text}}{{/links}}{{text}}", "outer12<outer",
	    "outer12&lt;outer", "outerouter" },
	{ "{{#links}}{{name}}{{/links}}", "Ann <\"&'>Ann <\"&'>",
	    "Ann &lt;&quot;&amp;&#39;&gt;Ann &lt;&quot;&amp;&#39;&gt;", "" },
	{ "{{^links}}none{{/links}}", "", NULL, "none" },
	{ "{{#text}}[{{text}}]{{/text}}{{^text}}no{{/text}}", "[outer]", NULL,
	    NULL },
	{ "{{#empty}}x{{/empty}}{{^empty}}no{{/empty}}", "no", NULL, NULL },
	{ "{{#unknown}}x{{#links}}y{{/links}}{{/unknown}}z", "z", NULL, NULL },
	{ "{{#links}}{{#url}}{{text}}{{/url}}{{/links}}", "12<", "12&lt;", "" },
	/* Items cannot contain items. */
	{ "{{#links}}[{{#links}}x{{/links}}]{{/links}}", "[][]", NULL, "" },
	{ "a{{! anything {{ at all }}b", "ab", NULL, NULL },
	{ "a\n{{! a line }}\nb", "a\nb", NULL, NULL },
	{ "a\n{{! two\nlines }}\nb", "a\nb", NULL, NULL },
};

START_TEST(take)
{
	const char *none =
	    good[_i].none != NULL ? good[_i].none : good[_i].plain;
	const char *html =
	    good[_i].html != NULL ? good[_i].html : good[_i].plain;

	ck_assert_int_eq(render(good[_i].source, false, 2), ERR_OK);
	ck_assert_str_eq(buf_str(&b), good[_i].plain);
	buf_clear(&b);
	ck_assert_int_eq(render(good[_i].source, true, 2), ERR_OK);
	ck_assert_str_eq(buf_str(&b), html);
	buf_clear(&b);
	ck_assert_int_eq(render(good[_i].source, false, 0), ERR_OK);
	ck_assert_str_eq(buf_str(&b), none);
}
END_TEST

static const struct {
	const char *source;
	const char *line;
} bad[] = {
	{ "{{", "line 1:" },
	{ "a\nb {{name", "line 2:" },
	{ "{{}}", "line 1:" },
	{ "{{#}}{{/}}", "line 1:" },
	{ "{{na me}}", "line 1:" },
	{ "{{Name}}", "line 1:" },
	{ "{{{name}}}", "line 1:" },
	{ "{{&name}}", "line 1:" },
	{ "{{> other}}", "line 1:" },
	{ "{{a.b}}", "line 1:" },
	{ "{{abcdefghijklmnopqrstuvwxyzabcdefg}}", "line 1:" },
	{ "\n\n{{#links}}", "line 3:" },
	{ "{{/links}}", "line 1:" },
	{ "{{#links}}\n{{/name}}", "line 2:" },
	{ "{{#links}}{{#name}}{{/links}}{{/name}}", "line 1:" },
	{ "{{#unknown}}{{/links}}", "line 1:" },
	{ "{{#text}}{{#text}}{{#text}}{{#text}}{{#text}}{{#text}}{{#text}}"
	  "{{#text}}{{#text}}{{/text}}{{/text}}{{/text}}{{/text}}{{/text}}"
	  "{{/text}}{{/text}}{{/text}}{{/text}}",
	    "line 1:" },
};

START_TEST(refuse)
{
	for (size_t n = 0; n <= 2; n += 2) {
		buf_clear(&b);
		memset(&why, 0, sizeof(why));
		ck_assert_int_eq(render(bad[_i].source, true, n), ERR_INVALID);
		ck_assert_ptr_nonnull(strstr(why.detail, bad[_i].line));
	}
}
END_TEST

START_TEST(too_large)
{
	char *source = arena_alloc(arena, BUFFER + 2);

	memset(source, 'x', BUFFER);
	ck_assert_int_eq(render(source, false, 2), ERR_OK);
	buf_clear(&b);
	source[BUFFER] = 'x';
	ck_assert_int_eq(render(source, false, 2), ERR_TOO_LARGE);
	buf_clear(&b);
	source = arena_printf(arena, "{{#links}}%.*s{{/links}}", BUFFER / 2 + 1,
	    source);
	ck_assert_int_eq(render(source, false, 2), ERR_TOO_LARGE);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_mail_template");
	TCase *t = tcase_create("template");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, take, 0, COUNT(good));
	tcase_add_loop_test(t, refuse, 0, COUNT(bad));
	tcase_add_test(t, too_large);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
