/* The secrets file: its permissions, its content, its creation. */
#include "config.h"

#include "core/auth/secrets.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_A \
	"key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B \
	"key FF0102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f"
#define KEY_C \
	"key aa0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SPACES_62 \
	"                                                              "

static struct arena *arena;
static struct secrets *secrets;
static struct why why;
static char folder[32], path[64];

static void
set_up(void)
{
	arena = arena_new(1 << 20);
	secrets = NULL;
	memset(&why, 0, sizeof(why));
	umask(022);
	snprintf(folder, sizeof(folder), "/tmp/core_secrets.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/secrets", folder);
}

static void
tear_down(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
	arena_free(arena);
}

static enum err
load(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fchmod(fileno(f), mode), 0);
	ck_assert_int_eq(fclose(f), 0);
	secrets = NULL;
	why_clear(&why);
	return secrets_load(arena, path, &secrets, &why);
}

static const struct {
	mode_t mode;
	enum err e;
} modes[] = {
	{ 0600, ERR_OK },
	{ 0640, ERR_OK },
	{ 0644, ERR_INVALID },
	{ 0604, ERR_INVALID },
	{ 0602, ERR_INVALID },
	{ 0601, ERR_INVALID },
	{ 0666, ERR_INVALID },
	{ 0777, ERR_INVALID },
};

START_TEST(mode)
{
	ck_assert_int_eq(load(KEY_A "\n", modes[_i].mode), modes[_i].e);
	if (modes[_i].e != ERR_OK)
		ck_assert_ptr_nonnull(strstr(why.detail, path));
}
END_TEST

static const struct {
	const char *text;
	size_t n; /* 0: refused */
} files[] = {
	{ KEY_A "\n", 1 },
	{ KEY_A, 1 },
	{ KEY_A "\r\n", 1 },
	{ "# a comment\n\n" KEY_A "\n\n#\n", 1 },
	{ KEY_A "\n" KEY_B "\n", 2 },
	{ "", 0 },
	{ "\n", 0 },
	{ "# " KEY_A "\n", 0 },
	{ KEY_A "\n" KEY_B "\n" KEY_C "\n", 0 },
	{ KEY_A "\n" KEY_B "\n" KEY_C, 0 },
	{ KEY_A "\nx\n", 0 },
	{ "key\n", 0 },
	{ "key \n", 0 },
	{ "KEY 000102030405060708090a0b0c0d0e0f"
	  "101112131415161718191a1b1c1d1e1f\n",
	    0 },
	{ "000102030405060708090a0b0c0d0e0f"
	  "101112131415161718191a1b1c1d1e1f\n",
	    0 },
	{ " " KEY_A "\n", 0 },
	{ KEY_A " \n", 0 },
	{ KEY_A "0\n", 0 },
	{ KEY_A "00\n", 0 },
	{ "key  00102030405060708090a0b0c0d0e0f"
	  "101112131415161718191a1b1c1d1e1f\n",
	    0 },
	{ "key 0g0102030405060708090a0b0c0d0e0f"
	  "101112131415161718191a1b1c1d1e1f\n",
	    0 },
	{ "key 00010203\n", 0 },
	{ "\xef\xbb\xbf" KEY_A "\n", 0 },
	/* The rest of an overlong line is not read as another line. */
	{ KEY_A "\n#" SPACES_62 SPACES_62 SPACES_62 SPACES_62 "      " KEY_B
		"\n",
	    0 },
};

START_TEST(file)
{
	enum err e = load(files[_i].text, 0600);

	if (files[_i].n > 0) {
		ck_assert_int_eq(e, ERR_OK);
		ck_assert_uint_eq(secrets->n, files[_i].n);
		return;
	}
	ck_assert_int_eq(e, ERR_INVALID);
	ck_assert_ptr_null(secrets);
	ck_assert_ptr_nonnull(strstr(why.detail, path));
	/* A message must not contain a key. */
	ck_assert_ptr_null(strstr(why.detail, "0102030405"));
}
END_TEST

