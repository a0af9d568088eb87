/* Hostile files, limits, and helpers that fail: each has its result, and the
 * caller survives. */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jpeglib.h>

#include "base/clock.h"
#include "image_kit.h"

static struct bytes
jpeg_of(unsigned w, unsigned h)
{
	struct jpeg_spec spec = { .width = w,
		.height = h,
		.color = JCS_YCbCr,
		.h = 2,
		.v = 2 };

	return kit_jpeg(&spec);
}

static void
all_refuse(struct bytes b, enum err e, const char *what)
{
	ck_assert_msg(kit_probe(b) == e, "probe %s: %s", what, kit.why.word);
	ck_assert_msg(kit_publish(b, false) == e, "publish %s", what);
	ck_assert_msg(kit_publish(b, true) == e, "mark %s", what);
	ck_assert_msg(kit_thumbnail(b, 100) == e, "thumbnail %s", what);
	ck_assert_int_ne(why_reason(&kit.why, e), WHY_NONE);
}

static const struct {
	const char *head;
	size_t n;
} no_pictures[] = {
/* clang-format off */
#define F(s) { s, sizeof(s) - 1 }
	/* clang-format on */
	F(""),
	F("x"),
	F("<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
	  "href=\"/etc/passwd\"/></svg>"),
	F("<?xml version=\"1.0\"?><image><read filename=\"/etc/passwd\"/>"
	  "</image>"),
	F("push graphic-context\nviewbox 0 0 640 480\n"
	  "fill 'url(https://example.com/x.jpg\"|touch \"/tmp/x)'\n"
	  "pop graphic-context\n"),
	F("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj"),
	F("%!PS\n(/etc/passwd) (r) file"),
	F("GIF88a\1\0\1\0\0\0\0;"),
	F("id=ImageMagick version=1.0"),
	F("\0\0\0\x18"
	  "ftypheic\0\0\0\0mif1heic"),
	F("\0\0\0\x18"
	  "ftypavif\0\0\0\0mif1avif"),
	F("\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska"),
	F("II*\0\x08\0\0\0"),
	F("BM\x46\0\0\0\0\0\0\0"),
	/* The first bytes of a kind, and then something else. */
	F("\xff\xd8\xff<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
	F("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"),
	F("\x89PNG\r\n\x1a\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
	F("RIFF\x20\0\0\0WEBPVP8 %!PS and no more than that"),
	F("RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff/////"),
	F("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\0\0\0\0\0\0"),
	F("GIF89a\1\0\1\0\x80"),
#undef F
};

START_TEST(no_picture)
{
	struct bytes b = { (unsigned char *)(uintptr_t)no_pictures[_i].head,
		no_pictures[_i].n };
	char what[16];

	snprintf(what, sizeof(what), "%d", _i);
	if (kit_probe(b) == ERR_OK) { /* a whole header is enough for it */
		ck_assert_int_eq(kit_publish(b, false), ERR_INVALID);
		ck_assert_int_eq(kit_thumbnail(b, 9), ERR_INVALID);
	} else {
		all_refuse(b, ERR_INVALID, what);
	}
}
END_TEST

START_TEST(no_video)
{
	static const char *const heads[] = { "\0\0\0\x10"
					     "ftypisom\0\0\0\0"
					     "\0\0\0\x08moov",
		"\0\0\0\x10"
		"ftypqt  \0\0\0\0\xff\xff\xff\xff"
		"moov",
		"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67" };
	struct bytes b = { (unsigned char *)(uintptr_t)heads[_i], 24 };

	if (_i == 2)
		b.n = 16;
	ck_assert_int_eq(kit_probe(b), ERR_INVALID);
	ck_assert_int_eq(kit_publish(b, false), ERR_INVALID);
	ck_assert_int_eq(kit_publish(b, true), ERR_INVALID);
	ck_assert_int_eq(kit_thumbnail(b, 100), ERR_INVALID);
}
END_TEST

static struct bytes
gif_of(unsigned frames)
{
	static const unsigned char head[] =
	    "GIF89a\x08\0\x08\0\x80\0\0"
	    "\0\0\0\xff\xff\xff!\xff\x0bNETSCAPE2.0\3\1\0\0\0";
	static const unsigned char frame[] =
	    "!\xf9\4\4\1\0\0\0,\0\0\0\0\x08\0"
	    "\x08\0\0\2\x08\x84\x8f\xa9\xcb\xed\x0f\xa3\x2b\0";
	struct bytes r = { malloc(sizeof(head) + frames * sizeof(frame)), 0 };

	memcpy(r.p, head, sizeof(head) - 1);
	r.n = sizeof(head) - 1;
	for (; frames > 0; frames--) {
		memcpy(r.p + r.n, frame, sizeof(frame) - 1);
		r.n += sizeof(frame) - 1;
	}
	r.p[r.n++] = ';';
	return r;
}

/* 0 to 3: the format. Whole files first, for the cuts to prove something. */
static struct bytes
whole(int format)
{
	struct pixels px;
	struct bytes b;

	if (format == 0)
		return jpeg_of(200, 150);
	if (format == 3)
		return gif_of(3);
	px = kit_pattern(200, 150, false);
	b = format == 1 ? kit_encode(&px, "PNG", "png:color-type", "2", 0) :
			  kit_encode(&px, "WEBP", NULL, NULL, 75);
	free(px.p);
	return b;
}

START_TEST(cut_off)
{
	struct bytes b = whole(_i), cut;
	int i;

	ck_assert_int_eq(kit_publish(b, false), ERR_OK);
	for (i = 0; i < 12; i++) {
		/* Without its trailer alone a GIF is still whole. */
		cut = (struct bytes){ b.p,
			i == 0 ? b.n - 2 : b.n * (size_t)i / 12 };
		ck_assert_msg(kit_publish(cut, false) == ERR_INVALID, "%zu",
		    cut.n);
		if (_i != 3)
			ck_assert_msg(kit_publish(cut, true) == ERR_INVALID,
			    "%zu", cut.n);
	}
	free(b.p);
}
END_TEST

/* Single bytes changed: whatever comes of it is a result of the contract. */
START_TEST(mutated)
{
	struct bytes b = whole(_i % 4);
	unsigned seed = (unsigned)_i * 7919 + 1, k;
	enum err e;
	int i;

	for (i = 0; i < 40; i++) {
		struct bytes m = kit_join(b, (struct bytes){ b.p, 0 });

		for (k = 0; k < 3; k++) {
			seed = seed * 1103515245 + 12345;
			/* Headers are where most goes wrong. */
			m.p[(seed >> 8) %
			    (i % 2	      ? m.n :
				    m.n < 400 ? m.n :
						400)] ^=
			    (unsigned char)(1u << (seed >> 5) % 8);
		}
		e = i % 3 == 0 ? kit_thumbnail(m, 64) :
				 kit_publish(m, i % 3 == 1 && _i % 4 != 3);
		ck_assert_msg(e == ERR_OK || e == ERR_INVALID ||
			e == ERR_TOO_LARGE,
		    "%d: %s", e, kit.why.detail);
		free(m.p);
	}
	free(b.p);
}
END_TEST

static void
set_png_size(struct bytes png, unsigned w, unsigned h)
{
	struct bytes chunk;

	kit_be32(png.p + 16, w);
	kit_be32(png.p + 20, h);
	chunk = kit_chunk("IHDR", (struct bytes){ png.p + 16, 13 });
	memcpy(png.p + 8, chunk.p, chunk.n);
	free(chunk.p);
}

START_TEST(absurd_sizes)
{
	static const unsigned sizes[][2] = { { 1, 100000 }, { 100000, 1 },
		{ 100000, 100000 }, { 0x7fffffff, 0x7fffffff },
		{ 20000, 20000 } };
	struct bytes png = kit_black_png(8, 8, 8, 2);

	set_png_size(png, sizes[_i][0], sizes[_i][1]);
	all_refuse(png, ERR_TOO_LARGE, "png");
	set_png_size(png, sizes[_i][0], 0);
	all_refuse(png, ERR_INVALID, "empty png");
	free(png.p);
}
END_TEST

START_TEST(settings_hold)
{
	struct bytes jpeg = jpeg_of(64, 48), png = kit_black_png(64, 48, 8, 2);

	kit.conf->image_max_side = 64;
	kit.conf->image_max_pixels = 64 * 48;
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_OK);
	ck_assert_int_eq(kit_publish(png, true), ERR_OK);
	kit.conf->image_max_side = 63;
	all_refuse(jpeg, ERR_TOO_LARGE, "side of a JPEG");
	all_refuse(png, ERR_TOO_LARGE, "side of a PNG");
	kit.conf->image_max_side = 64;
	kit.conf->image_max_pixels = 64 * 48 - 1;
	all_refuse(jpeg, ERR_TOO_LARGE, "pixels of a JPEG");
	all_refuse(png, ERR_TOO_LARGE, "pixels of a PNG");
	free(jpeg.p);
	free(png.p);
}
END_TEST

/* The most memory, in kB, that a helper of this test has had. It tells
 * nothing where AddressSanitizer keeps its own books in it. */
static void
check_peak(long most)
{
	struct rusage ru;

	ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &ru), 0);
