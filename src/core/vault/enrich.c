#include "config.h"

#include "core/vault/enrich.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/vault/metadata.h"
#include "core/vault/detector.h"
#include "core/delivery/thumb.h"
#include "db/media_db.h"

/* scp and rsync write for a while. A file is complete if its mtime is this old
 * and did not change while it was read. */
#define STILL (2 * CLOCK_SECOND)
#define SOON_SECONDS 2

/* A slow transfer may pause for longer, and the .json file may come late, so a
 * file newer than this is looked at once more. */
#define NEW (60 * CLOCK_SECOND)
#define SECOND_LOOK_SECONDS 30

#define STEP_GRACE 60 /* seconds for reading a large file */

struct enrichment {
	struct env *env;
	const struct job_run *run;
	struct media media;
	struct media_facts facts;
	struct hash hash;
	struct metadata about;
	int fd;
	struct store_info before;
	bool uploaded;	 /* so it is complete */
	int64_t sidecar; /* its mtime; CLOCK_NONE: no file */
	int64_t later;	 /* seconds until the next look */
};

/* Whether `time` is less than `span` ago. A time far in the future means
 * nothing and counts as old. */
static bool
is_within(int64_t time, int64_t span)
{
	int64_t now = clock_now();

	return time > now - span && time < now + span;
}

/* Extends the lease before each step, so that no other worker takes the job. */
static enum err
hold(struct enrichment *x)
{
	const struct conf *conf = x->env->base->conf;

	return lease_hold(x->env, x->run,
	    STEP_GRACE + conf->image_wait + conf->image_timeout +
		conf->detector_timeout);
}

static enum err
wait_for(struct enrichment *x, int64_t seconds)
{
	x->later = seconds;
	return media_db_enrich_wait(&x->env->db, x->media.id);
}

static const char *
store_path(struct enrichment *x)
{
	return arena_printf(x->env->arena, "user-media/%s", x->media.path);
}

/* Whether the file was written to or replaced while it was read. */
static enum err
has_changed(struct enrichment *x, bool *ret)
{
	const struct store_info *b = &x->before;
	struct store_info now;
	enum err e;

	e = store_stat(x->env->base->store, store_path(x), &now, &x->env->why);
	if (e != ERR_OK)
		return e;
	*ret = now.version != b->version || now.size != b->size ||
	    clock_ns(now.mtime) != clock_ns(b->mtime);
	return ERR_OK;
}

/* Records the result; reason NULL: success. */
static enum err
record(struct enrichment *x, const char *reason)
{
	struct env *env = x->env;
	bool changed = false;
	enum err e;

	if ((e = has_changed(x, &changed)) != ERR_OK)
		return e;
	if (changed)
		return wait_for(x, SOON_SECONDS);
	if ((e = hold(x)) != ERR_OK ||
	    (e = media_db_enriched(&env->db, x->media.id, x->media.user_id,
		 &x->facts, reason)) != ERR_OK)
		return e;
	if (!x->uploaded && is_within(x->facts.mtime / 1000000, NEW))
		x->later = SECOND_LOOK_SECONDS;
	if (x->facts.mtime == x->media.mtime &&
	    x->facts.size == (uint64_t)x->media.size)
		return ERR_OK;
	return thumb_forget(env, &x->media.uuid,
	    reason == NULL ? x->facts.mtime : CLOCK_NONE);
}

/* The file cannot be shown: records a reason for its owner. */
static enum err
failed(struct enrichment *x, enum err e)
{
	char sentence[WHY_SENTENCE];
	const char *text = why_public(&x->env->why, e, sentence);
	unsigned char head[64];
	ssize_t n;

	if (text == NULL)
		text = err_text(e);
	if (x->facts.mime == NULL) {
		n = pread(x->fd, head, sizeof(head), 0);
		x->facts.mime = media_type_mime(
		    n > 0 ? image_sniff(head, (size_t)n) : MEDIA_UNKNOWN);
	}
	return record(x, text);
}

