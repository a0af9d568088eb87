#include "config.h"

#include "core/enrich.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/thumb.h"
#include "db/media_db.h"

/* scp and rsync write for a while; a file whose time has stood still for so
 * long, and while it was read, is whole. */
#define STILL (2 * CLOCK_SECOND)

struct enrichment {
	struct env *env;
	struct media media;
	struct media_facts facts;
	int fd;
	struct stat before;
};

/* Whether it was written to a moment ago. A time far ahead says nothing. */
static bool
is_fresh(const struct stat *st)
{
	int64_t age = clock_now() - clock_of(st->st_mtim);

	return age < STILL && age > -STILL;
}

/* Whether it was written to just before or while it was read. */
static bool
still_growing(struct enrichment *x)
{
	struct stat after;

	if (fstat(x->fd, &after) != 0)
		return true;
	return clock_ns(after.st_mtim) != clock_ns(x->before.st_mtim) ||
	    after.st_size != x->before.st_size;
}

static void
take_info(struct enrichment *x, const struct image_info *info)
{
	x->facts.mime = media_type_mime(info->type);
	x->facts.width = info->width;
	x->facts.height = info->height;
	x->facts.duration_ms = info->duration_ms;
	x->facts.taken_at = info->taken_at;
	x->facts.caption = info->caption;
}

/* The thumbnail is made now, so that the first look is quick; where none can
 * be made, there is none. */
static enum err
prepare_thumb(struct enrichment *x, const struct image_info *info)
{
	struct media_file m = { x->media.id, x->media.path,
		x->media.mtime };
	const char *path;
	struct stat st;
	enum err e;
	int fd;

	if (!media_type_is_image(info->type))
		return ERR_OK;
	e = thumb_open(x->env, &x->media.uuid, &m, &path, &fd, &st);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The file may not even have been opened: then it stays as it was listed. */
static enum err
failed(struct enrichment *x, const char *reason)
{
	unsigned char head[64];
	ssize_t n = x->fd < 0 ? 0 : pread(x->fd, head, sizeof(head), 0);

	if (x->fd < 0) {
		x->facts.size = (uint64_t)x->media.size;
		x->facts.mtime = x->media.mtime;
	}
	x->facts.mime = media_type_mime(
	    n > 0 ? image_sniff(head, (size_t)n) : MEDIA_UNKNOWN);
	return media_db_enrich_failed(x->env->base->db, &x->env->why,
	    x->media.id, &x->facts, reason);
}

/* A fault of ours: for now, or, at the last try, for good. */
static enum err
give_up(struct enrichment *x, enum err e, bool last)
{
	struct why ignored = { 0 };
	enum err back;

	if (last) {
		log_warn("enrich_failed", "media=%" PRIu64 " error=%s",
		    x->media.id, log_quote(x->env->why.detail));
		return failed(x, "It could not be read; see the log");
	}
	back = media_db_enrich_wait(x->env->base->db, &ignored, x->media.id);
	return back != ERR_OK ? back : e;
}

static enum err
read_file(struct enrichment *x, bool last, bool *ret_later)
{
	struct env *env = x->env;
	struct image_info info;
	enum err e;

	x->facts.size = (uint64_t)x->before.st_size;
	x->facts.mtime = clock_ns(x->before.st_mtim);
	if (!sec_sha256_file(x->fd, &x->facts.content_hash))
		e = why_log(&env->why, ERR_RETRY, "read %s: %s",
		    x->media.path, strerror(errno));
	else
		e = image_probe(env->base->image, env->arena, x->fd, &info,
		    &env->why);
	if (still_growing(x)) {
		*ret_later = true;
		return media_db_enrich_wait(env->base->db, &env->why,
		    x->media.id);
	}
	if (e == ERR_INVALID || e == ERR_TOO_LARGE)
		return failed(x, env->why.text[0] ? env->why.text :
						    err_text(e));
	if (e == ERR_OK)
		e = prepare_thumb(x, &info);
	if (e != ERR_OK)
		return give_up(x, e, last);
	take_info(x, &info);
	return media_db_enrich_done(env->base->db, &env->why, x->media.id,
	    &x->facts);
}

enum err
enrich_media(struct env *env, uint64_t id, bool last, bool *ret_later)
{
	struct enrichment x = { .env = env, .fd = -1,
		.media = { .id = id } };
	enum err e;

	e = media_db_enrich_begin(env->base->db, &env->why, id);
	if (e == ERR_OK)
		e = media_db_by_id(env->base->db, &env->why, env->arena, id,
		    &x.media);
	if (e == ERR_OK)
		e = store_read(env->base->store,
		    arena_printf(env->arena, "user-media/%s", x.media.path),
		    &x.fd, &x.before, &env->why);
	/* Gone, or its file has: nothing to enrich. */
	if (e == ERR_NOT_FOUND)
		return media_db_enrich_wait(env->base->db, &env->why, id);
	if (e != ERR_OK)
		return give_up(&x, e, last);
	arena_defer_close(env->arena, x.fd);
	/* An upload is whole, and its type is known already. */
	if (strcmp(x.media.mime, media_type_mime(MEDIA_UNKNOWN)) == 0 &&
	    is_fresh(&x.before)) {
		*ret_later = true;
		return media_db_enrich_wait(env->base->db, &env->why, id);
	}
	return read_file(&x, last, ret_later);
}
