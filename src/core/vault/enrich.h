/* Enrichment: what a file is, read from its bytes and from what is said about
 * it. */
#ifndef CORE_VAULT_ENRICH_H
#define CORE_VAULT_ENRICH_H

#include "core/env.h"
#include "core/ops/lease.h"

/* Why a media failed where the fault is not its own: another try may do. */
#define ENRICH_FAULT "It could not be read; see the log"

/*
 * Reads a media's file and fills its record; a file that is none of ours is
 * recorded as failed, with the reason, and that is ERR_OK. Caption, subreddit
 * and character name come from the .json file beside it, what that leaves open
 * from XMP or IPTC, and the rest from the detector; a caption that a person
 * has set stays.
 *
 * *ret_later: seconds until it is to be looked at again, 0: not by itself. A
 * file that is being written waits; one that was written to shortly before is
 * looked at once more, for those that are slow: if it or its .json file has
 * changed meanwhile, it is read anew. (A .json file that comes later still is
 * read when the media itself changes.)
 *
 * ERR_CONFLICT: the job is another's by now. ERR_RETRY: something is away or
 * busy. Other failures are ours, and recorded with the last try.
 */
enum err enrich_media(struct env *env, const struct job_run *run,
    int64_t *ret_later) MUST_CHECK;

#endif
