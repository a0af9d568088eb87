/* Checks of TEXT settings, which settings.def names by LIKE(…). */
#ifndef BASE_CONF_CHECK_H
#define BASE_CONF_CHECK_H

#include "base/arena.h"

/* Returns NULL if the value is valid, and may set *ret to its normalized form.
 * Otherwise returns what it must be, as a clause for the administrator. */
typedef const char *conf_like_fn(struct arena *a, const char *value,
    const char **ret);

/* http:// or https://, a host and optionally a port. Normalized as browsers
 * write an origin: lower case, no default port, no slash at the end. */
conf_like_fn conf_like_base_url;

conf_like_fn conf_like_text;	 /* not empty, UTF-8, no control characters */
conf_like_fn conf_like_zone;	 /* a file below /usr/share/zoneinfo, or UTC */
conf_like_fn conf_like_cookie;	 /* a cookie's name (RFC 6265: a token) */
conf_like_fn conf_like_http_url; /* empty, or http:// or https:// */
conf_like_fn conf_like_mail_server; /* empty, smtp://, smtps://, maildir:/ */

/* Absolute paths. */
conf_like_fn conf_like_path;
conf_like_fn conf_like_root;	/* anything but / */
conf_like_fn conf_like_socket;	/* empty, or short enough for a socket */
conf_like_fn conf_like_sockets; /* any number, separated by blanks */
conf_like_fn conf_like_file;	/* empty, or a readable file */
conf_like_fn conf_like_folder;	/* a readable folder */
conf_like_fn conf_like_program; /* an executable file */

#endif