#ifndef SANITIZED
	ck_assert_int_lt(ru.ru_maxrss, most);
#else
	(void)most;
#endif
}

/* 200 MB in a zTXt chunk: cut before the decoder can inflate it. */
START_TEST(text_bomb)
{
	struct bytes png = kit_black_png(64, 48, 8, 2),
		     z = kit_zlib('A', 200000000), key = { calloc(1, 9), 9 },
		     data, chunk, in;

	memcpy(key.p, "Comment", 7);
	data = kit_join(key, z);
	chunk = kit_chunk("zTXt", data);
	in = kit_png_insert(png, "IDAT", chunk);
	ck_assert_int_eq(kit_publish(in, false), ERR_OK);
	ck_assert(!kit_has(kit.out, "zTXt"));
	ck_assert_int_eq(kit_publish(in, true), ERR_OK);
	ck_assert(!kit_has(kit.out, "zTXt"));
	ck_assert_int_eq(kit_thumbnail(in, 32), ERR_OK);
	check_peak(100000);
	free(png.p);
	free(z.p);
	free(key.p);
	free(data.p);
	free(chunk.p);
	free(in.p);
}
END_TEST

/* The same as a colour profile, which a thumbnail has to look at. */
START_TEST(profile_bomb)
{
	struct bytes png = kit_black_png(64, 48, 8, 2),
		     z = kit_zlib(0, 200000000), key = { calloc(1, 5), 5 },
		     data, chunk, in;
	enum err e;

	memcpy(key.p, "icc", 3);
	data = kit_join(key, z);
	chunk = kit_chunk("iCCP", data);
	in = kit_png_insert(png, "IDAT", chunk);
	e = kit_thumbnail(in, 32);
	ck_assert(e == ERR_OK || e == ERR_INVALID || e == ERR_TOO_LARGE);
	check_peak(100000);
	free(png.p);
	free(z.p);
	free(key.p);
	free(data.p);
	free(chunk.p);
	free(in.p);
}
END_TEST

