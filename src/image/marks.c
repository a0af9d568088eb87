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
bool
marks_is_whole(int fd)
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

static enum err
plan_text(const struct conf *conf, struct image_mark *m, struct buf *b,
    struct why *why)
{
	struct image_request *req = &m->req;
	enum err e;

	e = set_text(req->text, sizeof(req->text), conf->watermark_text,
	    "watermark.text", why);
	if (e == ERR_OK)
		e = set_text(req->font, sizeof(req->font), conf->watermark_font,
		    "watermark.font", why);
	if (e == ERR_OK)
		buf_putf(b, "text:" MARKS_VERSION ":%zu:%s:%s",
		    strlen(req->text), req->text, req->font);
	return e;
}

static enum err
plan_picture(const struct conf *conf, struct arena *a, struct image_mark *m,
    struct buf *b, struct why *why)
{
	struct stat st;
	enum err e;

	if ((e = open_picture(conf, &m->in, why)) != ERR_OK)
		return e;
	arena_defer_close(a, m->in);
	if (fstat(m->in, &st) == -1)
		return why_log(why, ERR_INTERNAL, "fstat: %s", strerror(errno));
	buf_putf(b, "picture:" MARKS_VERSION ":%lld:%lld:%lld:%s",
	    (long long)st.st_ino, (long long)st.st_size,
	    (long long)clock_of(st.st_mtim), conf->watermark_picture);
	return ERR_OK;
}

enum err
marks_plan(const struct conf *conf, struct arena *a, struct image_mark **ret,
    struct why *why)
{
	struct image_mark *m = arena_new_struct(a, struct image_mark);
	bool text = conf->watermark_kind == CONF_MARK_TEXT;
	struct hash hash;
	struct buf b;
	enum err e;

	m->in = -1;
	buf_init(&b, a, 8192);
	run_request(conf, text ? IMAGE_OP_TEXT_MARK : IMAGE_OP_PICTURE_MARK,
	    text ? MEDIA_UNKNOWN : MEDIA_PNG, &m->req);
	e = text ? plan_text(conf, m, &b, why) :
		   plan_picture(conf, a, m, &b, why);
	if (e != ERR_OK)
		return e;
	if (buf_failed(&b))
		return why_log(why, ERR_INTERNAL, "watermark: too long");
	hash = sec_sha256(buf_str(&b), b.len);
	buf_clear(&b);
	buf_hex(&b, hash.b, sizeof(hash.b));
	m->name = arena_strdup(a, buf_str(&b));
	*ret = m;
	return ERR_OK;
}

enum err
marks_render(const struct conf *conf, const char *slots,
    const struct image_mark *m, int out, bool *ret_busy, struct why *why)
{
	int fds[IMAGE_FD__MAX] = { -1, -1, -1, m->in, -1, -1, -1 };
	struct image_reply rep;
	enum err e;

	fds[IMAGE_FD_OUT] = out;
	e = run_helper(conf, slots, &m->req, fds, &rep, ret_busy, why);
	if (e == ERR_OK && rep.err != ERR_OK) {
		rep.text[sizeof(rep.text) - 1] = '\0';
		rep.detail[sizeof(rep.detail) - 1] = '\0';
		return why_log(why,
		    rep.err == ERR_FULL ? ERR_FULL : ERR_INTERNAL,
		    "cannot render the mark: %s%s", rep.text, rep.detail);
	}
	if (e != ERR_OK && e != ERR_RETRY)
		return why_log(why, ERR_INTERNAL, "cannot render the mark");
	if (e == ERR_OK && !marks_is_whole(out))
		return why_log(why, ERR_INTERNAL,
		    "the rendered mark is incomplete");
	return e;
}
