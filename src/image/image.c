#include "config.h"

#include "image/image.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "image/marks.h"
#include "image/run.h"

struct image_client {
	const struct conf *conf;
	const char *slots;
	bool busy; /* no helper was free for the last run */
};

struct image_client *
image_client_new(struct arena *a, const struct conf *conf, const char *slots)
{
	struct image_client *c = arena_new_struct(a, struct image_client);

	c->conf = conf;
	c->slots = arena_strdup(a, slots);
	return c;
}

static enum err
sniff_fd(int in, enum media_type *ret, struct why *why)
{
	unsigned char head[64];
	ssize_t n;

	do
		n = pread(in, head, sizeof(head), 0);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return why_log(why, ERR_INTERNAL, "reading the picture: %s",
		    strerror(errno));
	*ret = image_sniff(head, (size_t)n);
	if (*ret == MEDIA_UNKNOWN)
		return why_set(why, WHY_MEDIA_UNSUPPORTED);
	return ERR_OK;
}

static void
ask_mark(const struct conf *conf, struct image_request *req)
{
	req->mark = 1;
	req->place = (uint32_t)conf->watermark_place;
	req->size = conf->watermark_size;
	req->opacity = conf->watermark_opacity;
	req->margin = conf->watermark_margin;
}

/* The failures that a helper may report. */
static enum err
judge_failure(struct image_reply *rep, struct why *why)
{
	rep->text[sizeof(rep->text) - 1] = '\0';
	rep->detail[sizeof(rep->detail) - 1] = '\0';
	if (rep->err == ERR_INTERNAL)
		return why_log(why, ERR_INTERNAL, "vitrine-image: %s%s",
		    rep->text, rep->detail);
	if ((rep->err == ERR_INVALID || rep->err == ERR_TOO_LARGE ||
		rep->err == ERR_FULL) &&
	    text_utf8(rep->text, strlen(rep->text)) &&
	    !text_has_control(rep->text))
		return why_with(why,
		    rep->err == ERR_INVALID	  ? WHY_MEDIA_DAMAGED :
			rep->err == ERR_TOO_LARGE ? WHY_MEDIA_TOO_LARGE :
						    WHY_MEDIA_NO_SPACE,
		    .word = rep->text);
	return why_log(why, ERR_INTERNAL, "vitrine-image: invalid reply");
}

/* The helper may have been taken over by hostile input, so its reply is
 * checked. */
static enum err
take_reply(const struct image_request *req, struct image_reply *rep,
    struct arena *a, struct image_info *ret, struct why *why)
{
	uint64_t side =
	    req->op == IMAGE_OP_THUMBNAIL ? req->side : req->max_side;
	size_t n;

	if (rep->err != ERR_OK)
		return judge_failure(rep, why);
	rep->caption[sizeof(rep->caption) - 1] = '\0';
	n = strlen(rep->caption);
	if (rep->type == MEDIA_UNKNOWN || rep->type >= MEDIA__MAX ||
	    (req->op != IMAGE_OP_THUMBNAIL && rep->type != req->type) ||
	    (req->op == IMAGE_OP_THUMBNAIL && rep->type != MEDIA_JPEG &&
		rep->type != MEDIA_PNG) ||
	    rep->width == 0 || rep->height == 0 || rep->width > side ||
	    rep->height > side ||
	    (uint64_t)rep->width * rep->height > req->max_pixels ||
	    n > IMAGE_CAPTION || !text_utf8(rep->caption, n) ||
	    rep->duration_ms < 0)
		return why_log(why, ERR_INTERNAL,
		    "vitrine-image: invalid reply");
	ret->type = (enum media_type)rep->type;
	ret->width = rep->width;
	ret->height = rep->height;
	ret->animated = rep->animated == 1;
	ret->duration_ms = rep->duration_ms;
	ret->taken_at = rep->taken_at;
	ret->perceptual_hash = rep->perceptual_hash;
	ret->caption = n > 0 ? arena_strdup(a, rep->caption) : NULL;
	return ERR_OK;
}

static enum err
run(struct image_client *c, struct arena *a, const struct image_request *req,
    int in, int out, int mark, struct image_info *ret, struct why *why)
{
	int fds[IMAGE_FD__MAX] = { -1, -1, -1, in, out, mark, -1 };
	struct image_reply rep;
	enum err e;

	e = run_helper(c->conf, c->slots, req, fds, &rep, &c->busy, why);
	if (e == ERR_OK)
		e = take_reply(req, &rep, a, ret, why);
	/* Never leave a partial picture behind. */
	if (e != ERR_OK && out != -1 && ftruncate(out, 0) == -1)
		log_warn("image_output_left", "error=%s",
		    log_quote(strerror(errno)));
	return e;
}

bool
image_was_busy(const struct image_client *c)
{
	return c->busy;
}

enum err
image_probe(struct image_client *c, struct arena *a, int in,
    struct image_info *ret, struct why *why)
{
	enum media_type type = MEDIA_UNKNOWN;
	struct image_request req;
	enum err e;

	e = sniff_fd(in, &type, why);
	if (e != ERR_OK)
		return e;
	run_request(c->conf, IMAGE_OP_PROBE, type, &req);
	return run(c, a, &req, in, -1, -1, ret, why);
}

enum err
image_publish(struct image_client *c, struct arena *a, int in, int out,
    int mark, struct image_info *ret, struct why *why)
{
	enum media_type type = MEDIA_UNKNOWN;
	struct image_request req;
	enum err e;

	e = sniff_fd(in, &type, why);
	if (e != ERR_OK)
		return e;
	if (mark != -1 && !media_type_is_watermarkable(type))
		return why_set(why, WHY_NO_WATERMARK);
	run_request(c->conf, IMAGE_OP_PUBLISH, type, &req);
	if (mark != -1)
		ask_mark(c->conf, &req);
	return run(c, a, &req, in, out, mark, ret, why);
}

enum err
image_thumbnail(struct image_client *c, struct arena *a, int in, int out,
    unsigned side, struct image_info *ret, struct why *why)
{
	enum media_type type = MEDIA_UNKNOWN;
	struct image_request req;
	enum err e;

	e = sniff_fd(in, &type, why);
	if (e != ERR_OK)
		return e;
	if (!media_type_is_image(type) || side == 0)
		return why_set(why, WHY_NO_THUMBNAIL);
	run_request(c->conf, IMAGE_OP_THUMBNAIL, type, &req);
	req.side = side;
	return run(c, a, &req, in, out, -1, ret, why);
}

enum err
image_mark_plan(struct image_client *c, struct arena *a,
    struct image_mark **ret, struct why *why)
{
	return marks_plan(c->conf, a, ret, why);
}

const char *
image_mark_name(const struct image_mark *m)
{
	return m->name;
}

enum err
image_mark_render(struct image_client *c, const struct image_mark *m, int out,
    struct why *why)
{
	return marks_render(c->conf, c->slots, m, out, &c->busy, why);
}

bool
image_mark_is_whole(int fd)
{
	return marks_is_whole(fd);
}