START_TEST(many_frames)
{
	struct bytes gif = gif_of(10000);

	ck_assert_int_eq(kit_probe(gif), ERR_OK);
	ck_assert(kit.info.animated);
	ck_assert_int_eq(kit_publish(gif, false), ERR_OK);
	ck_assert_uint_eq(kit.out.n, gif.n);
	ck_assert_int_eq(kit_publish(gif, true), ERR_INVALID);
	ck_assert_int_eq(kit_thumbnail(gif, 4), ERR_OK);
	ck_assert_uint_eq(kit.info.width, 4);
	free(gif.p);
}
END_TEST

#ifndef SANITIZED
/* A picture within the pixels' limit, and beyond the memory's. */
START_TEST(memory_limit)
{
	struct bytes png = kit_black_png(12000, 12000, 1, 0),
		     jpeg = jpeg_of(8000, 8000);

	kit.conf->image_memory = INT64_C(512) << 20;
	ck_assert_int_eq(kit_publish(png, false), ERR_OK);
	ck_assert_int_eq(kit_publish(png, true), ERR_TOO_LARGE);
	ck_assert_int_eq(kit_thumbnail(png, 100), ERR_TOO_LARGE);
	check_peak(512 << 10);
	kit.conf->image_memory = INT64_C(200) << 20;
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_TOO_LARGE);
	ck_assert_int_eq(kit_thumbnail(jpeg, 100), ERR_OK);
	free(png.p);
	free(jpeg.p);
}
END_TEST
#endif

