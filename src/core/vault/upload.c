#include "config.h"

#include "core/vault/upload.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/text.h"
#include "core/auth/account.h"
#include "core/ops/lease.h"
#include "core/vault/category.h"
#include "db/job_db.h"
#include "db/media_db.h"
#include "db/user_db.h"

#define NUMBERS_MOST 10000 /* tries for a free name */

enum err
upload_begin(struct env *env, const struct caller *c, const char *category,
    struct upload *ret)
{
	const char *name = category != NULL ? category : CATEGORY_UPLOAD;
	uint64_t used;
	enum err e;

	memset(ret, 0, sizeof(*ret));
	ret->last = &ret->first;
	ret->env = env;
	ret->caller = c;
	ret->category = category_by_name(env->base->categories, name);
	if (ret->category == NULL)
		return why_set(&env->why, WHY_BAD_CATEGORY);
	if (strcmp(name, CATEGORY_UPLOAD) != 0 &&
	    (c->scopes & SCOPE_MEDIA_GENERATED) == 0)
		return why_with(&env->why, WHY_CATEGORY_GENERATED,
		    .word = name);
	ret->room = UINT64_MAX;
	if (c->user.quota == 0)
		return ERR_OK;
	e = media_db_usage(&env->db, c->user.id, &used);
	if (e == ERR_OK)
		ret->room = used < c->user.quota ? c->user.quota - used : 0;
	return e;
}

/* Whether the name contains encoded dots or slashes, which would form a path
 * once decoded. */
static bool
hides_a_path(const char *name)
{
	static const char *const hidden[] = { "%2e", "%2f", "%5c" };

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (strcasestr(name, hidden[i]) != NULL)
			return true;
	return false;
}

static enum err
check_name(const char *name, struct why *why)
{
	if (name[0] == '\0')
		return why_set(why, WHY_FILE_UNNAMED);
	if (strlen(name) > 255)
		return why_with(why, WHY_FILE_NAME_LONG, .most = 255);
	if (strchr(name, '/') != NULL || strchr(name, '\\') != NULL ||
	    hides_a_path(name) || text_has_control(name) ||
	    !text_utf8(name, strlen(name)))
		return why_set(why, WHY_FILE_NAME_CHARACTERS);
	if (!media_name_is_listed(name))
		return why_set(why, WHY_FILE_NAME_EXTENSION);
	return ERR_OK;
}

enum err
upload_start(struct upload *u, const char *name)
{
	struct env *env = u->env;
	enum err e;

	if ((e = check_name(name, &env->why)) != ERR_OK)
		return e;
	u->now = arena_new_struct(env->arena, struct upload_file);
	u->now->name = arena_strdup(env->arena, name);
	return store_temp(env->base->store, env->arena, &u->now->temp,
	    &env->why);
}

enum err
upload_data(struct upload *u, const void *p, size_t n)
{
	uint64_t most = (uint64_t)u->env->base->conf->upload_max_size;
	struct upload_file *f = u->now;
	struct why *why = &u->env->why;

	if (n > most || f->size > most - n)
		return why_with(why, WHY_FILE_TOO_LARGE, .word = f->name,
		    .most = (int64_t)most);
	if (n > u->room)
		return why_with(why, WHY_QUOTA, .word = f->name);
	if (f->size < sizeof(u->head)) {
		size_t left = sizeof(u->head) - (size_t)f->size;

		memcpy(u->head + f->size, p, n < left ? n : left);
	}
	f->size += n;
	if (u->room != UINT64_MAX)
		u->room -= n;
	return store_write(f->temp, p, n, why);
}

enum err
upload_end(struct upload *u)
{
	struct upload_file *f = u->now;

	f->type = image_sniff(u->head,
	    f->size < sizeof(u->head) ? (size_t)f->size : sizeof(u->head));
	if (f->type == MEDIA_UNKNOWN)
		return why_with(&u->env->why, WHY_FILE_TYPE, .word = f->name);
	*u->last = f;
	u->last = &f->next;
	u->n++;
	return ERR_OK;
}

