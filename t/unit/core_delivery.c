/* Signed URLs: their content, and that no part of them can be changed. The
 * database is unavailable here: ERR_RETRY shows that a URL was valid, since the
 * database is queried only then. */
#include "config.h"

#include "core/auth/secrets.h"
#include "core/delivery/delivery.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define SITE "https://vault.example.org"
#define EMOJI "\xf0\x9f\x98\x80"
#define HELD ERR_RETRY
#define OTHER "00112233-4455-4677-8899-aabbccddeeff"

static struct conf conf;
static struct secrets secrets;
static struct base base;
static struct env env;
static struct uuid media, share;

static void
set_up(void)
{
	memset(&base, 0, sizeof(base));
	conf.site_base_url = SITE;
	conf.database_socket = "/nonexistent/socket";
	conf.database_host = conf.database_user = conf.database_name = "x";
	conf.database_password_file = "";
	secrets.n = 1;
	for (size_t i = 0; i < SECRETS_MAX; i++) {
		sec_random(&secrets.token[i], sizeof(secrets.token[i]));
		sec_random(&secrets.url[i], sizeof(secrets.url[i]));
		sec_random(&secrets.media[i], sizeof(secrets.media[i]));
	}
	base.conf = &conf;
	base.secrets = &secrets;
	base.connection = db_open(&conf);
	env_init(&env, &base, arena_new(4 << 20));
	media = uuid_random();
	share = uuid_random();
}

static void
tear_down(void)
{
	arena_free(env.arena);
	db_close(base.connection);
}

static char *
decode(const char *s, size_t n)
{
	char *out = arena_alloc(env.arena, n + 1), *p = out;

	for (size_t i = 0; i < n; i++, p++) {
		*p = s[i];
		if (s[i] == '%') {
			ck_assert(
			    hex_parse(arena_strndup(env.arena, s + i + 1, 2),
				(unsigned char *)p, 1));
			i += 2;
		}
	}
	return out;
}

/* The value of one of the query's parameters, or NULL. */
static const char *
parameter(const char *url, const char *name)
{
	const char *p = strchr(url, '?');
	size_t n = strlen(name);

	while (p != NULL) {
		p++;
		if (strncmp(p, name, n) == 0 && p[n] == '=')
			return decode(p + n + 1, strcspn(p + n + 1, "&"));
		p = strchr(p, '&');
	}
	return NULL;
}

