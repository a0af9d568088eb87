#include "config.h"

#include "core/mail_conf.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "core/mail_address.h"
#include "net/maildir.h"

#define PATH_MOST 512
#define MAILDIR "maildir:"

bool
mail_enabled(const struct conf *conf)
{
	return conf->mail_server[0] != '\0';
}

const char *
mail_conf_maildir(const struct conf *conf)
{
	return text_starts(conf->mail_server, MAILDIR) ?
	    conf->mail_server + strlen(MAILDIR) : NULL;
}

static bool
is_server(const char *url)
{
	const char *host = strstr(url, "://");

	if (!text_starts(url, "smtp://") && !text_starts(url, "smtps://"))
		return false;
	host += 3;
	return *host != '\0' && strlen(host) < 256 &&
	    strpbrk(host, "/?#@\\ \t") == NULL && !text_has_control(host);
}

/* A password goes out over TLS that is sure to be there, or not at all. */
static bool
is_tls_sure(const struct conf *conf)
{
	return text_starts(conf->mail_server, "smtps://") ||
	    strcmp(conf->mail_tls, "required") == 0;
}

static enum err
refuse(struct why *why, const char *name, const char *text)
{
	return why_set(why, ERR_INVALID, name, "[mail] %s: %s", name, text);
}

enum err
mail_conf_check(struct arena *a, const struct conf *conf, struct why *why)
{
	struct why ignored = { .retry_after = 0 };
	const char *dir = mail_conf_maildir(conf), *from;

	if (strcmp(conf->mail_tls, "required") != 0 &&
	    strcmp(conf->mail_tls, "optional") != 0 &&
	    strcmp(conf->mail_tls, "none") != 0)
		return refuse(why, "tls", "it is required, optional or none");
	if (!mail_enabled(conf))
		return ERR_OK;
	if (dir != NULL && *dir != '/')
		return refuse(why, "server",
		    "write the folder's whole path: maildir:/DIR");
	if (dir == NULL && !is_server(conf->mail_server))
		return refuse(why, "server", "it is smtp://HOST:PORT, "
		    "smtps://HOST:PORT or maildir:/DIR");
	if (mail_address_check(a, &ignored, "from", conf->mail_from, &from) !=
	    ERR_OK)
		return refuse(why, "from", "it is no e-mail address");
	if (conf->mail_user[0] != '\0' && !is_tls_sure(conf))
		return refuse(why, "user",
		    "with it, tls must be required, or server be smtps://");
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
	const char *url = conf->site_base_url, *host = strstr(url, "://");
	bool literal;
	struct buf b;
	size_t n;

	host = host != NULL ? host + 3 : url;
	if (*host == '[') {
		host++;
		n = strcspn(host, "]/");
	} else {
		n = strcspn(host, ":/");
	}
	host = arena_strndup(a, host, n);
	literal = is_ip(host);
	buf_init(&b, a, PATH_MOST);
	if (literal)
		buf_raw(&b, strchr(host, ':') != NULL ? "%5BIPv6%3A" :
							"%5B");
	buf_url(&b, host);
	if (literal)
		buf_lit(&b, "%5D");
	return buf_failed(&b) || b.len == 0 ? "localhost" : buf_str(&b);
}
