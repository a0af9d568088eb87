/* How many media a vault has of each category. */
#ifndef CORE_VAULT_COUNT_H
#define CORE_VAULT_COUNT_H

#include "core/env.h"
#include "db/media_db.h"

/* How many media of a category there are under the date and search filter,
 * in the order of the configuration. */
struct vault_count {
	const char *category;
	uint64_t count;
};

/* Under the filter's date and search, in the order of the configuration. To
 * count reads the whole vault, so it is kept until the vault changes. */
enum err vault_count(struct env *env, const struct media_filter *f,
    struct vault_count **ret) MUST_CHECK;

#endif
