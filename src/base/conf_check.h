/* What single settings of kind TEXT must look like: the checks that
 * settings.def names by LIKE(…). */
#ifndef BASE_CONF_CHECK_H
#define BASE_CONF_CHECK_H

#include "base/arena.h"

/* NULL: the value is accepted, and *ret may be set to the form of it that is
 * kept. Else what it must be, for the administrator. */
typedef const char *conf_like_fn(struct arena *a, const char *value,
    const char **ret);

/* http:// or https://, a host, a port: kept as browsers write an origin, in
 * lower case, without the scheme's own port and without a slash at its end. */
conf_like_fn conf_like_base_url;

conf_like_fn conf_like_text;	 /* not empty, UTF-8, no control characters */
conf_like_fn conf_like_zone;	 /* a name below /usr/share/zoneinfo, or UTC */
conf_like_fn conf_like_cookie;	 /* a cookie's name (RFC 6265: a token) */
conf_like_fn conf_like_http_url; /* empty, or http:// or https:// */
conf_like_fn conf_like_mail_server; /* empty, smtp://, smtps://, maildir:/ */

/* Absolute paths. */
conf_like_fn conf_like_path;
conf_like_fn conf_like_root;	/* anything but / */
conf_like_fn conf_like_socket;	/* empty, or short enough for a socket */
conf_like_fn conf_like_sockets; /* any number of them, with blanks between */
conf_like_fn conf_like_file;	/* empty, or a file that can be read */
conf_like_fn conf_like_folder;	/* a folder */
conf_like_fn conf_like_program; /* a file that can be run */

#endif
