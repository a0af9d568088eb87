#include "config.h"

#include "core/share/gate_memo.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/pool/memo.h"
#include "core/pool/pack.h"
#include "db/rows.h"

#define VALUE_MOST (1 << 20)

static struct hash
key_of(struct env *env, const struct uuid *token)
{
	return memo_key(env, "link", token->b, sizeof(token->b));
}

static void
pack(struct buf *b, const struct opening *l)
{
	buf_mem(b, &l->nitems, sizeof(l->nitems));
	pack_put(b, &row_share, &l->share);
	for (size_t i = 0; i < l->nitems; i++)
		pack_put(b, &row_share_item, &l->items[i]);
}

static void
unpack(struct arena *a, const char *p, struct opening *ret)
{
	memcpy(&ret->nitems, p, sizeof(ret->nitems));
	p = pack_get(p + sizeof(ret->nitems), &row_share, &ret->share);
	ret->items = arena_array(a, ret->nitems, sizeof(ret->items[0]));
	for (size_t i = 0; i < ret->nitems; i++)
		p = pack_get(p, &row_share_item, &ret->items[i]);
}

bool
gate_memo_get(struct env *env, const struct uuid *token, int64_t max_age,
    struct opening *ret)
{
	struct hash key = key_of(env, token);
	struct share *s = &ret->share;
	const char *p;
	size_t n;

	if ((p = memo_get(env, &key, max_age, &n)) == NULL)
		return false;
	unpack(env->arena, p, ret);
	return s->expires_at == CLOCK_NONE || s->expires_at > memo_clock(env);
}

/* Whether the link may be cached: nothing but its expiry, its limit and its
 * owner's version can change what it opens. It must have been opened before,
 * because the first opening notifies the owner. */
static bool
is_kept(const struct opening *l)
{
	const struct share *s = &l->share;

	return share_status(s) == SHARE_ACTIVE && s->parent_id == 0 &&
	    s->collection_id == 0 && s->password_hash == NULL && s->uses > 0 &&
	    l->nitems > 0;
}

void
gate_memo_put(struct env *env, const struct uuid *token, uint64_t as_of,
    uint64_t version, const struct opening *l)
{
	struct hash key;
	struct buf b;

	if (as_of == 0 || !is_kept(l) ||
	    memo_is_behind(env, l->share.owner_id, version))
		return;
	buf_init(&b, env->arena, VALUE_MOST);
	pack(&b, l);
	if (buf_failed(&b))
		return;
	key = key_of(env, token);
	memo_put(env, &key, l->share.owner_id, as_of, b.data, b.len);
}

void
gate_memo_drop(struct env *env, const struct uuid *token)
{
	struct hash key = key_of(env, token);

	memo_drop(env, &key);
}
