#include "config.h"

#include "core/ops/settings.h"

#include <string.h>

#include "core/vault/category.h"
#include "core/auth/issuer.h"
#include "core/mail/conf.h"

/*
 * Verification must not depend on the client library's version. MariaDB's 3.4
 * does not compare names at loopback addresses, and without an authority
 * accepts any server that knows the password.
 */
static enum err
check_database_tls(const struct conf *c, struct why *why)
{
	if (c->database_tls != CONF_DB_TLS_REQUIRED) {
		if (c->database_ca_file[0] == '\0')
			return ERR_OK;
		return why_setting(why, "ca_file",
		    "has no effect unless tls = required");
	}
	if (c->database_socket[0] != '\0')
		return why_setting(why, "tls",
		    "can be required over TCP only: set socket to empty");
	if (c->database_ca_file[0] == '\0')
		return why_setting(why, "ca_file",
		    "must name a PEM file of trusted authorities if tls = "
		    "required, such as Debian's "
		    "/etc/ssl/certs/ca-certificates.crt");
	if (strcmp(c->database_host, "127.0.0.1") == 0 ||
	    strcmp(c->database_host, "::1") == 0)
		return why_setting(why, "host",
		    "must be a name in the server's certificate, such as "
		    "localhost, if tls = required");
	return ERR_OK;
}

static enum err
check_database(struct arena *a, const struct conf *c, struct why *why)
{
	(void)a;
	if (c->database_socket[0] == '\0' && c->database_host[0] == '\0')
		return why_setting(why, "host",
		    "must not be empty if socket is empty");
	return check_database_tls(c, why);
}

static enum err
check_vault(struct arena *a, const struct conf *c, struct why *why)
{
	struct categories *ignored;

	return categories_parse(a, c->vault_categories, &ignored, why);
}

static enum err
check_issuer(struct arena *a, const struct conf *c, struct why *why)
{
	struct issuer *ignored;

	return issuer_load(a, c, &ignored, why);
}

static enum err
check_watermark(struct arena *a, const struct conf *c, struct why *why)
{
	(void)a;
	if (c->watermark_kind == CONF_MARK_PICTURE &&
	    c->watermark_picture[0] == '\0')
		return why_setting(why, "picture",
		    "must name a PNG file if kind = picture");
	return ERR_OK;
}

/* The rules of each section, which use why_setting(). */
static const struct {
	const char *section;
	enum err (
	    *check)(struct arena *a, const struct conf *c, struct why *why);
} rules[] = {
	{ "database", check_database },
	{ "vault", check_vault },
	{ "issuer", check_issuer },
	{ "watermark", check_watermark },
	{ "mail", mail_conf_check },
};

enum err
settings_load(struct arena *a, const char *path, conf_tell_fn *tell, void *arg,
    struct conf **ret)
{
	enum err e = conf_load(a, path, tell, arg, ret);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct why why = { 0 };

		if (rules[i].check(a, *ret, &why) == ERR_OK)
			continue;
		conf_fault(a, *ret, rules[i].section, why.field, why.detail,
		    tell, arg);
		e = ERR_INVALID;
	}
	return e;
}