/* Records a failure that is not the file's fault. */
static enum err
give_up(struct enrichment *x, const char *reason)
{
	struct env *env = x->env;

	log_warn("enrich_failed", "media=%" PRIu64 " error=%s", x->media.id,
	    log_quote(env->why.detail[0] != '\0' ? env->why.detail : reason));
	if (x->fd < 0) { /* keep the record as it was listed */
		x->facts.size = (uint64_t)x->media.size;
		x->facts.mtime = x->media.mtime;
	}
	if (x->facts.mime == NULL)
		x->facts.mime = x->media.mime;
	return media_db_enriched(&env->db, x->media.id, x->media.user_id,
	    &x->facts, reason);
}

/* Whether the storage is available. */
static bool
is_well(struct enrichment *x)
{
	struct why ignored = { .retry_after = 0 };

	return store_ping(x->env->base->store, &ignored) == ERR_OK;
}

/* Handles an error that is not the file's fault: asks for another try, or gives
 * up after the last one. */
static enum err
stumble(struct enrichment *x, enum err e)
{
	struct env *env = x->env;
	struct why ignored = { .retry_after = 0 };
	const struct db db = { env->db.connection, &ignored, NULL };
	char text[WHY_SENTENCE];
	enum err back;

	if (e == ERR_CONFLICT)
		return e;
	if (e == ERR_FULL)
		e = ERR_RETRY;
	/* The storage works; only this file cannot be opened. */
	if (e == ERR_RETRY && x->fd < 0 && is_well(x))
		e = ERR_INTERNAL;
	if (e != ERR_RETRY && x->run->last)
		return give_up(x,
		    why_public(&env->why, e, text) != NULL ? text :
							     ENRICH_FAULT);
	back = media_db_enrich_wait(&db, x->media.id);
	return back != ERR_OK ? back : e;
}

/* A picture that exceeds the limits of time or memory may always do so: fail
 * now rather than retry. */
static enum err
unless_busy(struct enrichment *x, enum err e)
{
	if (e != ERR_RETRY || image_was_busy(x->env->base->image) ||
	    !is_well(x))
		return e;
	/* The reason is that of the new result too. */
	x->env->why.err = ERR_INTERNAL;
	return ERR_INTERNAL;
}

static enum err
read_bytes(struct enrichment *x, struct image_info *info)
{
	struct env *env = x->env;
	enum err e;

	x->facts.size = x->before.size;
	x->facts.mtime = clock_ns(x->before.mtime);
	if (!sec_sha256_file(x->fd, &x->hash))
		return why_log(&env->why, ERR_RETRY, "read %s: %s",
		    x->media.path, strerror(errno));
	x->facts.content_hash = &x->hash;
	if ((e = hold(x)) != ERR_OK)
		return e;
	e = image_probe(env->base->image, env->arena, x->fd, info, &env->why);
	if (e != ERR_OK)
		return unless_busy(x, e);
	x->facts.mime = media_type_mime(info->type);
	x->facts.width = info->width;
	x->facts.height = info->height;
	x->facts.duration_ms = info->duration_ms;
	x->facts.taken_at = info->taken_at;
	return ERR_OK;
}

/* Makes the thumbnail now, so that it is ready for the first view. A picture
 * too large for one gets none: *ret_fd is -1. */
static enum err
make_thumb(struct enrichment *x, const struct image_info *info,
    enum media_type *ret_type, int *ret_fd)
{
	struct image_info thumb;
	enum err e;

	*ret_fd = -1;
	if (!media_type_is_image(info->type))
		return ERR_OK;
	if ((e = hold(x)) != ERR_OK)
		return e;
	e = thumb_make(x->env, &x->media.uuid, x->fd, &x->before, &thumb,
	    ret_fd);
	if (e == ERR_TOO_LARGE)
		return ERR_OK;
	if (e != ERR_OK)
		return unless_busy(x, e);
	x->facts.perceptual_hash = thumb.perceptual_hash;
	*ret_type = thumb.type;
	return ERR_OK;
}

/* Asks the detector for missing metadata. If it does not answer by the last
 * try, they stay missing. */
