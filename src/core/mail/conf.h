/* The configuration of mail. */
#ifndef CORE_MAIL_CONF_H
#define CORE_MAIL_CONF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/conf.h"

/* Whether e-mail is set up: a server is configured. */
bool mail_conf_enabled(const struct conf *conf);

/* Checks that the settings of [mail] fit together. ERR_INVALID: why->field is
 * the setting, why->detail says what is wrong with it. */
enum err mail_conf_check(struct arena *a, const struct conf *conf,
    struct why *why) MUST_CHECK;

/* The folder for mail if server is maildir:DIR, else NULL. */
const char *mail_conf_maildir(const struct conf *conf);

/* Checks that mail can be delivered. ERR_INVALID: it goes into a folder that
 * this process cannot write to; why->detail names it. */
enum err mail_conf_ready(const struct conf *conf, struct why *why) MUST_CHECK;

/* The name for HELO: base_url's host, an IP address in brackets,
 * percent-encoded for a URL. */
const char *mail_conf_helo(struct arena *a, const struct conf *conf);

#endif
