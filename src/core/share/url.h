/* The addresses of shares. */
#ifndef CORE_SHARE_URL_H
#define CORE_SHARE_URL_H

#include "core/env.h"
#include "model/share.h"

/* The page that opens a share: base_url/s/{token} for a link,
 * base_url/shares/{id} for a share with an account. */
const char *share_url(struct env *env, struct arena *a, const struct share *s);

/* The page of a share code: base_url/shared/media/{code}. */
const char *share_url_code(struct env *env, struct arena *a,
    const struct uuid *token);

/* base_url/api/v2/shareable_links/{key} */
const char *share_url_download(struct env *env, struct arena *a,
    const struct share *s);

/* The address to put into a mail: of the download for a download link, else of
 * the page. */
const char *share_url_sent(struct env *env, struct arena *a,
    const struct share *s);

#endif
