/* Enrichment: reading a file's properties from its content and its metadata. */
#ifndef CORE_VAULT_ENRICH_H
#define CORE_VAULT_ENRICH_H

#include "core/env.h"
#include "core/ops/lease.h"

/* The reason recorded when a media failed through no fault of the file, so that
 * another try may succeed. */
#define ENRICH_FAULT "It could not be read; see the log"

/*
 * Reads a media's file and fills its record. A file of an unsupported type is
 * recorded as failed, with the reason, and the result is ERR_OK. Caption,
 * subreddit and character name come from the .json file beside it; what that
 * leaves out from XMP or IPTC, and the rest from the detector. A caption that a
 * person has set is kept.
 *
 * *ret_later is the number of seconds after which to look at the file again, or
 * 0. A file that is still being written is tried again later. One that was
 * written recently is looked at once more, since slow transfers may pause: if
 * the file or its .json file has changed, it is read again. A .json file that
 * arrives even later is read only when the media itself changes.
 *
 * ERR_CONFLICT: another worker has the job now. ERR_RETRY: something is
 * unavailable or busy. Other errors are faults of the site; they are recorded
 * with the last try.
 */
enum err enrich_media(struct env *env, const struct job_run *run,
    int64_t *ret_later) MUST_CHECK;

#endif
