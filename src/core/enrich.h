/* Enrichment: what a file is, read from its bytes (API.md, section 1). */
#ifndef CORE_ENRICH_H
#define CORE_ENRICH_H

#include "core/env.h"

/*
 * Reads a media's file and fills its record; a file that is none of ours is
 * recorded as failed, with the reason, and that is ERR_OK. *ret_later: the
 * file is still being written; to be asked again soon. last: the last try, so
 * a failure of ours is recorded as well.
 */
enum err enrich_media(struct env *env, uint64_t id, bool last,
    bool *ret_later) MUST_CHECK;

#endif
