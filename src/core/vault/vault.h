/* The vault: its list, its counts, single media. */
#ifndef CORE_VAULT_VAULT_H
#define CORE_VAULT_VAULT_H

#include "core/env.h"
#include "core/vault/count.h"
#include "model/media.h"
#include "model/share.h"
#include "model/user.h"

/* What is asked of the list, as it came; "" or NULL where nothing did. */
struct vault_query {
	const char *category;
	const char *date_range;
	const char *search;
	const char *cursor;
	uint64_t limit; /* 0: all */
};

/*
 * What is told of the list as it comes: begin once everything has been checked
 * (nothing fails before the first row after it, but the connection); each row;
 * and at its end the counts. next is the cursor of the following page, NULL on
 * the last one. A result other than ERR_OK ends the list.
 */
struct vault_reader {
	void *arg;
	enum err (*begin)(void *arg);
	enum err (*media)(void *arg, const struct media *m);
	enum err (*end)(void *arg, uint64_t total, const struct vault_count *v,
	    size_t n, const char *next);
};

/* Brings the vault in line with storage, then tells the list. ERR_INVALID:
 * an unknown category or dateRange, a bad cursor. */
enum err vault_list(struct env *env, const struct caller *c,
    const struct vault_query *q, const struct vault_reader *r) MUST_CHECK;

/* Changes title and caption; NULL: left as it is, "": taken off. Of his own
 * media, or of one that is shared with him to edit (*ret_share, else id 0). */
enum err vault_update(struct env *env, const struct caller *c, uint64_t id,
    const char *title, const char *caption, struct media *ret,
    struct share *ret_share) MUST_CHECK;

#endif
