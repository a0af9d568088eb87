/* The external detector: a service that recognises what a picture shows. */
#ifndef CORE_VAULT_DETECTOR_H
#define CORE_VAULT_DETECTOR_H

#include "core/vault/metadata.h"
#include "core/env.h"

/* Whether a detector is configured. */
bool detector_is_there(const struct env *env);

/*
 * Posts the thumbnail, read from its start, as `type` (JPEG or PNG), with the
 * media's UUID in the header X-Vitrine-Media. The detector answers with an
 * object as described in metadata.h, or with 204 if it recognises nothing.
 * ERR_INTERNAL: it did not answer, or with something else; env->why says what
 * happened.
 */
enum err detector_ask(struct env *env, const struct uuid *media, int fd,
    enum media_type type, struct metadata *ret) MUST_CHECK;

#endif
