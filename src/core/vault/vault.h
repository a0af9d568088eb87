/* The vault: its list, and changes to its media. */
#ifndef CORE_VAULT_VAULT_H
#define CORE_VAULT_VAULT_H

#include "core/env.h"
#include "core/vault/count.h"
#include "model/media.h"
#include "model/share.h"
#include "model/user.h"

/* The list's parameters as the client sent them; "" or NULL if absent. */
struct vault_query {
	const char *category;
	const char *date_range;
	const char *search;
	const char *cursor;
	uint64_t limit; /* 0: all */
};

/*
 * Receives the list. `begin` is called once everything has been checked; after
 * it only the connection to the database can fail before the first row. `media`
 * is called for each row. `end` gets the counts, and in `next` the cursor of
 * the next page, NULL on the last one. A result other than ERR_OK ends the
 * list.
 */
struct vault_reader {
	void *arg;
	enum err (*begin)(void *arg);
	enum err (*media)(void *arg, const struct media *m);
	enum err (*end)(void *arg, uint64_t total, const struct vault_count *v,
	    size_t n, const char *next);
};

/* Updates the vault from the storage, then lists it. ERR_INVALID: an unknown
 * category or dateRange, or an invalid cursor. */
enum err vault_list(struct env *env, const struct caller *c,
    const struct vault_query *q, const struct vault_reader *r) MUST_CHECK;

/* Changes title and caption; NULL: unchanged, "": removed. Allowed on the
 * caller's own media, and on one shared with them with can_edit; *ret_share is
 * that share, with id 0 for their own. */
enum err vault_update(struct env *env, const struct caller *c, uint64_t id,
    const char *title, const char *caption, struct media *ret,
    struct share *ret_share) MUST_CHECK;

#endif
