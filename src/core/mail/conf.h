/* What the configuration says of mail. */
#ifndef CORE_MAIL_CONF_H
#define CORE_MAIL_CONF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/conf.h"

/* Whether the site sends mail: a server is configured. */
bool mail_conf_enabled(const struct conf *conf);

/* ERR_INVALID: a setting of [mail] does not go with another; why->field is the
 * setting, why->detail a clause about it. */
enum err mail_conf_check(struct arena *a, const struct conf *conf,
    struct why *why) MUST_CHECK;

/* The folder that mail is delivered into, where server is maildir:DIR; else
 * NULL. */
const char *mail_conf_maildir(const struct conf *conf);

/* ERR_INVALID: mail is to be delivered into a folder that this process cannot
 * write to; why->detail names it. */
enum err mail_conf_ready(const struct conf *conf, struct why *why) MUST_CHECK;

/* The name that we say is ours: base_url's host, an IP address in brackets,
 * percent-encoded for a URL. */
const char *mail_conf_helo(struct arena *a, const struct conf *conf);

#endif
