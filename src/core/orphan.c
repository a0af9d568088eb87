#include "config.h"

#include "core/orphan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/orphan_db.h"

#define OLD CLOCK_DAY
#define PLACE_ARENA (SIZE_MAX / 2)
#define MOST_PART 20 /* one of so many may go */

struct file {
	const char *name;
	bool old;
	bool known;
};

/* One folder, its files sorted by name, and what the database knows of it. */
struct place {
	struct env *env;
	struct arena *arena; /* its own: a folder can be long */
	const char *folder;
	struct file *files;
	size_t n, size;
	size_t next; /* in the merge */
	uint64_t found;
};

static enum err
take_file(void *arg, const char *name, const struct stat *st)
{
	struct place *p = arg;

	if (p->n == p->size) {
		size_t size = p->size == 0 ? 256 : 2 * p->size;
		struct file *more = arena_array(p->arena, size,
		    sizeof(*more));

		if (p->n > 0)
			memcpy(more, p->files, p->n * sizeof(*more));
		p->files = more;
		p->size = size;
	}
	p->files[p->n].name = arena_strdup(p->arena, name);
	p->files[p->n].old = clock_of(st->st_mtim) < clock_now() - OLD;
	p->n++;
	return ERR_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name,
	    ((const struct file *)b)->name);
}

/* The database tells its names in the order of their bytes. */
static enum err
know(void *arg, const void *row)
{
	const struct orphan_name *known = row;
	struct place *p = arg;

	while (p->next < p->n) {
		int c = strcmp(p->files[p->next].name, known->name);

		if (c > 0)
			break;
		if (c == 0)
			p->files[p->next].known = true;
		p->next++;
	}
	return ERR_OK;
}

static enum err
list_place(struct place *p)
{
	struct stat st;
	enum err e;
	int fd;

	e = store_folder(p->env->base->store, p->folder, &fd, &st,
	    &p->env->why);
	if (e != ERR_OK)
		return e;
	e = store_list(fd, take_file, p, &p->env->why);
	close(fd);
	if (p->n > 1)
		qsort(p->files, p->n, sizeof(*p->files), by_name);
	return e;
}

static bool
is_too_many(uint64_t found, uint64_t n)
{
	return found * MOST_PART > n;
}

static void
refuse(const char *place, uint64_t found, uint64_t n,
    struct orphan_result *sum)
{
	sum->refused++;
	log_error("orphans", "place=%s files=%" PRIu64 " unknown=%" PRIu64
	    " text=%s", place, n, found,
	    log_quote("too many to be orphans: is this the right database? "
		      "\"vitrine purge\" removes them"));
}

static enum err
settle(struct place *p, enum orphan_mode mode, orphan_fn *fn, void *arg,
    struct orphan_result *sum)
{
	bool remove = mode == ORPHANS_PURGE ||
	    (mode == ORPHANS_REMOVE && !is_too_many(p->found, p->n));
	enum err e = ERR_OK;

	sum->looked_at += p->n;
	sum->found += p->found;
	if (mode == ORPHANS_REMOVE && !remove)
		refuse(p->folder, p->found, p->n, sum);
	for (size_t i = 0; e == ERR_OK && i < p->n; i++) {
		const char *path;

		if (p->files[i].known || !p->files[i].old)
			continue;
		path = arena_printf(p->arena, "%s/%s", p->folder,
		    p->files[i].name);
		if (fn != NULL)
			fn(arg, path);
		if (!remove)
			continue;
		e = store_remove(p->env->base->store, path, &p->env->why);
		sum->removed++;
	}
	return e;
}

/* source NULL: nothing in the folder is known to the database. */
static enum err
sweep(struct env *env, const char *folder, orphan_db_fn *source, uint8_t part,
    enum orphan_mode mode, orphan_fn *fn, void *arg,
    struct orphan_result *sum)
{
	struct place p = { .env = env, .arena = arena_new(PLACE_ARENA),
		.folder = folder };
	enum err e = list_place(&p);

	if (e == ERR_OK && source != NULL)
		e = source(env->base->db, &env->why, part, know, &p);
	for (size_t i = 0; i < p.n; i++)
		p.found += p.files[i].old && !p.files[i].known;
	/* What is on its way has no row: only its age tells. */
	if (source == NULL && mode == ORPHANS_REMOVE)
		mode = ORPHANS_PURGE;
	if (e == ERR_OK)
		e = settle(&p, mode, fn, arg, sum);
	arena_free(p.arena);
	/* A folder that was never made has no orphans. */
	if (e == ERR_NOT_FOUND) {
		why_clear(&env->why);
		return ERR_OK;
	}
	return e;
}

static enum err
sweep_renditions(struct env *env, const char *place, enum orphan_mode mode,
    orphan_fn *fn, void *arg, struct orphan_result *sum)
{
	char folder[16];
	enum err e = ERR_OK;

	for (unsigned part = 0; e == ERR_OK && part < 256; part++) {
		snprintf(folder, sizeof(folder), "%s/%02x", place,
		    part);
		e = sweep(env, folder, orphan_db_thumbs, (uint8_t)part, mode,
		    fn, arg, sum);
	}
	return e;
}

/* Its folders are one place: one of them alone holds so few files that a
 * single orphan would seem too many. */
static enum err
settle_renditions(struct env *env, const char *place,
    struct orphan_result *sum)
{
	struct orphan_result all = { 0 };
	enum err e = sweep_renditions(env, place, ORPHANS_TELL, NULL, NULL,
	    &all);

	if (e != ERR_OK)
		return e;
	if (is_too_many(all.found, all.looked_at)) {
		sum->looked_at += all.looked_at;
		sum->found += all.found;
		refuse(place, all.found, all.looked_at, sum);
		return ERR_OK;
	}
	return sweep_renditions(env, place, ORPHANS_PURGE, NULL, NULL, sum);
}

static const char *const renditions[] = { "thumbs", "views" };

enum err
orphan_sweep(struct env *env, enum orphan_mode mode, orphan_fn *fn, void *arg,
    struct orphan_result *ret)
{
	enum err e;

	memset(ret, 0, sizeof(*ret));
	/* A storage that is away has no files, and must not count as empty. */
	if ((e = store_ping(env->base->store, &env->why)) != ERR_OK ||
	    (e = sweep(env, "tmp", NULL, 0, mode, fn, arg, ret)) != ERR_OK ||
	    (e = sweep(env, "general", orphan_db_objects, 0, mode, fn, arg,
		 ret)) != ERR_OK ||
	    (e = sweep(env, "hidden", orphan_db_objects, 0, mode, fn, arg,
		 ret)) != ERR_OK ||
	    (e = sweep(env, "trash", orphan_db_trash, 0, mode, fn, arg,
		 ret)) != ERR_OK)
		return e;
	for (size_t i = 0; e == ERR_OK && i < 2; i++)
		e = mode == ORPHANS_REMOVE ?
		    settle_renditions(env, renditions[i], ret) :
		    sweep_renditions(env, renditions[i], mode, fn, arg, ret);
	return e;
}
