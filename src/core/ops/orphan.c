#include "config.h"

#include "core/ops/orphan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json_out.h"
#include "base/log.h"
#include "db/orphan_db.h"

#define OLD CLOCK_DAY
#define MOST_PART 20 /* at most one in this number may be removed */
#define BATCH 1000   /* files looked up at once */
#define NAME_MOST 64 /* the longest name that can be known */
#define BATCH_BYTES (BATCH * (NAME_MOST + 8))
#define BATCH_ARENA (4 << 20)

/* Whether a name has the form of those in the database; others are not looked
 * up. */
typedef bool plausible_fn(const char *name);

/* How to look up the files of a kind of place. NULL: all are unknown. */
struct source {
	orphan_db_fn *ask;
	plausible_fn *is_plausible;
};

struct file {
	const char *name;
	bool known;
};

/* The counts of a place. */
struct count {
	uint64_t files;
	uint64_t orphans;
};

/* The state of going through a folder in batches. */
struct sweep {
	struct env *env;
	const struct source *source;
	const char *folder;
	bool tell;   /* report orphans */
	bool remove; /* remove them */
	const struct orphan_watch *watch;
	struct count *count;
	struct orphan_result *result;
	struct arena *arena; /* of the batch */
	struct file files[BATCH];
	size_t n;
};

/* ---- names ---- */

static bool
is_plain(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	return n <= NAME_MOST && name[n] == '\0';
}

/* Whether it begins with a UUID as written by uuid_format(); *ret_rest is what
 * follows. */
static bool
begins_with_uuid(const char *name, const char **ret_rest)
{
	char text[UUID_TEXT], again[UUID_TEXT];
	struct uuid u;

	if (strlen(name) < UUID_TEXT - 1)
		return false;
	memcpy(text, name, UUID_TEXT - 1);
	text[UUID_TEXT - 1] = '\0';
	*ret_rest = name + UUID_TEXT - 1;
	if (!uuid_from_text(text, &u))
		return false;
	uuid_format(&u, again);
	return strcmp(text, again) == 0;
}

static bool
is_uuid(const char *name)
{
	const char *rest;

	return begins_with_uuid(name, &rest) && *rest == '\0';
}

/* "UUID-mtime", the latter in hex. */
static bool
is_rendition(const char *name)
{
	const char *rest;

	return is_plain(name) && begins_with_uuid(name, &rest) &&
	    rest[0] == '-' &&
	    rest[1 + strspn(rest + 1, "0123456789abcdef")] == '\0';
}

/* ---- a batch ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name,
	    ((const struct file *)b)->name);
}

static enum err
know(void *arg, const void *row)
{
	const struct orphan_name *known = row;
	struct sweep *s = arg;
	struct file key = { .name = known->name }, *f;

	f = bsearch(&key, s->files, s->n, sizeof(*s->files), by_name);
	if (f != NULL)
		f->known = true;
	return ERR_OK;
}

static enum err
ask(struct sweep *s)
{
	struct json_out w;
	struct buf b;
	size_t n = 0;

	if (s->source->ask == NULL)
		return ERR_OK;
	buf_init(&b, s->arena, BATCH_BYTES);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < s->n; i++)
		if (s->source->is_plausible(s->files[i].name)) {
			jw_text(&w, NULL, s->files[i].name);
			n++;
		}
	jw_end(&w);
	AN(!buf_failed(&b));
	if (n == 0)
		return ERR_OK;
	qsort(s->files, s->n, sizeof(*s->files), by_name);
	return s->source->ask(&s->env->db, buf_str(&b), know, s);
}

static enum err
settle(struct sweep *s, const char *name)
{
	const char *path = arena_printf(s->arena, "%s/%s", s->folder, name);

	s->count->orphans++;
	if (s->tell && s->watch->found != NULL)
		s->watch->found(s->watch->arg, path);
	if (!s->remove)
		return ERR_OK;
	s->result->removed++;
	return store_remove(s->env->base->store, path, &s->env->why);
}

static enum err
end_batch(struct sweep *s)
{
	enum err e = s->watch->step != NULL ?
	    s->watch->step(s->watch->arg, s->n) :
	    ERR_OK;

	if (e == ERR_OK)
		e = ask(s);
	for (size_t i = 0; e == ERR_OK && i < s->n; i++)
		if (!s->files[i].known)
			e = settle(s, s->files[i].name);
	s->n = 0;
	arena_reset(s->arena);
	return e;
}

/* Counts young files but keeps them: they may still be in use. */
static enum err
take_file(void *arg, const char *name, const struct store_info *info)
{
	struct sweep *s = arg;

	s->count->files++;
	if (clock_of(info->mtime) >= clock_now() - OLD)
		return ERR_OK;
	s->files[s->n++] = (struct file){ arena_strdup(s->arena, name), false };
	return s->n == BATCH ? end_batch(s) : ERR_OK;
}