/* Each purpose and each line has its own key, and always the same one. */
START_TEST(derived)
{
	struct secrets first, master = { 0 };

	ck_assert_int_eq(load(KEY_A "\n" KEY_B "\n", 0600), ERR_OK);
	first = *secrets;
	for (size_t i = 0; i < SECRET_BYTES; i++)
		master.url[0].b[i] = (unsigned char)i;
	ck_assert_mem_ne(&first.url[0], &master.url[0], SECRET_BYTES);
	ck_assert_mem_ne(&first.token[0], &master.url[0], SECRET_BYTES);
	ck_assert_mem_ne(&first.url[0], &first.token[0], SECRET_BYTES);
	ck_assert_mem_ne(&first.media[0], &first.url[0], SECRET_BYTES);
	ck_assert_mem_ne(&first.media[0], &first.token[0], SECRET_BYTES);
	ck_assert_mem_ne(&first.media[0], &first.media[1], SECRET_BYTES);
	ck_assert_mem_ne(&first.url[0], &first.url[1], SECRET_BYTES);
	ck_assert_mem_ne(&first.url[1], &first.token[1], SECRET_BYTES);
	ck_assert_int_eq(load(KEY_B "\n" KEY_A "\n", 0600), ERR_OK);
	ck_assert_mem_eq(&first.url[0], &secrets->url[1], SECRET_BYTES);
	ck_assert_mem_eq(&first.url[1], &secrets->url[0], SECRET_BYTES);
	ck_assert_mem_eq(&first.media[0], &secrets->media[1], SECRET_BYTES);
	ck_assert_mem_eq(&first.token[0], &secrets->token[1], SECRET_BYTES);
	ck_assert_mem_eq(&first.token[1], &secrets->token[0], SECRET_BYTES);
}
END_TEST

START_TEST(missing)
{
	ck_assert_int_eq(secrets_load(arena, path, &secrets, &why),
	    ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, "vitrine init"));
	why_clear(&why);
	ck_assert_int_eq(secrets_load(arena, folder, &secrets, &why),
	    ERR_INVALID);
	ck_assert_ptr_null(secrets);
}
END_TEST

static enum err
make(const char *where)
{
	return secrets_create(where, geteuid(), getegid(), &why);
}

START_TEST(create)
{
	struct secrets *again;
	struct stat st;

	umask(0);
	ck_assert_int_eq(make(path), ERR_OK);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(st.st_size, 4 + 64 + 1);
	ck_assert_int_eq(secrets_load(arena, path, &secrets, &why), ERR_OK);
	ck_assert_uint_eq(secrets->n, 1);
	/* An existing file stays unchanged. */
	ck_assert_int_eq(make(path), ERR_CONFLICT);
	ck_assert_int_eq(secrets_load(arena, path, &again, &why), ERR_OK);
	ck_assert_mem_eq(secrets, again, sizeof(*again));
	/* The next one has another key. */
	unlink(path);
	why_clear(&why);
	ck_assert_int_eq(make(path), ERR_OK);
	ck_assert_int_eq(secrets_load(arena, path, &again, &why), ERR_OK);
	ck_assert_mem_ne(&secrets->url[0], &again->url[0], SECRET_BYTES);
}
END_TEST

/* Root creates it for another account. */
START_TEST(create_for)
{
	struct stat st;
	bool root = geteuid() == 0;

	ck_assert_int_eq(secrets_create(path, geteuid() + 1, getegid() + 2,
			     &why),
	    root ? ERR_OK : ERR_FULL);
	ck_assert_int_eq(stat(path, &st), root ? 0 : -1);
	if (root) {
		ck_assert_uint_eq(st.st_mode & 07777, 0600);
		ck_assert_uint_eq(st.st_uid, geteuid() + 1);
		ck_assert_uint_eq(st.st_gid, getegid() + 2);
	}
}
END_TEST

START_TEST(create_nowhere)
{
	char other[96], target[96];

	snprintf(other, sizeof(other), "%s/none/secrets", folder);
	ck_assert_int_eq(make(other), ERR_INVALID);
	ck_assert_str_ne(why.detail, "");
	/* Not through a link either. */
	snprintf(target, sizeof(target), "%s/target", folder);
	ck_assert_int_eq(symlink(target, path), 0);
	ck_assert_int_eq(make(path), ERR_CONFLICT);
	ck_assert_int_eq(access(target, F_OK), -1);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_secrets");
	TCase *t = tcase_create("secrets");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, mode, 0, COUNT(modes));
	tcase_add_loop_test(t, file, 0, COUNT(files));
	tcase_add_test(t, derived);
	tcase_add_test(t, missing);
	tcase_add_test(t, create);
	tcase_add_test(t, create_for);
	tcase_add_test(t, create_nowhere);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
