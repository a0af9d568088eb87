/* The external detector: a service that tells what a picture shows. */
#ifndef CORE_VAULT_DETECTOR_H
#define CORE_VAULT_DETECTOR_H

#include "core/vault/metadata.h"
#include "core/env.h"

/* Whether there is one. */
bool detector_is_there(const struct env *env);

/*
 * Posts the thumbnail (from its start; type: JPEG or PNG) with the media's
 * UUID in the header X-Vitrine-Media. Its answer is an object as about.h tells
 * it, or 204 when it has nothing to say. ERR_INTERNAL: it does not answer, or
 * not so; why tells.
 */
enum err detector_ask(struct env *env, const struct uuid *media, int fd,
    enum media_type type, struct metadata *ret) MUST_CHECK;

#endif
