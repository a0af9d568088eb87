#include "config.h"

#include "core/community/publish.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "core/community/mark.h"
#include "core/community/source.h"
#include "core/community/withdraw.h"
#include "core/share/code.h"
#include "db/community_db.h"

#define WAIT_STEP_MS 25
#define WAIT_SECONDS 20 /* for another process, which may have died */
#define RELEASE_TRIES 10
#define RELEASE_STEP_MS 500

struct publish {
	struct env *env;
	const struct media *media;
	const struct community_source *source;
	const struct share_request *request;
	struct share_result *result;
	struct uuid owner;
	uint64_t id;	  /* of the row, after claiming it */
	const char *tags; /* JSON array of slugs */
	struct community_copy copy;
};

static const char *
tags_json(struct env *env, const struct share_request *r)
{
	struct json_out w;
	struct buf b;

	buf_init(&b, env->arena, 65536);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < r->ntags; i++)
		jw_text(&w, NULL, r->tags[i]);
	jw_end(&w);
	return buf_str(&b);
}

static enum err
place_object(struct publish *p, struct store_temp *t, const char *name)
{
	return store_commit(t, arena_printf(p->env->arena, "general/%s", name),
	    NULL, &p->env->why);
}

/* An unguessable name: 122 random bits. */
static const char *
object_name(struct arena *a, const struct uuid *u, const char *suffix,
    enum media_type type)
{
	char hex[2 * UUID_BYTES + 1];

	hex_format(u->b, UUID_BYTES, hex);
	return arena_printf(a, "%s%s.%s", hex, suffix,
	    media_type_extension(type));
}

/* Makes the thumbnail from the copy, so that it has the mark too. */
static enum err
make_thumb(struct publish *p, int copy, const struct uuid *name)
{
	struct env *env = p->env;
	struct image_info info;
	struct store_temp *t;
	enum err e;

	if ((e = store_temp(env->base->store, env->arena, &t, &env->why)) !=
	    ERR_OK)
		return e;
	e = image_thumbnail(env->base->image, env->arena, copy, t->fd,
	    (unsigned)env->base->conf->image_thumbnail, &info, &env->why);
	if (e != ERR_OK)
		return e;
	p->copy.perceptual_hash = info.perceptual_hash;
	/* Set before the object is placed, so that undo() can remove it. */
	p->copy.thumb_name = object_name(env->arena, name, "-t", info.type);
	return place_object(p, t, p->copy.thumb_name);
}

/* Refuses pictures on the moderators' block list: the same file, or (once the
 * copy's perceptual hash is known) one that looks like it. */
