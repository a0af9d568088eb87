#include "config.h"

#include "core/community/community.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "db/community_db.h"

#define STALE_BATCH 100
#define SEIZE_SECONDS 30

/* ---- the rules ---- */

/* A tag by exactly this slug. The column is ASCII and its comparison passes
 * over spaces at the end; neither may make a tag of what is none. */
static enum err
find_tag(struct env *env, const char *slug, struct tag *ret)
{
	for (const char *c = slug; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
			return ERR_NOT_FOUND;
	return tag_db_by_slug(&env->db, slug, ret);
}

static enum err
check_tags(struct env *env, const struct share_request *r)
{
	size_t most = (size_t)env->base->conf->community_max_tags;
	struct tag tag = { 0 };
	enum err e;

	if (r->ntags > most)
		return why_say(&env->why, ERR_INVALID, "tags",
		    "At most %zu tags may be given", most);
	for (size_t i = 0; i < r->ntags; i++) {
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->tags[i], r->tags[k]) == 0)
				return why_say(&env->why, ERR_INVALID, "tags",
				    "The tag \"%s\" stands twice", r->tags[i]);
		e = find_tag(env, r->tags[i], &tag);
		if (e == ERR_NOT_FOUND)
			return why_say(&env->why, ERR_INVALID, "tags",
			    "There is no tag \"%s\"", r->tags[i]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

bool
community_is_upload(const struct media *m)
{
	return strcmp(m->source, CATEGORY_UPLOAD) == 0;
}

enum err
community_open_source(struct env *env, const struct media *m, int *ret_fd,
    enum media_type *ret_type)
{
	unsigned char head[64];
	struct stat st;
	ssize_t n;
	enum err e;

	e = store_read(env->base->store,
	    arena_printf(env->arena, "user-media/%s", m->path), ret_fd, &st,
	    &env->why);
	if (e == ERR_NOT_FOUND)
		return why_say(&env->why, e, NULL,
		    "Media not found or unauthorized");
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, *ret_fd);
	n = pread(*ret_fd, head, sizeof(head), 0);
	*ret_type = n > 0 ? image_sniff(head, (size_t)n) : MEDIA_UNKNOWN;
	return ERR_OK;
}

bool
community_needs_consent(const struct media *m, enum media_type type)
{
	return community_is_upload(m) && media_type_is_image(type);
}

enum err
community_check(struct env *env, const struct media *m,
    const struct share_request *r)
{
	enum media_type type;
	enum err e;
	int fd;

	if ((e = community_open_source(env, m, &fd, &type)) != ERR_OK)
		return e;
	if (type == MEDIA_UNKNOWN)
		return why_say(&env->why, ERR_INVALID, NULL,
		    "The file is not a picture or video that can be shared "
		    "to the community");
	if (community_needs_consent(m, type)) {
		if (!r->consent)
			return why_say(&env->why, ERR_INVALID, "consent",
			    "consent must be true to share an upload to the "
			    "community");
		if (r->ntags == 0)
			return why_say(&env->why, ERR_INVALID, "tags",
			    "At least one tag is required to share an upload "
			    "to the community");
	}
	return check_tags(env, r);
}

/* ---- out of it again ---- */

static enum err
remove_object(struct env *env, const char *folder, const char *name)
{
	if (name == NULL)
		return ERR_OK;
	return store_remove(env->base->store,
	    arena_printf(env->arena, "%s/%s", folder, name), &env->why);
}

enum err
community_remove_objects(struct env *env, const char *object, const char *thumb)
{
	static const char *const folders[] = { "general", "hidden" };
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && i < 2; i++) {
		e = remove_object(env, folders[i], object);
		if (e == ERR_OK)
			e = remove_object(env, folders[i], thumb);
	}
	return e;
}

enum err
community_withdraw_row(struct env *env, uint64_t id)
{
	struct uuid owner = uuid_random();
	struct community_row row = { 0 };
	const struct db *db = &env->db;
	enum err e;

	e = community_db_seize(db, id, &owner, SEIZE_SECONDS);
	if (e == ERR_OK)
		e = community_db_by_id(db, id, false, &row);
	if (e == ERR_NOT_FOUND) /* gone, or another withdrawal was quicker */
		return ERR_OK;
	if (e != ERR_OK ||
	    (e = community_remove_objects(env, row.object_name,
		 row.thumb_name)) != ERR_OK)
		return e;
	return community_db_release(db, id, &owner);
}

