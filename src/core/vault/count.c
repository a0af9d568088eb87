#include "config.h"

#include "core/vault/count.h"

#include <inttypes.h>
#include <string.h>

#include "core/pool/memo.h"
#include "core/vault/category.h"

static uint64_t
count_of(const struct media_count *counts, size_t n, const char *category)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(counts[i].source, category) == 0)
			return counts[i].count;
	return 0;
}

static enum err
count(struct env *env, const struct media_filter *f, uint64_t *ret)
{
	const struct categories *all = env->base->categories;
	struct media_count *counts;
	size_t n;
	enum err e;

	e = media_db_counts(&env->db, f, &counts, &n);
	for (size_t i = 0; e == ERR_OK && i < all->n; i++)
		ret[i] = count_of(counts, n, all->v[i].name);
	return e;
}

static struct hash
key_of(struct env *env, const struct media_filter *f)
{
	const struct categories *all = env->base->categories;
	const char *text = arena_printf(env->arena,
	    "%" PRIu64 "\n%" PRId64 "\n%s", f->user_id, f->from, f->pattern);

	/* The counts are stored in the order of the categories, which a reload
	 * may change. */
	for (size_t i = 0; i < all->n; i++)
		text = arena_printf(env->arena, "%s\n%s", all->v[i].name, text);
	return memo_key(env, "vault counts", text, strlen(text));
}

/* Gets the counts from the cache, else counts. */
static enum err
numbers(struct env *env, const struct media_filter *f, uint64_t **ret)
{
	size_t size = env->base->categories->n * sizeof(**ret), n;
	struct hash key = key_of(env, f);
	uint64_t as_of;
	enum err e;

	memo_refresh(env);
	if ((e = memo_refresh_account(env, f->user_id)) != ERR_OK)
		return e;
	if ((*ret = memo_get(env, &key, -1, &n)) != NULL && n == size)
		return ERR_OK;
	*ret = arena_alloc(env->arena, size);
	as_of = memo_as_of(env);
	if ((e = count(env, f, *ret)) == ERR_OK)
		memo_put(env, &key, f->user_id, as_of, *ret, size);
	return e;
}

enum err
vault_count(struct env *env, const struct media_filter *f,
    struct vault_count **ret)
{
	const struct categories *all = env->base->categories;
	struct vault_count *v = arena_array(env->arena, all->n, sizeof(*v));
	uint64_t *counts;
	enum err e = numbers(env, f, &counts);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < all->n; i++) {
		v[i].category = all->v[i].name;
		v[i].count = counts[i];
	}
	*ret = v;
	return ERR_OK;
}
