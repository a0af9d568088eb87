#include "config.h"

#include "core/community/tag.h"

#include <string.h>

#include "base/text.h"
#include "db/community_db.h"

/* The column is ASCII and its comparison ignores trailing spaces, so other
 * texts must be refused before the query. */
enum err
community_tag_find(struct env *env, const char *slug, struct tag *ret)
{
	for (const char *c = slug; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
			return ERR_NOT_FOUND;
	return tag_db_by_slug(&env->db, slug, ret);
}

enum err
community_tags(struct env *env, struct tag **ret, size_t *ret_n)
{
	return tag_db_list(&env->db, ret, ret_n);
}

static enum err
check_tag(struct env *env, const char *slug, const char *name)
{
	size_t n = strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (n < 1 || n > 64 || slug[n] != '\0')
		return why_set(&env->why, WHY_BAD_SLUG);
	if (!text_utf8(name, strlen(name)) || text_has_control(name) ||
	    text_length(name) < 1 || text_length(name) > 64)
		return why_set(&env->why, WHY_BAD_TAG_NAME);
	return ERR_OK;
}

static enum err
taken(struct env *env, enum err e, const char *slug)
{
	if (e != ERR_CONFLICT)
		return e;
	return why_with(&env->why, WHY_TAG_TAKEN, .word = slug);
}

static enum err
known_tag(struct env *env, const char *slug, struct tag *ret)
{
	enum err e = community_tag_find(env, slug, ret);

	if (e != ERR_NOT_FOUND)
		return e;
	return why_with(&env->why, WHY_NO_TAG, .word = slug);
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
		return why_set(&env->why, WHY_TAG_INTO_ITSELF);
	m.from = a.id;
	m.into = b.id;
	return db_transaction(&env->db, merge, &m);
}
