#include "config.h"

#include "core/mail/conf.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "core/mail/address.h"
#include "net/maildir.h"
#include "net/smtp.h"

#define PATH_MOST 512
#define MAILDIR "maildir:"

bool
mail_conf_enabled(const struct conf *conf)
{
	return conf->mail_server[0] != '\0';
}

const char *
mail_conf_maildir(const struct conf *conf)
{
	return text_starts(conf->mail_server, MAILDIR) ?
	    conf->mail_server + strlen(MAILDIR) :
	    NULL;
}

/* Whether connections always use TLS; only then is a password sent. */
static bool
is_tls_sure(const struct conf *conf)
{
	return text_starts(conf->mail_server, "smtps://") ||
	    conf->mail_tls == SMTP_TLS_REQUIRED;
}

enum err
mail_conf_check(struct arena *a, const struct conf *conf, struct why *why)
{
	struct why ignored = { .retry_after = 0 };
	const char *from;

	if (!mail_conf_enabled(conf))
		return ERR_OK;
	if (mail_address_check(a, &ignored, ABOUT_EMAIL, conf->mail_from,
		&from) != ERR_OK)
		return why_setting(why, "from",
		    "must be an e-mail address, such as site@example.org");
	if (conf->mail_user[0] == '\0' || mail_conf_maildir(conf) != NULL)
		return ERR_OK;
	if (!is_tls_sure(conf))
		return why_setting(why, "user",
		    "with it, tls must be required, or server be smtps://");
	if (conf->mail_password_file[0] == '\0')
		return why_setting(why, "password_file",
		    "must not be empty where user is set");
	return ERR_OK;
}

enum err
mail_conf_ready(const struct conf *conf, struct why *why)
{
	const char *dir = mail_conf_maildir(conf);

	return dir == NULL ? ERR_OK : maildir_check(dir, why);
}

static bool
is_ip(const char *host)
{
	unsigned char b[16];

	return inet_pton(AF_INET, host, b) == 1 ||
	    inet_pton(AF_INET6, host, b) == 1;
}

const char *
mail_conf_helo(struct arena *a, const struct conf *conf)
{
	const char *host = strstr(conf->site_base_url, "://");
	bool literal;
	struct buf b;

	AN(host != NULL);
	host += 3;
	host = *host == '[' ?
	    arena_strndup(a, host + 1, strcspn(host + 1, "]")) :
	    arena_strndup(a, host, strcspn(host, ":"));
	literal = is_ip(host);
	buf_init(&b, a, PATH_MOST);
	if (literal)
		buf_raw(&b, strchr(host, ':') != NULL ? "%5BIPv6%3A" : "%5B");
	buf_url(&b, host);
	if (literal)
		buf_lit(&b, "%5D");
	return buf_str(&b);
}