static enum err
ask_detector(struct enrichment *x, enum media_type type, int thumb)
{
	struct env *env = x->env;
	struct metadata found;
	enum err e;

	if (thumb < 0 || !detector_is_there(env) ||
	    metadata_is_whole(&x->about))
		return ERR_OK;
	if ((e = hold(x)) != ERR_OK)
		return e;
	e = detector_ask(env, &x->media.uuid, thumb, type, &found);
	if (e == ERR_OK) {
		metadata_fill(&x->about, &found);
		return ERR_OK;
	}
	if (!x->run->last)
		return e;
	log_warn("detector_given_up", "media=%" PRIu64 " error=%s", x->media.id,
	    log_quote(env->why.detail));
	return ERR_OK;
}

static enum err
read_media(struct enrichment *x)
{
	enum media_type type = MEDIA_UNKNOWN;
	struct image_info info = { .type = MEDIA_UNKNOWN };
	struct metadata inside = { NULL, NULL, NULL };
	enum err e;
	int thumb;

	if ((e = read_bytes(x, &info)) != ERR_OK ||
	    (e = make_thumb(x, &info, &type, &thumb)) != ERR_OK)
		return e;
	inside.caption = info.caption;
	metadata_fill(&x->about, &inside);
	if ((e = ask_detector(x, type, thumb)) != ERR_OK)
		return e;
	x->facts.caption = x->about.caption;
	x->facts.subreddit = x->about.subreddit;
	x->facts.character_name = x->about.character_name;
	return record(x, NULL);
}

/* Whether the file is unchanged since it was recorded. */
static bool
is_read(struct enrichment *x)
{
	const struct media *m = &x->media;

	return enrichment_has_ended(m->enrichment) &&
	    (uint64_t)m->size == x->before.size &&
	    m->mtime == clock_ns(x->before.mtime) &&
	    (x->sidecar == CLOCK_NONE || m->enriched_at == CLOCK_NONE ||
		x->sidecar < m->enriched_at);
}

/* Whether it was uploaded: only then is the type known already. */
static bool
is_upload(struct enrichment *x)
{
	return !enrichment_has_ended(x->media.enrichment) &&
	    strcmp(x->media.mime, media_type_mime(MEDIA_UNKNOWN)) != 0;
}

static enum err
go_through(struct enrichment *x)
{
	struct env *env = x->env;
	enum err e;

	if ((e = hold(x)) != ERR_OK ||
	    (e = store_read(env->base->store, store_path(x), &x->fd, &x->before,
		 &env->why)) != ERR_OK)
		return e;
	arena_defer_close(env->arena, x->fd);
	x->uploaded = is_upload(x);
	if (!x->uploaded && is_within(clock_of(x->before.mtime), STILL))
		return wait_for(x, SOON_SECONDS);
	e = metadata_sidecar(env, x->media.path, &x->about, &x->sidecar);
	if (e != ERR_OK || is_read(x))
		return e;
	if (is_within(x->sidecar, STILL))
		return wait_for(x, SOON_SECONDS);
	e = media_db_enrich_begin(&env->db, x->media.id);
	return e == ERR_OK ? read_media(x) : e;
}

enum err
enrich_media(struct env *env, const struct job_run *run, int64_t *ret_later)
{
	struct enrichment x = { .env = env,
		.run = run,
		.fd = -1,
		.sidecar = CLOCK_NONE,
		.facts = { .taken_at = CLOCK_NONE } };
	uint64_t id = run->job->ref_id;
	enum err e;

	e = media_db_by_id(&env->db, id, &x.media);
	if (e != ERR_OK || x.media.state != MEDIA_LIVE)
		e = e == ERR_OK ? ERR_NOT_FOUND : e;
	else if (run->hopeless)
		e = give_up(&x,
		    "Reading it has ended the program, more than "
		    "once");
	else
		e = go_through(&x);
	/* The media or its file is gone: nothing to enrich. */
	if (e == ERR_NOT_FOUND) {
		e = media_db_enrich_wait(&env->db, id);
	} else if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		e = failed(&x, e);
	}
	if (e != ERR_OK && x.media.id != 0)
		e = stumble(&x, e);
	*ret_later = x.later;
	return e;
}
