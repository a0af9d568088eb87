#include "config.h"

#include "base/conf_check.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define HOST_MOST 253
#define ZONES "/usr/share/zoneinfo/"

/* ---- texts ---- */

const char *
conf_like_text(struct arena *a, const char *value, const char **ret)
{
	(void)a;
	(void)ret;
	if (value[0] == '\0')
		return "must not be empty";
	if (!text_utf8(value, strlen(value)) || text_has_control(value))
		return "must be UTF-8 without control characters";
	return NULL;
}

const char *
conf_like_cookie(struct arena *a, const char *value, const char **ret)
{
	(void)a;
	(void)ret;
	if (value[0] == '\0' ||
	    value[strspn(value, ALNUM "!#$%&'*+-.^_`|~")] != '\0')
		return "must be a cookie's name: letters, digits and "
		       "!#$%&'*+-.^_`|~";
	return NULL;
}

static bool
is_zone_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char magic[4];
	bool ret;

	if (fd < 0)
		return false;
	ret = read(fd, magic, sizeof(magic)) == sizeof(magic) &&
	    memcmp(magic, "TZif", sizeof(magic)) == 0;
	close(fd);
	return ret;
}

/* UTC works without the package tzdata. */
const char *
conf_like_zone(struct arena *a, const char *value, const char **ret)
{
	(void)ret;
	if (strcmp(value, "UTC") == 0 ||
	    (isalpha((unsigned char)value[0]) &&
		value[strspn(value, ALNUM "/_+-")] == '\0' &&
		is_zone_file(arena_printf(a, ZONES "%s", value))))
		return NULL;
	return "must be a time zone such as UTC or Europe/Berlin: a file "
	       "below " ZONES " (package tzdata)";
}

/* ---- addresses ---- */

/* The parts of a URL. */
struct url {
	const char *scheme; /* in lower case */
	const char *host;   /* in lower case, [IPv6] in its short form */
	long port;	    /* -1: none */
	const char *rest;   /* what follows: a path, or "" */
};

static bool
split_port(const char *s, size_t n, long *ret)
{
	*ret = -1;
	if (n == 0)
		return true;
	if (s[0] != ':' || n < 2 || n > 6 ||
	    strspn(s + 1, "0123456789") < n - 1)
		return false;
	*ret = strtol(s + 1, NULL, 10);
	return *ret >= 1 && *ret <= 65535;
}

static const char *
lower(struct arena *a, const char *s, size_t n)
{
	char *ret = arena_strndup(a, s, n);

	for (size_t i = 0; i < n; i++)
		ret[i] = (char)tolower((unsigned char)ret[i]);
	return ret;
}

/* Parses the host at the start of s; *ret_n is its length there. NULL: not a
 * host. */
static const char *
take_host(struct arena *a, const char *s, size_t *ret_n)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char b[16];
	size_t n;

	if (s[0] != '[') {
		n = strspn(s, ALNUM ".-_");
		*ret_n = n;
		return n > 0 && n <= HOST_MOST && s[0] != '.' && s[0] != '-' ?
		    lower(a, s, n) :
		    NULL;
	}
	n = strcspn(s, "]");
	if (s[n] == '\0' ||
	    inet_pton(AF_INET6, arena_strndup(a, s + 1, n - 1), b) != 1 ||
	    inet_ntop(AF_INET6, b, text, sizeof(text)) == NULL)
		return NULL;
	*ret_n = n + 1;
	return arena_printf(a, "[%s]", text);
}

static bool
split_url(struct arena *a, const char *s, struct url *ret)
{
	const char *mark = strstr(s, "://"), *end;
	size_t n;

	if (mark == NULL)
		return false;
	ret->scheme = lower(a, s, (size_t)(mark - s));
	s = mark + 3;
	end = s + strcspn(s, "/?#");
	ret->rest = end;
	ret->host = take_host(a, s, &n);
	return ret->host != NULL && s + n <= end &&
	    split_port(s + n, (size_t)(end - s) - n, &ret->port);
}

static bool
is_web(const struct url *u)
{
	return strcmp(u->scheme, "http") == 0 ||
	    strcmp(u->scheme, "https") == 0;
}

/* Browsers omit the scheme's default port from an origin. */
static bool
is_default_port(const struct url *u)
{
	return u->port == (strcmp(u->scheme, "https") == 0 ? 443 : 80);
}

