#include "config.h"

#include "image/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/sec.h"
#include "base/text.h"
#include "image/run.h"
#include "image/sniff.h"

/* Part of a mark's name: increase it when marks are rendered differently. */
#define MARKS_VERSION "1"

/* Whether the file is a complete rendered mark. Its pixels need no check: any
 * bytes are valid pixels. */
static bool
is_raw_mark(int fd)
{
	struct image_raw raw;
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    pread(fd, &raw, sizeof(raw), 0) == (ssize_t)sizeof(raw) &&
	    raw.magic == IMAGE_MAGIC && raw.width > 0 && raw.height > 0 &&
	    raw.width <= IMAGE_RAW_SIDE && raw.height <= IMAGE_RAW_SIDE &&
	    st.st_size ==
	    (off_t)sizeof(raw) + (off_t)raw.width * raw.height * 4;
}

static enum err
set_text(char *to, size_t size, const char *from, const char *name,
    struct why *why)
{
	size_t n = strlen(from);

	if (n == 0 || n >= size || !text_utf8(from, n))
		return why_log(why, ERR_INTERNAL,
		    "%s is empty, too long or not UTF-8", name);
	memcpy(to, from, n);
	return ERR_OK;
}

static enum err
open_picture(const struct conf *conf, int *ret, struct why *why)
{
	unsigned char head[64];
	ssize_t n;
	int fd;

	fd = open(conf->watermark_picture, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return why_log(why, ERR_INTERNAL, "watermark.picture %s: %s",
		    conf->watermark_picture, strerror(errno));
	n = pread(fd, head, sizeof(head), 0);
	if (n < 0 || image_sniff(head, (size_t)n) != MEDIA_PNG) {
		close(fd);
		return why_log(why, ERR_INTERNAL,
		    "watermark.picture %s is not a PNG",
		    conf->watermark_picture);
	}
	*ret = fd;
	return ERR_OK;
}

/* Sets what to render and names the result by a hash of everything it depends
 * on. */
static enum err
plan(const struct conf *conf, struct arena *a, struct image_request *req,
    int *ret_in, const char **ret_name, struct why *why)
{
	bool text = conf->watermark_kind == CONF_MARK_TEXT;
	struct stat st = { 0 };
	struct hash hash;
	struct buf b;
	enum err e;

	buf_init(&b, a, 8192);
	run_request(conf, text ? IMAGE_OP_TEXT_MARK : IMAGE_OP_PICTURE_MARK,
	    text ? MEDIA_UNKNOWN : MEDIA_PNG, req);
	if (text) {
		e = set_text(req->text, sizeof(req->text), conf->watermark_text,
		    "watermark.text", why);
		if (e == ERR_OK)
			e = set_text(req->font, sizeof(req->font),
			    conf->watermark_font, "watermark.font", why);
		if (e != ERR_OK)
			return e;
		buf_putf(&b, "text:" MARKS_VERSION ":%zu:%s:%s",
		    strlen(req->text), req->text, req->font);
	} else {
		e = open_picture(conf, ret_in, why);
		if (e != ERR_OK)
			return e;
		if (fstat(*ret_in, &st) == -1)
			return why_log(why, ERR_INTERNAL, "fstat: %s",
			    strerror(errno));
		buf_putf(&b, "picture:" MARKS_VERSION ":%lld:%lld:%lld:%s",
		    (long long)st.st_ino, (long long)st.st_size,
		    (long long)clock_of(st.st_mtim), conf->watermark_picture);
	}
	if (buf_failed(&b))
		return why_log(why, ERR_INTERNAL, "watermark: too long");
	hash = sec_sha256(buf_str(&b), b.len);
	buf_clear(&b);
	buf_hex(&b, hash.b, sizeof(hash.b));
	*ret_name = arena_strdup(a, buf_str(&b));
	return ERR_OK;
}

/* Renders into a temporary file. Several processes may do so at once: the last
 * rename wins, and all results are equal. */
static enum err
render(const struct conf *conf, const char *slots,
    const struct image_request *req, int in, const char *path, struct arena *a,
    int *ret, struct why *why)
{
	int fds[IMAGE_FD__MAX] = { -1, -1, -1, in, -1, -1, -1 };
	const char *temporary;
	struct image_reply rep;
	enum err e;
	bool busy;
	int fd;

	temporary = arena_printf(a, "%s.%s", path, sec_token(a));
	fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return why_log(why,
		    errno == ENOSPC || errno == EDQUOT ? ERR_FULL :
			errno == EROFS		       ? ERR_RETRY :
							 ERR_INTERNAL,
		    "%s: %s", temporary, strerror(errno));
	fds[IMAGE_FD_OUT] = fd;
	e = run_helper(conf, slots, req, fds, &rep, &busy, why);
	if (e == ERR_OK && rep.err != ERR_OK) {
		rep.text[sizeof(rep.text) - 1] = '\0';
		rep.detail[sizeof(rep.detail) - 1] = '\0';
		e = why_log(why, rep.err == ERR_FULL ? ERR_FULL : ERR_INTERNAL,
		    "cannot render the mark: %s%s", rep.text, rep.detail);
	} else if (e != ERR_OK && e != ERR_RETRY) {
		why_clear(why);
		e = why_log(why, ERR_INTERNAL, "cannot render the mark");
	}
	if (e == ERR_OK &&
	    (!is_raw_mark(fd) || fsync(fd) == -1 ||
		rename(temporary, path) == -1))
		e = why_log(why, ERR_INTERNAL, "%s: incomplete", path);
	if (e != ERR_OK) {
		unlink(temporary);
		close(fd);
		return e;
	}
	*ret = fd;
	return ERR_OK;
}

enum err
marks_open(const struct conf *conf, const char *slots, const char *marks,
    struct arena *a, int *ret, struct why *why)
{
	struct image_request req;
	const char *name = NULL, *path;
	int in = -1, fd;
	enum err e;

	e = plan(conf, a, &req, &in, &name, why);
	if (e != ERR_OK)
		goto out;
	path = arena_printf(a, "%s/%s", marks, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1 && is_raw_mark(fd)) {
		*ret = fd;
		goto out;
	}
	if (fd != -1)
		close(fd);
	if (mkdir(marks, 0700) == -1 && errno != EEXIST)
		e = why_log(why, ERR_INTERNAL, "%s: %s", marks,
		    strerror(errno));
	else
		e = render(conf, slots, &req, in, path, a, ret, why);
out:
	if (in != -1)
		close(in);
	return e;
}
