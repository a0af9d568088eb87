/* Where shares open. */
#ifndef CORE_SHARE_URL_H
#define CORE_SHARE_URL_H

#include "core/env.h"
#include "model/share.h"

/* Where people open it: base_url/s/{token} of a link, base_url/shares/{id} of
 * what was made to an account. */
const char *share_url(struct env *env, struct arena *a, const struct share *s);

/* The share code's page: base_url/shared/media/{code}. */
const char *share_url_code(struct env *env, struct arena *a,
    const struct uuid *token);

/* base_url/api/v2/shareable_links/{key} */
const char *share_url_download(struct env *env, struct arena *a,
    const struct share *s);

/* The address that a mail carries. */
const char *share_url_sent(struct env *env, struct arena *a,
    const struct share *s);

#endif
