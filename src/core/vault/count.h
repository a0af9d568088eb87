/* The number of media in each category of a vault. */
#ifndef CORE_VAULT_COUNT_H
#define CORE_VAULT_COUNT_H

#include "core/env.h"
#include "db/media_db.h"

/* The number of media of one category. */
struct vault_count {
	const char *category;
	uint64_t count;
};

/* Counts the media that match the filter's date and search, by category in the
 * order of the configuration. Counting reads the whole vault, so the result is
 * cached until the vault changes. */
enum err vault_count(struct env *env, const struct media_filter *f,
    struct vault_count **ret) MUST_CHECK;

#endif