const char *
conf_like_base_url(struct arena *a, const char *value, const char **ret)
{
	struct url u;

	if (!split_url(a, value, &u) || !is_web(&u))
		return "must be http:// or https:// followed by a host and "
		       "optionally a port, such as https://media.example.org; "
		       "write an internationalized name in its ASCII form "
		       "(xn--...)";
	if (u.rest[0] != '\0' && strcmp(u.rest, "/") != 0)
		return "must end after the host or port: the site needs its "
		       "own host name and cannot live below a path";
	*ret = u.port < 0 || is_default_port(&u) ?
	    arena_printf(a, "%s://%s", u.scheme, u.host) :
	    arena_printf(a, "%s://%s:%ld", u.scheme, u.host, u.port);
	return NULL;
}

const char *
conf_like_http_url(struct arena *a, const char *value, const char **ret)
{
	struct url u;

	(void)ret;
	if (value[0] == '\0' ||
	    (split_url(a, value, &u) && is_web(&u) &&
		!text_has_control(value) && strchr(value, ' ') == NULL))
		return NULL;
	return "must be empty, or a URL that begins with http:// or https://";
}

const char *
conf_like_mail_server(struct arena *a, const char *value, const char **ret)
{
	struct url u;

	(void)ret;
	if (value[0] == '\0' || text_starts(value, "maildir:/") ||
	    (split_url(a, value, &u) && u.rest[0] == '\0' &&
		(text_starts(value, "smtp://") ||
		    text_starts(value, "smtps://"))))
		return NULL;
	return "must be empty, smtp://HOST:PORT, smtps://HOST:PORT or "
	       "maildir:/DIR";
}

/* ---- paths ---- */

const char *
conf_like_path(struct arena *a, const char *value, const char **ret)
{
	(void)a;
	(void)ret;
	return value[0] == '/' ? NULL : "must be an absolute path";
}

const char *
conf_like_root(struct arena *a, const char *value, const char **ret)
{
	size_t n = strlen(value);

	while (n > 1 && value[n - 1] == '/')
		n--;
	*ret = arena_strndup(a, value, n);
	if (value[0] != '/' || n == 1)
		return "must be the absolute path of a folder other than /";
	return NULL;
}

const char *
conf_like_socket(struct arena *a, const char *value, const char **ret)
{
	const size_t most = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

	if (value[0] == '\0')
		return NULL;
	if (strlen(value) > most)
		return arena_printf(a, "must have at most %zu bytes", most);
	return conf_like_path(a, value, ret);
}

const char *
conf_like_sockets(struct arena *a, const char *value, const char **ret)
{
	char *words = arena_strdup(a, value), *word;
	const char *wrong = NULL;

	while (wrong == NULL && (word = strsep(&words, " \t")) != NULL)
		wrong = conf_like_socket(a, word, ret);
	return wrong;
}

/* Opens it as it will be opened in use; O_NONBLOCK, so that a pipe cannot
 * block. */
static const char *
look_at(struct arena *a, const char *path, mode_t type, const char *kind)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *wrong = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		wrong =
		    arena_printf(a, "must be %s: %s", kind, strerror(errno));
	else if ((st.st_mode & S_IFMT) != type)
		wrong =
		    arena_printf(a, "must be %s, but is something else", kind);
	if (fd >= 0)
		close(fd);
	return wrong;
}

const char *
conf_like_file(struct arena *a, const char *value, const char **ret)
{
	const char *wrong;

	if (value[0] == '\0')
		return NULL;
	if ((wrong = conf_like_path(a, value, ret)) != NULL)
		return wrong;
	return look_at(a, value, S_IFREG, "a file that this account can read");
}

const char *
conf_like_folder(struct arena *a, const char *value, const char **ret)
{
	const char *wrong = conf_like_path(a, value, ret);

	return wrong != NULL ?
	    wrong :
	    look_at(a, value, S_IFDIR, "a folder that this account can read");
}

const char *
conf_like_program(struct arena *a, const char *value, const char **ret)
{
	const char *wrong = conf_like_path(a, value, ret);
	struct stat st;

	if (wrong != NULL)
		return wrong;
	if (stat(value, &st) != 0)
		return arena_printf(a, "must be a program: %s",
		    strerror(errno));
	if (!S_ISREG(st.st_mode) ||
	    faccessat(AT_FDCWD, value, X_OK, AT_EACCESS) != 0)
		return "must be a program that this account can run";
	return NULL;
}
