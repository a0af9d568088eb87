#include "config.h"

#include "core/auth/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"

#define LINE_SIZE 256

static struct secret
derive(const unsigned char master[SECRET_BYTES], const char *use)
{
	struct secret from, to;

	memcpy(from.b, master, SECRET_BYTES);
	sec_sign(&from, use, to.b, sizeof(to.b));
	/* cppcheck-suppress uninitvar ; sec_sign() fills it */
	return to;
}

static enum err
take_line(struct secrets *s, char *line, const char *path, struct why *why)
{
	unsigned char master[SECRET_BYTES];

	if (strlen(line) == LINE_SIZE - 1)
		return why_log(why, ERR_INVALID, "%s: a line is too long",
		    path);
	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return ERR_OK;
	if (strncmp(line, "key ", 4) != 0 || s->n == SECRETS_MAX ||
	    !hex_parse(line + 4, master, sizeof(master)))
		return why_log(why, ERR_INVALID,
		    "%s: a line must be \"key\" and %d hex digits, and there "
		    "are at most %d of them",
		    path, 2 * SECRET_BYTES, SECRETS_MAX);
	s->url[s->n] = derive(master, "url");
	s->media[s->n] = derive(master, "media");
	s->token[s->n] = derive(master, "token");
	s->n++;
	return ERR_OK;
}

enum err
secrets_load(struct arena *a, const char *path, struct secrets **ret,
    struct why *why)
{
	struct secrets *s = arena_new_struct(a, struct secrets);
	enum err e = ERR_OK;
	char line[LINE_SIZE];
	struct stat st;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return why_log(why, ERR_INVALID, "%s: %s; %s", path,
		    strerror(errno),
		    errno == EACCES ?
			"give it to the account that Vitrine runs as, by chown" :
			"\"vitrine init\" makes it");
	if (fstat(fileno(f), &st) != 0 || (st.st_mode & 07) != 0) {
		fclose(f);
		return why_log(why, ERR_INVALID,
		    "%s may be read by everybody: chmod 600", path);
	}
	while (e == ERR_OK && fgets(line, sizeof(line), f) != NULL)
		e = take_line(s, line, path, why);
	fclose(f);
	if (e == ERR_OK && s->n == 0)
		return why_log(why, ERR_INVALID, "%s holds no key", path);
	if (e == ERR_OK)
		*ret = s;
	return e;
}

static bool
write_key(int fd)
{
	unsigned char master[SECRET_BYTES];
	char hex[2 * SECRET_BYTES + 1], line[sizeof(hex) + 8];
	ssize_t n;

	sec_random(master, sizeof(master));
	hex_format(master, sizeof(master), hex);
	n = snprintf(line, sizeof(line), "key %s\n", hex);
	return write(fd, line, (size_t)n) == n && fsync(fd) == 0;
}

enum err
secrets_create(const char *path, uid_t uid, gid_t gid, struct why *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return why_log(why,
		    errno == EEXIST ? ERR_CONFLICT : ERR_INVALID, "%s: %s%s",
		    path, strerror(errno),
		    errno == EACCES ? "; run \"vitrine init\" as root" : "");
	if (!write_key(fd) || (uid != geteuid() && fchown(fd, uid, gid) != 0)) {
		close(fd);
		unlink(path);
		return why_log(why, ERR_FULL, "%s cannot be written", path);
	}
	close(fd);
	return ERR_OK;
}

static const char *
sign(const struct secret *key, struct arena *a, const char *text)
{
	unsigned char signature[SIGNATURE_BYTES];

	sec_sign(key, text, signature, sizeof(signature));
	return sec_base64url(a, signature, sizeof(signature));
}

static const char *
sign_media(const struct secret *key, struct arena *a, const char *address)
{
	unsigned char signature[SIGNATURE_BYTES];

	sec_mac(key, address, strlen(address), signature, sizeof(signature));
	return sec_base64url(a, signature, sizeof(signature));
}

static bool
is_same(const char *signature, const char *want)
{
	size_t n = strlen(want);

	return strlen(signature) == n && sec_equal(signature, want, n);
}

const char *
secrets_sign(const struct secrets *s, struct arena *a, const char *text)
{
	return sign(&s->url[0], a, text);
}

bool
secrets_signed(const struct secrets *s, struct arena *a, const char *text,
    const char *signature)
{
	bool holds = false;

	for (size_t i = 0; i < s->n; i++)
		if (is_same(signature, sign(&s->url[i], a, text)))
			holds = true;
	return holds;
}

const char *
secrets_sign_media(const struct secrets *s, struct arena *a,
    const char *address)
{
	return sign_media(&s->media[0], a, address);
}

bool
secrets_signed_media(const struct secrets *s, struct arena *a,
    const char *address, const char *signature)
{
	bool holds = false;

	for (size_t i = 0; i < s->n; i++)
		if (is_same(signature, sign_media(&s->media[i], a, address)))
			holds = true;
	return holds;
}