/* Scans without end over a large picture: the last one is repeated. */
START_TEST(many_scans)
{
	struct jpeg_spec spec = { .width = 512,
		.height = 512,
		.color = JCS_GRAYSCALE,
		.h = 1,
		.v = 1,
		.progressive = true,
		.flat = true };
	struct bytes jpeg = kit_jpeg(&spec), in;
	unsigned char *sos = jpeg.p, *p;
	size_t n, i;

	for (p = jpeg.p; p < jpeg.p + jpeg.n - 1; p++)
		if (p[0] == 0xff && p[1] == 0xda)
			sos = p;
	n = jpeg.n - (size_t)(sos - jpeg.p) - 2;
	in = (struct bytes){ malloc(jpeg.n + 5000 * n), jpeg.n - 2 };
	memcpy(in.p, jpeg.p, in.n);
	for (i = 0; i < 5000; i++, in.n += n)
		memcpy(in.p + in.n, sos, n);
	in.p[in.n++] = 0xff;
	in.p[in.n++] = 0xd9;
	ck_assert_int_eq(kit_publish(in, false), ERR_INVALID);
	ck_assert_int_eq(kit_thumbnail(in, 100), ERR_INVALID);
	free(jpeg.p);
	free(in.p);
}
END_TEST

START_TEST(no_room)
{
	struct bytes jpeg = jpeg_of(640, 480);
	struct rlimit rl = { 4096, 4096 };
	int in, out;

	/* The limit simulates a full disk. */
	kit_save("in", jpeg);
	in = open(kit_path("in"), O_RDONLY);
	out = open(kit_path("out"), O_RDWR | O_CREAT, 0600);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &rl), 0);
	ck_assert_int_eq(image_publish(kit.client, kit.arena, in, out, -1,
			     &kit.info, &kit.why),
	    ERR_FULL);
	ck_assert_int_eq(lseek(out, 0, SEEK_END), 0);
	close(in);
	close(out);
	free(jpeg.p);
}
END_TEST

START_TEST(timeout)
{
	struct bytes jpeg = jpeg_of(64, 48);
	int64_t start = clock_tick();

	kit_script("slow", "#!/bin/sh\nexec sleep 60\n");
	kit.conf->image_timeout = 1;
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_RETRY);
	ck_assert_uint_gt(kit.why.retry_after, 0);
	ck_assert_int_lt(clock_tick() - start, 5000000);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	free(jpeg.p);
}
END_TEST

static const struct {
	const char *body;
	enum err e;
} bad_helpers[] = {
	{ "#!/bin/sh\nkill -KILL $$\n", ERR_RETRY },
	{ "#!/bin/sh\nkill -SEGV $$\n", ERR_INVALID },
	{ "#!/bin/sh\nkill -SYS $$\n", ERR_INVALID },
	{ "#!/bin/sh\nexit 0\n", ERR_INTERNAL },
	{ "#!/bin/sh\nexit 70\n", ERR_INTERNAL },
	{ "#!/bin/sh\necho hello\n", ERR_INTERNAL },
	{ "#!/bin/sh\nexec head -c 1000000 /dev/zero\n", ERR_INVALID },
	{ "#!/bin/sh\nprintf 1NTV; head -c 2812 /dev/zero\n", ERR_INTERNAL },
	{ "#!/bin/sh\nprintf '1NTV\\001\\0\\0\\0'; head -c 32 /dev/zero;"
	  "head -c 2776 /dev/zero | tr '\\0' '\\377'\n",
	    ERR_INTERNAL },
	{ "#!/nowhere\n", ERR_INTERNAL },
};

START_TEST(bad_helper)
{
	struct bytes jpeg = jpeg_of(64, 48);

	kit_script("bad", bad_helpers[_i].body);
	ck_assert_int_eq(kit_publish(jpeg, false), bad_helpers[_i].e);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	free(jpeg.p);
}
END_TEST

/* What the helper inherits: an empty signal mask, no ignored signals, its
 * descriptors, its environment. */
START_TEST(inheritance)
{
	struct bytes jpeg = jpeg_of(64, 48), b;
	sigset_t all;
	int extra = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */

	ck_assert_int_ge(extra, 0);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	setenv("SECRET", "1", 1);
	kit_script("look",
	    "#!/bin/sh\nd=${0%/*}\n"
	    "exec 8>$d/fds; for i in 0 1 2 3 4 5 6 7 9 10 11 12 13 14 15 16 "
	    "17 18 19 20; do [ -e /proc/$$/fd/$i ] && printf '%s ' $i >&8; "
	    "done\nenv > $d/env\nexec grep Sig /proc/self/status > $d/signals\n");
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_INTERNAL);
	b = kit_load(kit_path("signals"));
	ck_assert(kit_has(b, "SigBlk:\t0000000000000000"));
	/* But for two that are the C library's own. */
	ck_assert(kit_has(b, "SigIgn:\t0000000000000000") ||
	    kit_has(b, "SigIgn:\t0000000180000000"));
	free(b.p);
	b = kit_load(kit_path("fds"));
	b.p[b.n] = '\0';
	/* 10 is where the shell has its script. */
	ck_assert(strcmp((char *)b.p, "0 1 2 3 4 6 10 ") == 0 ||
	    strcmp((char *)b.p, "0 1 2 3 4 6 ") == 0);
	free(b.p);
	b = kit_load(kit_path("env"));
	ck_assert(kit_has(b, "MAGICK_CONFIGURE_PATH="));
	ck_assert(!kit_has(b, "SECRET"));
	free(b.p);
	free(jpeg.p);
	close(extra);
}
END_TEST