/* Gives the file the first name that is free in both storage and database. */
static enum err
place(struct upload *u, const struct upload_file *f, struct media *m)
{
	struct env *env = u->env;
	const char *folder =
	    account_folder(env->arena, u->caller->user.id, u->category);
	struct store_info placed;
	enum err e = ERR_CONFLICT;

	for (unsigned k = 1; e == ERR_CONFLICT && k < NUMBERS_MOST; k++) {
		m->file_name = media_numbered_name(env->arena, f->name, k);
		m->path = arena_printf(env->arena, "users/%" PRIu64 "/%s/%s",
		    u->caller->user.id, u->category->folder, m->file_name);
		e = media_db_path_taken(&env->db, m->path);
		if (e == ERR_OK) {
			e = ERR_CONFLICT;
			continue;
		}
		if (e != ERR_NOT_FOUND)
			return e;
		e = store_commit(f->temp,
		    arena_printf(env->arena, "%s/%s", folder, m->file_name),
		    &placed, &env->why);
	}
	if (e == ERR_OK)
		m->mtime = clock_ns(placed.mtime);
	return e;
}

static const char *
metadata(struct upload *u)
{
	struct json_out w;
	struct buf b;

	buf_init(&b, u->env->arena, 256);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "tool", u->category->name);
	jw_time(&w, "uploadedAt", clock_now());
	jw_end(&w);
	return buf_str(&b);
}

struct insert {
	struct upload *u;
	struct media *m;
	const char *metadata;
};

/* Checks the quota again; other uploads may have used it since the request
 * began. */
static enum err
check_quota(const struct db *db, struct insert *i)
{
	struct why *why = &i->u->env->why;
	uint64_t used;
	enum err e = media_db_usage(db, i->m->user_id, &used);

	if (e == ERR_OK && used > i->u->caller->user.quota)
		return why_with(why, WHY_QUOTA, .word = i->m->original_name);
	return e;
}

/* A sync may have added the row since the file was renamed. */
static enum err
insert(const struct db *db, void *arg)
{
	struct insert *i = arg;
	bool limited = i->u->caller->user.quota != 0;
	enum err e;

	/* With a quota, an account's uploads are added one after the other. */
	if (limited && (e = user_db_lock(db, i->m->user_id)) != ERR_OK)
		return e;
	e = media_db_add(db, i->m, i->metadata, &i->m->id);
	if (e == ERR_CONFLICT)
		e = media_db_adopt(db, i->m, i->metadata, &i->m->id);
	if (e != ERR_OK || (limited && (e = check_quota(db, i)) != ERR_OK))
		return e;
	return job_db_add(db, JOB_ENRICH, i->m->id);
}

/* Removes a file whose row could not be added: a failed request changes
 * nothing, and the next sync would add the file. */
static void
take_back(struct env *env, const struct media *m)
{
	struct why ignored = { 0 };

	if (store_remove(env->base->store,
		arena_printf(env->arena, "user-media/%s", m->path),
		&ignored) != ERR_OK)
		log_warn("upload_undo", "path=%s error=%s", log_quote(m->path),
		    log_quote(ignored.detail));
}

static enum err
keep(struct upload *u, const struct upload_file *f, struct media *ret)
{
	struct env *env = u->env;
	struct media m = { .uuid = uuid_random(),
		.user_id = u->caller->user.id,
		.source = u->category->name,
		.original_name = f->name,
		.size = (int64_t)f->size,
		.mime = media_type_mime(f->type) };
	struct insert i = { u, &m, metadata(u) };
	enum err e;

	if ((e = place(u, f, &m)) != ERR_OK)
		return e;
	e = db_transaction(&env->db, insert, &i);
	if (e != ERR_OK && e != ERR_UNCERTAIN)
		take_back(env, &m);
	if (e != ERR_OK)
		return e;
	return media_db_by_id(&env->db, m.id, ret);
}

enum err
upload_finish(struct upload *u, struct media **ret)
{
	struct media *v = arena_array(u->env->arena, u->n, sizeof(*v));
	const struct upload_file *f;
	size_t i = 0;
	enum err e;

	if (u->n == 0)
		return why_set(&u->env->why, WHY_NO_FILE);
	for (f = u->first; f != NULL; f = f->next)
		if ((e = keep(u, f, &v[i++])) != ERR_OK)
			return e;
	*ret = v;
	return ERR_OK;
}

void
upload_abandon(struct upload *u)
{
	struct upload_file *f;

	for (f = u->first; f != NULL; f = f->next)
		store_drop(f->temp);
	if (u->now != NULL && u->now->temp != NULL)
		store_drop(u->now->temp);
}