static enum err
check_block(struct publish *p)
{
	struct env *env = p->env;
	enum err e;

	e = block_db_find(&env->db, &p->copy.content_hash,
	    p->copy.perceptual_hash);
	if (e == ERR_OK)
		return why_set(&env->why, WHY_BLOCKED);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Refuses a blocked file before any work is done on it. */
static enum err
check_content(struct publish *p)
{
	if (!sec_sha256_file(p->source->fd, &p->copy.content_hash))
		return why_log(&p->env->why, ERR_RETRY, "cannot read %s",
		    p->media->path);
	return check_block(p);
}

/* Opens the mark if the media is an upload of a type that can be marked. */
static enum err
open_mark(struct publish *p, int *ret)
{
	if (!community_is_upload(p->media) ||
	    !media_type_is_watermarkable(p->source->type))
		return ERR_OK;
	return mark_open(p->env, ret);
}

static enum err
make_copy(struct publish *p)
{
	struct env *env = p->env;
	struct uuid name = uuid_random();
	struct image_info info;
	struct store_temp *t;
	struct stat st;
	int mark = -1;
	enum err e;

	if ((e = check_content(p)) != ERR_OK ||
	    (e = open_mark(p, &mark)) != ERR_OK ||
	    (e = store_temp(env->base->store, env->arena, &t, &env->why)) !=
		ERR_OK ||
	    (e = image_publish(env->base->image, env->arena, p->source->fd,
		 t->fd, mark, &info, &env->why)) != ERR_OK)
		return e;
	/* Do not trust a helper that reports success but wrote nothing. */
	if (fstat(t->fd, &st) != 0 || st.st_size == 0)
		return why_log(&env->why, ERR_INTERNAL, "an empty copy");
	if (media_type_is_image(info.type) &&
	    ((e = make_thumb(p, t->fd, &name)) != ERR_OK ||
		(e = check_block(p)) != ERR_OK))
		return e;
	p->copy.object_name = object_name(env->arena, &name, "", info.type);
	if ((e = place_object(p, t, p->copy.object_name)) != ERR_OK)
		return e;
	p->copy.mime = media_type_mime(info.type);
	p->copy.size = (uint64_t)st.st_size;
	p->copy.width = info.width;
	p->copy.height = info.height;
	return ERR_OK;
}

/* Locks the code's row before the community's, as media_unshare() does. */
static enum err
finish(const struct db *db, void *arg)
{
	struct publish *p = arg;
	struct community_row row = { 0 };
	struct why *why = &p->env->why;
	enum err e;

	e = share_code_make(p->env, p->media, true, &p->result->token);
	if (e != ERR_OK)
		return e;
	e = community_db_finish(db, p->id, &p->owner, &p->copy);
	if (e == ERR_NOT_FOUND)
		return why_set(why, WHY_CHANGED);
	if (e != ERR_OK ||
	    (e = community_db_by_media(db, p->media->id, true, &row)) != ERR_OK)
		return e;
	p->result->in_community = true;
	p->result->community_id = row.id;
	p->result->object_name = p->copy.object_name;
	return community_db_set_tags(db, p->media->id, row.id, p->tags);
}

/* Releases the lock. Waits for a database that is restarting: a lock that is
 * not released blocks the media from the community until it expires. */
static enum err
release(struct publish *p)
{
	struct env *env = p->env;
	enum err e = ERR_RETRY;

	for (int i = 0; e == ERR_RETRY && i < RELEASE_TRIES; i++) {
		if (i > 0)
			clock_pause(RELEASE_STEP_MS);
		e = community_db_release(&env->db, p->id, &p->owner);
	}
	return e;
}

/* Removes the objects that were made. If that fails they are orphans, which the
 * worker removes. */
static void
undo(struct publish *p)
{
	struct env *env = p->env;
	struct why first = env->why;
	enum err e;

	e = community_remove_objects(env, p->copy.object_name,
	    p->copy.thumb_name);
	if (e == ERR_OK)
		e = release(p);
	if (e != ERR_OK)
		log_warn("publish_undo", "media=%" PRIu64 " error=%s",
		    p->media->id, log_quote(env->why.detail));
	env->why = first;
}

static enum err
make_and_finish(struct publish *p)
{
	enum err e = make_copy(p);

	if (e == ERR_OK)
		e = db_transaction(&p->env->db, finish, p);
	/* If the result is uncertain, the record may exist and need its
	 * objects. */
	if (e != ERR_OK && e != ERR_UNCERTAIN)
		undo(p);
	return e;
}

/* ---- the lock ---- */

static enum err
retag(const struct db *db, void *arg)
{
	struct publish *p = arg;
	struct community_row row = { 0 };
	enum err e;

	/* The code first, so that all locks are taken in the same order. */
	e = share_code_make(p->env, p->media, true, &p->result->token);
	if (e != ERR_OK)
		return e;
	e = community_db_by_media(db, p->media->id, true, &row);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CONFLICT : e;
	if (row.state != COMMUNITY_READY)
		return ERR_CONFLICT;
	p->result->in_community = true;
	p->result->community_id = row.id;
	p->result->object_name = row.object_name;
	if (p->request->ntags == 0)
		return ERR_OK;
	return community_db_set_tags(db, p->media->id, row.id, p->tags);
}

/* Another process has the row: sets its tags if it is ready, else waits for it.
 * *ret_again: the row must be claimed again. */
static enum err
join(struct publish *p, bool *ret_again)
{
	struct community_row row = { 0 };
	struct env *env = p->env;
	enum err e;

	*ret_again = true;
	e = community_db_by_media(&env->db, p->media->id, false, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	switch (row.state) {
	case COMMUNITY_HIDDEN:
		return why_set(&env->why, WHY_TAKEN_DOWN);
	case COMMUNITY_READY:
		e = db_transaction(&env->db, retag, p);
		*ret_again = e == ERR_CONFLICT;
		return e == ERR_CONFLICT ? ERR_OK : e;
	case COMMUNITY_MAKING:
		clock_pause(WAIT_STEP_MS);
		break;
	}
	return ERR_OK;
}

enum err
community_publish(struct env *env, const struct media *m,
    const struct community_source *source, const struct share_request *r,
    struct share_result *ret)
{
	const struct conf *conf = env->base->conf;
	/* Long enough for nearly all pictures. A process that takes longer and
	 * loses the row notices when it finishes, and removes its copy. */
	int64_t hold = conf->image_timeout + conf->image_wait + 20;
	int64_t until = clock_tick() + WAIT_SECONDS * INT64_C(1000000);
	struct publish p = { .env = env,
		.media = m,
		.source = source,
		.request = r,
		.result = ret,
		.owner = uuid_random(),
		.tags = tags_json(env, r) };
	bool again = true;
	enum err e = ERR_OK;

	while (e == ERR_OK && again && clock_tick() < until) {
		e = community_db_claim(&env->db, m->id, m->user_id, &p.owner,
		    hold, &p.id);
		if (e == ERR_OK)
			return make_and_finish(&p);
		if (e != ERR_CONFLICT)
			return e;
		e = join(&p, &again);
	}
	if (e == ERR_OK && again) {
		env->why.retry_after = 10;
		return ERR_RETRY;
	}
	return e;
}