/* ---- folders and places ---- */

/* A missing folder has no orphans. */
static enum err
sweep_folder(struct sweep *s, const char *folder)
{
	struct env *env = s->env;
	enum err e;

	s->folder = folder;
	e = store_list(env->base->store, folder, take_file, s, &env->why);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e == ERR_OK && s->n > 0 ? end_batch(s) : e;
}

static const struct place {
	const char *name;
	struct source source;
	bool parts; /* it has 256 folders, by the first byte of the names */
} places[] = {
	{ "tmp", { NULL, NULL }, false },
	{ "general", { orphan_db_objects, is_plain }, false },
	{ "hidden", { orphan_db_objects, is_plain }, false },
	{ "trash", { orphan_db_trash, is_uuid }, false },
	{ "thumbs", { orphan_db_renditions, is_rendition }, true },
	{ "views", { orphan_db_renditions, is_rendition }, true },
};

static enum err
sweep_place(struct sweep *s, const struct place *p)
{
	enum err e = ERR_OK;
	char folder[16];

	s->source = &p->source;
	if (!p->parts)
		return sweep_folder(s, p->name);
	for (unsigned part = 0; e == ERR_OK && part < 256; part++) {
		snprintf(folder, sizeof(folder), "%s/%02x", p->name, part);
		e = sweep_folder(s, folder);
	}
	return e;
}

/* Whether so many files are unknown that the database must be wrong. Files in
 * tmp/ never have a row, so only their age counts. */
static bool
is_too_many(const struct place *p, const struct count *c)
{
	return p->source.ask != NULL && c->orphans * MOST_PART > c->files;
}

static enum err
go_through(struct sweep *s, const struct place *p, bool tell, bool remove,
    struct count *ret)
{
	*ret = (struct count){ 0 };
	s->count = ret;
	s->tell = tell;
	s->remove = remove;
	return sweep_place(s, p);
}

/* Counts the whole place before it removes anything. */
static enum err
look_at(struct sweep *s, const struct place *p, enum orphan_mode mode)
{
	bool tell = mode != ORPHANS_REMOVE;
	struct count c;
	enum err e = go_through(s, p, tell, mode == ORPHANS_PURGE, &c);

	if (e != ERR_OK)
		return e;
	s->result->looked_at += c.files;
	s->result->found += c.orphans;
	if (mode != ORPHANS_PURGE && is_too_many(p, &c)) {
		s->result->refused++;
		if (s->watch->refused != NULL)
			s->watch->refused(s->watch->arg, p->name, c.orphans,
			    c.files);
		return ERR_OK;
	}
	return mode == ORPHANS_REMOVE && c.orphans > 0 ?
	    go_through(s, p, true, true, &c) :
	    ERR_OK;
}

enum err
orphan_sweep(struct env *env, enum orphan_mode mode,
    const struct orphan_watch *watch, struct orphan_result *ret)
{
	static const struct orphan_watch nobody = { .arg = NULL };
	struct sweep s = { .env = env,
		.result = ret,
		.watch = watch != NULL ? watch : &nobody };
	enum err e;

	memset(ret, 0, sizeof(*ret));
	/* An unavailable storage must not look like an empty one. */
	if ((e = store_ping(env->base->store, &env->why)) != ERR_OK)
		return e;
	s.arena = arena_new(BATCH_ARENA);
	for (size_t i = 0;
	     e == ERR_OK && i < sizeof(places) / sizeof(places[0]); i++)
		e = look_at(&s, &places[i], mode);
	arena_free(s.arena);
	return e;
}