/* Splits a URL as a request for it would. */
static struct delivery_request
request(const char *url, const char *kind)
{
	const char *start = arena_printf(env.arena, SITE "/%s/", kind);
	struct delivery_request r;

	ck_assert_msg(text_starts(url, start), "%s", url);
	ck_assert_uint_eq(strlen(url),
	    strspn(url,
		"%?&=:/-._~"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
	url += strlen(start);
	r.media = decode(url, 36);
	ck_assert(url[36] == '/');
	r.name = decode(url + 37, strcspn(url + 37, "?/"));
	ck_assert(url[37 + strcspn(url + 37, "?/")] == '?');
	r.expires = parameter(url, "e");
	r.attachment = parameter(url, "d");
	r.share = parameter(url, "s");
	r.collection = parameter(url, "c");
	r.generation = parameter(url, "g");
	r.account = parameter(url, "u");
	r.signature = parameter(url, "k");
	return r;
}

static enum err
open_it(enum delivery_kind kind, const struct delivery_request *r)
{
	struct delivered d = { .fd = -1 };
	enum err e;

	why_clear(&env.why);
	e = delivery_open(&env, kind, r, &d);
	ck_assert(e == HELD || e == ERR_NOT_FOUND);
	ck_assert_int_eq(d.fd, -1);
	return e;
}

static struct delivery
grant_by(enum delivery_way way, bool attachment)
{
	return (struct delivery){ .media = media,
		.name = "a b.jpg",
		.attachment = attachment,
		.expires = clock_now() / 1000 + 100,
		.way = way,
		.through = share,
		.generation = way == BY_SHARE ? 3 : 0,
		.account = way == BY_SHARE ? 5 : 0 };
}

static struct delivery
grant(bool attachment, bool shared)
{
	return grant_by(shared ? BY_SHARE : BY_OWNER, attachment);
}

static struct delivery_request
request_for(const struct delivery *d)
{
	static const char *const paths[] = { [DELIVER_FILE] = "file",
		[DELIVER_THUMB] = "thumb",
		[DELIVER_VIEW] = "view" };

	return request(delivery_url(&env, env.arena, d), paths[d->kind]);
}

/* All kinds of URL: kind, way, attachment. */
START_TEST(holds)
{
	enum delivery_way way = (enum delivery_way)(_i / 2 % 3);
	struct delivery d = grant_by(way, _i & 1);
	struct delivery_request r;
	char text[UUID_TEXT];

	d.kind = (enum delivery_kind)(_i / 6);
	r = request_for(&d);
	uuid_format(&media, text);
	ck_assert_str_eq(r.media, text);
	ck_assert_str_eq(r.name, "a b.jpg");
	ck_assert_str_eq(r.expires,
	    arena_printf(env.arena, "%" PRId64, d.expires));
	ck_assert_pstr_eq(r.attachment, d.attachment ? "1" : NULL);
	uuid_format(&share, text);
	ck_assert_pstr_eq(r.share, way == BY_SHARE ? text : NULL);
	ck_assert_pstr_eq(r.collection, way == BY_COLLECTION ? text : NULL);
	ck_assert_pstr_eq(r.generation, way == BY_SHARE ? "3" : NULL);
	ck_assert_pstr_eq(r.account, way == BY_SHARE ? "5" : NULL);
	ck_assert_uint_eq(strlen(r.signature), 27);
	for (enum delivery_kind k = DELIVER_FILE; k <= DELIVER_VIEW; k++)
		ck_assert_int_eq(open_it(k, &r),
		    k == d.kind ? HELD : ERR_NOT_FOUND);
	/* The same by another way. */
	r.collection = way == BY_SHARE ? r.share :
	    way == BY_COLLECTION       ? NULL :
					 OTHER;
	ck_assert_int_eq(open_it(d.kind, &r), ERR_NOT_FOUND);
	r.collection = NULL;
	r.share = way == BY_SHARE ? NULL : text;
	r.generation = "3";
	ck_assert_int_eq(open_it(d.kind, &r), ERR_NOT_FOUND);
}
END_TEST

enum part {
	MEDIA,
	NAME,
	EXPIRES,
	ATTACHMENT,
	SHARE,
	GENERATION,
	ACCOUNT,
	SIGNATURE
};

/* What a part must not be changed into. "+": one more than it was; "~": with a
 * character added. */
static const struct {
	enum part part;
	const char *value;
} tampered[] = {
	{ MEDIA, NULL },
	{ MEDIA, "" },
	{ MEDIA, "x" },
	{ MEDIA, OTHER },
	{ MEDIA, "~" },
	{ NAME, NULL },
	{ NAME, "" },
	{ NAME, "b.jpg" },
	{ NAME, "a_b.jpg" },
	{ NAME, "A b.jpg" },
	{ NAME, "~" },
	{ NAME, "a b.jpg\n1" },
	{ EXPIRES, NULL },
	{ EXPIRES, "" },
	{ EXPIRES, "0" },
	{ EXPIRES, "1" },
	{ EXPIRES, "-1" },
	{ EXPIRES, "+" },
	{ EXPIRES, "~" },
	{ EXPIRES, "9223372036854775" },
	{ EXPIRES, "9223372036854775807" },
	{ EXPIRES, "99999999999999999999999" },
	{ EXPIRES, "1e10" },
	{ ATTACHMENT, NULL },
	{ ATTACHMENT, "" },
	{ ATTACHMENT, "0" },
	{ ATTACHMENT, "2" },
	{ ATTACHMENT, "true" },
	{ SHARE, NULL },
	{ SHARE, "" },
	{ SHARE, OTHER },
	{ SHARE, "~" },
	{ GENERATION, NULL },
	{ GENERATION, "" },
	{ GENERATION, "0" },
	{ GENERATION, "+" },
	{ GENERATION, "-1" },
	{ GENERATION, "~" },
	{ GENERATION, "4294967299" },
	{ ACCOUNT, NULL },
	{ ACCOUNT, "" },
	{ ACCOUNT, "0" },
	{ ACCOUNT, "+" },
	{ ACCOUNT, "-1" },
	{ ACCOUNT, "~" },
	{ SIGNATURE, NULL },
	{ SIGNATURE, "" },
	{ SIGNATURE, "~" },
	{ SIGNATURE, "x" },
	{ SIGNATURE, "AAAAAAAAAAAAAAAAAAAAAAAAAAA" },
};

static const char **
part_of(struct delivery_request *r, enum part part)
{
	switch (part) {
	case MEDIA:
		return &r->media;
	case NAME:
		return &r->name;
	case EXPIRES:
		return &r->expires;
	case ATTACHMENT:
		return &r->attachment;
	case SHARE:
		return &r->share;
	case GENERATION:
		return &r->generation;
	case ACCOUNT:
		return &r->account;
	case SIGNATURE:
		break;
	}
	return &r->signature;
}

START_TEST(tamper)
{
	struct delivery d = grant(true, true);
	struct delivery_request r = request_for(&d);
	const char **part = part_of(&r, tampered[_i].part);
	const char *value = tampered[_i].value;

	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
	if (value != NULL && strcmp(value, "~") == 0)
		value = arena_printf(env.arena, "%s0", *part);
	else if (value != NULL && strcmp(value, "+") == 0)
		value = arena_printf(env.arena, "%" PRId64,
		    (int64_t)atoll(*part) + 1);
	*part = value;
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
}
END_TEST

/* Parts that a URL lacks cannot be added. */
START_TEST(add)
{
	struct delivery d = grant(false, false);
	struct delivery_request r = request_for(&d);

	r.attachment = "1";
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	r.attachment = NULL;
	r.share = OTHER;
	r.generation = "1";
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	r.share = r.generation = NULL;
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
}
END_TEST

START_TEST(every_character)
{
	struct delivery d = grant(true, true);
	struct delivery_request r = request_for(&d);
	char *k = arena_strdup(env.arena, r.signature);
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789-_+/=%";
	int held = 0;

	r.signature = k;
	for (size_t i = 0; i < strlen(k); i++)
		for (const char *c = all; *c != '\0'; c++) {
			char keep = k[i];

			k[i] = *c;
			if (open_it(DELIVER_FILE, &r) == HELD)
				held++;
			k[i] = keep;
		}
	/* Each position once with its own character. */
	ck_assert_int_eq(held, 27);
	k[26] = '\0';
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
}
END_TEST

START_TEST(expiry)
{
	struct delivery d = grant(false, false);
	struct delivery_request r;

	d.expires = clock_now() / 1000 - 1;
	r = request_for(&d);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	d.expires = clock_now() / 1000;
	r = request_for(&d);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	d.expires = clock_now() / 1000 + 100;
	r = request_for(&d);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
}
END_TEST

START_TEST(rotation)
{
	struct delivery d = grant(false, true);
	struct delivery_request r = request_for(&d);
	struct secret first = secrets.media[0];

	secrets.media[0] = secrets.media[1];
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	secrets.media[1] = first;
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	secrets.n = 2;
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
	secrets.media[1] = secrets.url[0];
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
}
END_TEST

static const struct {
	const char *name, *as; /* NULL: unchanged */
} names[] = {
	{ "a.jpg", NULL },
	{ "a b+c.jpg", NULL },
	{ "%41%00.jpg", NULL },
	{ "a?b&c=d#e;f.jpg", NULL },
	{ "a/b\\c.jpg", NULL },
	{ "..", NULL },
	{ "../../x.jpg", NULL },
	{ "\"><script>alert('x')</script>.jpg", NULL },
	{ "\xc3\xa4\xe2\x82\xac" EMOJI ".jpg", NULL },
	{ "\xe2\x80\xae"
	  "gpj.exe.jpg",
	    NULL },
	{ "a.jpg?e=1&k=x", NULL },
	{ " .jpg ", NULL },
	{ "~!@$^*(){}[]|:;',.jpg", NULL },
	{ "a\r\nSet-Cookie: b.jpg", "a__Set-Cookie: b.jpg" },
	{ "\x01\t\x1f\x7f.jpg", "____.jpg" },
	{ "\n\n1\n.jpg", "__1_.jpg" },
};

/* Every name is returned unchanged, except for characters that no URL may
 * contain, and opens. */
START_TEST(name)
{
	struct delivery d = grant(true, true);
	struct delivery_request r;

	d.name = names[_i].name;
	r = request_for(&d);
	ck_assert_str_eq(r.name,
	    names[_i].as != NULL ? names[_i].as : names[_i].name);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
}
END_TEST

START_TEST(longest_name)
{
	struct delivery d = grant(true, true);
	struct delivery_request r;
	char text[256];

	for (size_t i = 0; i + 4 < sizeof(text); i += 4)
		memcpy(text + i, EMOJI, 5);
	d.name = text;
	r = request_for(&d);
	ck_assert_str_eq(r.name, text);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
}
END_TEST

/* The owner's URL stays the same for six hours, and is valid for 24 more. */
START_TEST(own)
{
	struct media m = { .uuid = media, .file_name = "a b.jpg" };
	struct delivery_request r;
	int64_t now, expires;
	const char *first;
	int64_t six;

	do {
		now = clock_now() / 1000;
		six = now / (6 * 3600);
		first =
		    delivery_own_url(&env, env.arena, &m, DELIVER_FILE, false);
		clock_pause(1100);
		r = request(first, "file");
	} while (clock_now() / 1000 / (6 * 3600) != six);
	ck_assert_str_eq(first,
	    delivery_own_url(&env, env.arena, &m, DELIVER_FILE, false));
	ck_assert_str_ne(first,
	    delivery_own_url(&env, env.arena, &m, DELIVER_FILE, true));
	expires = atoll(r.expires);
	ck_assert_int_eq(expires % (6 * 3600), 0);
	ck_assert_int_gt(expires - now, 24 * 3600);
	ck_assert_int_le(expires - now, 30 * 3600);
	ck_assert_ptr_null(r.share);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
	r = request(delivery_own_url(&env, env.arena, &m, DELIVER_THUMB, false),
	    "thumb");
	ck_assert_int_eq(open_it(DELIVER_THUMB, &r), HELD);
}
END_TEST

START_TEST(through_a_share)
{
	struct share s = { .uuid = share,
		.generation = 9,
		.can_download = true };
	struct share_item item = { .uuid = media,
		.mime = "image/jpeg",
		.path = "users/1/Uploads/a b.jpg" };
	int64_t until = clock_now() / 1000 + 77;
	struct delivery_request r;
	struct delivery_urls urls;

	delivery_share_urls(&env, env.arena, &s, &item, until, &urls);
	r = request(urls.download, "file");
	ck_assert_str_eq(r.name, "a b.jpg");
	ck_assert_str_eq(r.generation, "9");
	ck_assert_str_eq(r.attachment, "1");
	ck_assert_int_eq(atoll(r.expires), until);
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), HELD);
	/* The owner's URL of the same media is not valid for the share. */
	r.share = r.generation = NULL;
	ck_assert_int_eq(open_it(DELIVER_FILE, &r), ERR_NOT_FOUND);
	s.file_name = "as told.jpg";
	delivery_share_urls(&env, env.arena, &s, &item, until, &urls);
	ck_assert_str_eq(request(urls.view, "file").name, "as told.jpg");
}
END_TEST