/* A caller that ignores SIGCHLD, or has all descriptors low closed. */
START_TEST(odd_callers)
{
	struct bytes jpeg = jpeg_of(64, 48);

	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_OK);
	signal(SIGCHLD, SIG_DFL);
	close(0);
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_OK);
	ck_assert_int_eq(kit_publish(jpeg, true), ERR_OK);
	free(jpeg.p);
}
END_TEST

static void
start_callers(int n, pid_t pids[])
{
	int i, in, out;

	for (i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		in = open(kit_path("in"), O_RDONLY);
		out = open(kit_path("out"), O_RDWR);
		_exit((int)image_publish(kit.client, kit.arena, in, out, -1,
		    &kit.info, &kit.why));
	}
}

/* Six callers at once and two places: never more than two helpers. */
START_TEST(places)
{
	struct bytes jpeg = jpeg_of(64, 48), log;
	int i, status, now = 0, most = 0, all = 0;
	pid_t pids[6];

	kit.conf->image_processes = 2;
	kit_publish(jpeg, false);
	kit_script("count",
	    "#!/bin/sh\nd=${0%/*}\necho + >> $d/log\n"
	    "sleep 0.3\necho - >> $d/log\n");
	start_callers(6, pids);
	for (i = 0; i < 6; i++) {
		waitpid(pids[i], &status, 0);
		ck_assert_int_eq(WEXITSTATUS(status), ERR_INTERNAL);
	}
	log = kit_load(kit_path("log"));
	for (i = 0; i < (int)log.n; i++) {
		now += log.p[i] == '+' ? 1 : log.p[i] == '-' ? -1 : 0;
		all += log.p[i] == '+';
		most = now > most ? now : most;
	}
	ck_assert_int_eq(all, 6);
	ck_assert_int_eq(most, 2);
	free(log.p);
	free(jpeg.p);
}
END_TEST

START_TEST(no_place)
{
	struct bytes jpeg = jpeg_of(64, 48);
	pid_t pid[1];

	kit.conf->image_processes = 1;
	kit.conf->image_wait = 1;
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_OK);
	kit_script("slow", "#!/bin/sh\n: > ${0%/*}/started\nexec sleep 3\n");
	start_callers(1, pid);
	while (access(kit_path("started"), F_OK) != 0)
		usleep(10000);
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_RETRY);
	ck_assert_uint_eq(kit.why.retry_after, 1);
	/* The place stays taken when the caller dies before its helper. */
	kill(pid[0], SIGKILL);
	waitpid(pid[0], NULL, 0);
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_RETRY);
	kit.conf->image_wait = 10;
	ck_assert_int_eq(kit_publish(jpeg, false), ERR_INTERNAL);
	free(jpeg.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("image_hostile");
	TCase *t = tcase_create("hostile");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, kit_setup, kit_teardown);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, no_picture, 0,
	    (int)(sizeof(no_pictures) / sizeof(no_pictures[0])));
	tcase_add_loop_test(t, no_video, 0, 3);
	tcase_add_loop_test(t, cut_off, 0, 4);
	tcase_add_loop_test(t, mutated, 0, 16);
	tcase_add_loop_test(t, absurd_sizes, 0, 5);
	tcase_add_test(t, settings_hold);
	tcase_add_test(t, text_bomb);
	tcase_add_test(t, profile_bomb);
	tcase_add_test(t, many_frames);
#ifndef SANITIZED
	tcase_add_test(t, memory_limit);
#endif
	tcase_add_test(t, many_scans);
	tcase_add_test(t, no_room);
	tcase_add_test(t, timeout);
	tcase_add_loop_test(t, bad_helper, 0,
	    (int)(sizeof(bad_helpers) / sizeof(bad_helpers[0])));
	tcase_add_test(t, inheritance);
	tcase_add_test(t, odd_callers);
	tcase_add_test(t, places);
	tcase_add_test(t, no_place);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