enum err
community_withdraw(struct env *env, uint64_t media_id)
{
	struct community_row row = { 0 };
	enum err e;

	e = community_db_by_media(&env->db, media_id, false, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e != ERR_OK ? e : community_withdraw_row(env, row.id);
}

enum err
community_tend(struct env *env)
{
	struct community_row *rows;
	size_t n;
	enum err e;

	e = community_db_stale(&env->db, STALE_BATCH, &rows, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = community_withdraw_row(env, rows[i].id);
	return e;
}

/* ---- the feed ---- */

enum err
community_feed(struct env *env, const char *tag, const char *cursor,
    uint64_t limit, struct community_item **ret, size_t *ret_n,
    const char **ret_next)
{
	uint64_t before = INT64_MAX;
	struct tag t = { 0 };
	enum err e;

	if (limit == 0 || limit > FEED_LIMIT_MOST)
		return why_say(&env->why, ERR_INVALID, "limit",
		    "limit must be from 1 to %d", FEED_LIMIT_MOST);
	if (cursor != NULL && cursor[0] != '\0' &&
	    !decimal_parse(cursor, INT64_MAX, &before))
		return why_say(&env->why, ERR_INVALID, "cursor",
		    "cursor is none of ours");
	if (tag != NULL && tag[0] != '\0') {
		e = find_tag(env, tag, &t);
		if (e == ERR_NOT_FOUND)
			return why_say(&env->why, ERR_INVALID, "tag",
			    "There is no such tag");
		if (e != ERR_OK)
			return e;
	}
	/* One more tells whether there is a next page. */
	e = community_db_feed(&env->db, t.id, before, limit + 1, ret, ret_n);
	if (e != ERR_OK)
		return e;
	*ret_next = NULL;
	if (*ret_n > limit) {
		*ret_n = limit;
		*ret_next =
		    arena_printf(env->arena, "%" PRIu64, (*ret)[limit - 1].id);
	}
	return ERR_OK;
}

enum err
community_tags(struct env *env, struct tag **ret, size_t *ret_n)
{
	return tag_db_list(&env->db, ret, ret_n);
}

const char *
community_url(struct env *env, struct arena *a, const char *object_name)
{
	struct buf b;

	buf_init(&b, a, 1024);
	buf_putf(&b, "%s/general/", env->base->conf->site_base_url);
	buf_urlpath(&b, object_name);
	return buf_str(&b);
}

/* ---- the tags themselves ---- */

static enum err
check_tag(struct env *env, const char *slug, const char *name)
{
	size_t n = strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (n < 1 || n > 64 || slug[n] != '\0')
		return why_say(&env->why, ERR_INVALID, "slug",
		    "A slug has 1 to 64 of the characters a-z, 0-9 and -");
	if (!text_utf8(name, strlen(name)) || text_has_control(name) ||
	    text_length(name) < 1 || text_length(name) > 64)
		return why_say(&env->why, ERR_INVALID, "name",
		    "A tag's name has 1 to 64 characters");
	return ERR_OK;
}

static enum err
taken(struct env *env, enum err e, const char *slug)
{
	if (e != ERR_CONFLICT)
		return e;
	return why_say(&env->why, e, "slug", "There is a tag \"%s\" already",
	    slug);
}

static enum err
known_tag(struct env *env, const char *slug, struct tag *ret)
{
	enum err e = find_tag(env, slug, ret);

	if (e != ERR_NOT_FOUND)
		return e;
	return why_say(&env->why, e, "slug", "There is no tag \"%s\"", slug);
}

enum err
community_tag_add(struct env *env, const char *slug, const char *name)
{
	enum err e = check_tag(env, slug, name);

	if (e != ERR_OK)
		return e;
	return taken(env, tag_db_add(&env->db, slug, name), slug);
}

enum err
community_tag_rename(struct env *env, const char *slug, const char *new_slug,
    const char *name)
{
	struct tag tag = { 0 };
	enum err e;

	if ((e = known_tag(env, slug, &tag)) != ERR_OK)
		return e;
	if (name == NULL)
		name = tag.name;
	if ((e = check_tag(env, new_slug, name)) != ERR_OK)
		return e;
	return taken(env, tag_db_rename(&env->db, tag.id, new_slug, name),
	    new_slug);
}

struct merge {
	struct env *env;
	uint32_t from, into;
};

static enum err
merge(const struct db *db, void *arg)
{
	struct merge *m = arg;

	return tag_db_merge(db, m->from, m->into);
}

enum err
community_tag_merge(struct env *env, const char *from, const char *into)
{
	struct tag a = { 0 }, b = { 0 };
	struct merge m = { .env = env };
	enum err e;

	if ((e = known_tag(env, from, &a)) != ERR_OK ||
	    (e = known_tag(env, into, &b)) != ERR_OK)
		return e;
	if (a.id == b.id)
		return why_say(&env->why, ERR_INVALID, "slug",
		    "A tag is not merged into itself");
	m.from = a.id;
	m.into = b.id;
	return db_transaction(&env->db, merge, &m);
}