/* What is available for each kind of file, with can_download and without: file,
 * view, thumb; or nothing. */
static const struct {
	const char *mime;
	bool download;
	const char *view;
	bool thumb;
} ways[] = {
	{ "image/jpeg", true, "file", true },
	{ "image/jpeg", false, "view", true },
	{ "image/gif", false, "view", true },
	{ "video/mp4", true, "file", false },
	{ "video/mp4", false, "file", false },
	{ "application/octet-stream", true, "file", false },
	{ "application/octet-stream", false, NULL, false },
};

START_TEST(to_be_had)
{
	struct share s = { .uuid = share,
		.generation = 1,
		.can_download = ways[_i].download };
	struct share_item item = { .uuid = media,
		.mime = ways[_i].mime,
		.path = "a.b" };
	struct delivery_request r;
	struct delivery_urls urls;

	delivery_share_urls(&env, env.arena, &s, &item, clock_now() / 1000 + 9,
	    &urls);
	ck_assert_int_eq(urls.view != NULL, ways[_i].view != NULL);
	ck_assert_int_eq(urls.thumb != NULL, ways[_i].thumb);
	ck_assert_int_eq(urls.download != NULL, ways[_i].download);
	if (urls.view == NULL)
		return;
	r = request(urls.view, ways[_i].view);
	ck_assert_ptr_null(r.attachment);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_delivery");
	TCase *t = tcase_create("delivery");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, holds, 0, 18);
	tcase_add_loop_test(t, tamper, 0, COUNT(tampered));
	tcase_add_test(t, add);
	tcase_add_test(t, every_character);
	tcase_add_test(t, expiry);
	tcase_add_test(t, rotation);
	tcase_add_loop_test(t, name, 0, COUNT(names));
	tcase_add_test(t, longest_name);
	tcase_add_test(t, own);
	tcase_add_test(t, through_a_share);
	tcase_add_loop_test(t, to_be_had, 0, COUNT(ways));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
