/* Hashes, signatures, passwords and random tokens, compared with known
 * values. */
#include "config.h"

#include "base/sec.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/id.h"

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(16 << 20);
}

static void
tear_down(void)
{
	arena_free(arena);
}

static const char *
hex(const void *p, size_t n)
{
	char *text = arena_alloc(arena, 2 * n + 1);

	hex_format(p, n, text);
	return text;
}

/* By the command b2sum -l 256, and by FIPS 180-4. */
START_TEST(hashes)
{
	struct hash h = sec_hash("abc", 3);

	ck_assert_str_eq(hex(h.b, sizeof(h.b)),
	    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	h = sec_hash("", 0);
	ck_assert_str_eq(hex(h.b, sizeof(h.b)),
	    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	h = sec_sha256("abc", 3);
	ck_assert_str_eq(hex(h.b, sizeof(h.b)),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	h = sec_sha256("", 0);
	ck_assert_str_eq(hex(h.b, sizeof(h.b)),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

static const size_t file_sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };

START_TEST(of_file)
{
	size_t n = file_sizes[_i];
	char path[] = "/tmp/base_sec.XXXXXX";
	char *data = arena_alloc(arena, n);
	struct hash h, want;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	unlink(path);
	for (size_t i = 0; i < n; i++)
		data[i] = (char)(i * 7);
	ck_assert_int_eq(write(fd, data, n), (ssize_t)n);
	want = sec_sha256(data, n);
	/* The offset, here at the end, is neither used nor changed. */
	ck_assert(sec_sha256_file(fd, &h));
	ck_assert_mem_eq(h.b, want.b, sizeof(h.b));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), (off_t)n);
	close(fd);
	ck_assert(!sec_sha256_file(fd, &h));
}
END_TEST

/* By Python: hmac.new(key, text, 'sha512').digest()[:32]. */
START_TEST(signature)
{
	struct secret key, other;
	unsigned char mac[32], part[21];

	for (size_t i = 0; i < sizeof(key.b); i++)
		key.b[i] = (unsigned char)i;
	sec_sign(&key, "what is signed", mac, sizeof(mac));
	ck_assert_str_eq(hex(mac, sizeof(mac)),
	    "cc3fe7fb602f484f05afbb83831d3ac71604d10edaf457d4471b96023ca785e8");
	part[20] = 0x55;
	sec_sign(&key, "what is signed", part, 20);
	ck_assert_mem_eq(part, mac, 20);
	ck_assert_uint_eq(part[20], 0x55);
	other = key;
	other.b[31] ^= 1;
	sec_sign(&other, "what is signed", part, 20);
	ck_assert_mem_ne(part, mac, 20);
	sec_sign(&key, "what is signee", part, 20);
	ck_assert_mem_ne(part, mac, 20);
}
END_TEST

/* By Python: blake2b(text, key=key, digest_size=n). */
START_TEST(mac)
{
	struct secret key;
	unsigned char out[33];

	for (size_t i = 0; i < sizeof(key.b); i++)
		key.b[i] = (unsigned char)i;
	sec_mac(&key, "what is signed", 14, out, 32);
	ck_assert_str_eq(hex(out, 32),
	    "4febb10d76696f9ab6dc26ad1f635c93b10bf1ad9b172aebf2491dd04f45c02a");
	out[20] = 0x55;
	sec_mac(&key, "what is signed", 14, out, 20);
	ck_assert_str_eq(hex(out, 20),
	    "ec3191b41b436bae752ea711ca38f7836829d444");
	ck_assert_uint_eq(out[20], 0x55);
}
END_TEST

#define DRAWN 600 /* more than one batch */

/* All are different, within a process and between a parent and its child. */
START_TEST(random_bytes)
{
	static unsigned char all[2][DRAWN][16], large[20000];
	const unsigned char *v = all[0][0];
	int ends[2], status;

	sec_random(large, sizeof(large));
	ck_assert_mem_ne(large, large + 10000, 10000);
	sec_random(all[0][0], 16);
	ck_assert_int_eq(pipe(ends), 0);
	if (fork() == 0) {
		for (size_t i = 0; i < DRAWN; i++)
			sec_random(all[0][i], 16);
		_exit(write(ends[1], all[0], sizeof(all[0])) < 0);
	}
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_int_eq(status, 0);
	for (size_t i = 0; i < DRAWN; i++)
		sec_random(all[0][i], 16);
	ck_assert_int_eq(read(ends[0], all[1], sizeof(all[1])), sizeof(all[1]));
	for (size_t i = 0; i < sizeof(all); i += 16)
		for (size_t k = 0; k < i; k += 16)
			ck_assert(memcmp(v + i, v + k, 16) != 0);
}
END_TEST

START_TEST(equal)
{
	ck_assert(sec_equal("abc", "abc", 3));
	ck_assert(sec_equal("abc", "abd", 2));
	ck_assert(!sec_equal("abc", "abd", 3));
	ck_assert(!sec_equal("\0\0", "\0\x80", 2));
	ck_assert(sec_equal("", "", 0));
}
END_TEST

START_TEST(base64url)
{
	ck_assert_str_eq(sec_base64url(arena, "", 0), "");
	ck_assert_str_eq(sec_base64url(arena, "f", 1), "Zg");
	ck_assert_str_eq(sec_base64url(arena, "fo", 2), "Zm8");
	ck_assert_str_eq(sec_base64url(arena, "foo", 3), "Zm9v");
	ck_assert_str_eq(sec_base64url(arena, "\xfb\xff\xfe", 3), "-__-");
}
END_TEST

START_TEST(tokens)
{
	const char *v[200];

	for (size_t i = 0; i < 200; i++) {
		v[i] = sec_token(arena);
		ck_assert_uint_eq(strlen(v[i]), 43);
		ck_assert_uint_eq(strspn(v[i],
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_"),
		    43);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(v[i], v[k]);
	}
}
END_TEST

START_TEST(password)
{
	char h[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

	ck_assert_int_eq(sec_password_hash("Tr0ub4dor&3 \xc3\xa4", h), ERR_OK);
	ck_assert(strncmp(h, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
	ck_assert(memchr(h, '\0', sizeof(h)) != NULL);
	ck_assert(sec_password_check(h, "Tr0ub4dor&3 \xc3\xa4"));
	ck_assert(!sec_password_check(h, "Tr0ub4dor&3 \xc3\xa5"));
	ck_assert(!sec_password_check(h, "Tr0ub4dor&3 "));
	ck_assert(!sec_password_check(h, ""));
	ck_assert_int_eq(sec_password_hash("Tr0ub4dor&3 \xc3\xa4", again),
	    ERR_OK);
	ck_assert_str_ne(h, again);
	ck_assert_int_eq(sec_password_hash("", h), ERR_OK);
	ck_assert(sec_password_check(h, ""));
	ck_assert(!sec_password_check(h, "x"));
}
END_TEST

static const char *const no_hashes[] = { "", "x", "$argon2id$", "!",
	"$2y$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu",
	"$argon2id$v=19$m=19456,t=2,p=1$oHkP5qLFyUA9zWmVbJc0Xw$" };

START_TEST(no_hash)
{
	ck_assert(!sec_password_check(no_hashes[_i], ""));
	ck_assert(!sec_password_check(no_hashes[_i], "x"));
}
END_TEST

/* CPU time, which other processes on the machine do not affect. */
static int64_t
time_of_check(const char *hash)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < 3; i++) {
		struct timespec a, b;
		int64_t ns;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		ck_assert(!sec_password_check(hash, "wrong"));
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		ns = (int64_t)(b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec -
		    a.tv_nsec;
		least = ns < least ? ns : least;
	}
	return least;
}

/* Without an account: false, and not faster than with one. */
START_TEST(nobody)
{
	char h[PASSWORD_HASH_SIZE];
	int64_t real, none;

	ck_assert_int_eq(sec_password_hash("right", h), ERR_OK);
	real = time_of_check(h);
	none = time_of_check(NULL);
	ck_assert_msg(none > real / 2 && none < real * 2,
	    "%lld ns for nobody, %lld for somebody", (long long)none,
	    (long long)real);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_sec");
	TCase *t = tcase_create("sec");
	SRunner *r;
	int failed;

	sec_init();
	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, hashes);
	tcase_add_loop_test(t, of_file, 0, COUNT(file_sizes));
	tcase_add_test(t, signature);
	tcase_add_test(t, mac);
	tcase_add_test(t, random_bytes);
	tcase_add_test(t, equal);
	tcase_add_test(t, base64url);
	tcase_add_test(t, tokens);
	tcase_add_test(t, password);
	tcase_add_loop_test(t, no_hash, 0, COUNT(no_hashes));
	tcase_add_test(t, nobody);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
