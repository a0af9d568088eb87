/* Brings the database in line with the vault's folders (seed 001). */
#ifndef CORE_VAULT_SYNC_H
#define CORE_VAULT_SYNC_H

#include "core/env.h"

struct sync_result {
	uint64_t added;
	uint64_t gone;
	uint64_t back;
	unsigned listed; /* number of folders that were listed */
};

/*
 * Adds files of the account's folders that have no row, with the record of seed
 * 001, and queues them for enrichment; marks rows whose file is gone. A folder
 * is skipped if its stamp (inode, mtime) is the same as when it was last
 * listed. Any number of processes may do this at once.
 */
enum err sync_user(struct env *env, uint64_t user_id,
    struct sync_result *ret) MUST_CHECK;

/* Counts what sync_user() would do; changes nothing, and lists every folder. */
enum err sync_preview(struct env *env, uint64_t user_id,
    struct sync_result *ret) MUST_CHECK;

#endif
