#include "config.h"

#include "core/vault/detector.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sec.h"
#include "base/text.h"
#include "net/fetch.h"

#define TOKEN_MOST 4096
#define PICTURE_MOST (16 << 20) /* ten times a thumbnail */

bool
detector_is_there(const struct env *env)
{
	return env->base->conf->detector_url[0] != '\0';
}

/* Makes a header from the first line of the token file. */
static enum err
authorization(struct env *env, const char **ret)
{
	const char *path = env->base->conf->detector_token_file;
	char token[TOKEN_MOST];

	*ret = NULL;
	if (path[0] == '\0')
		return ERR_OK;
	if (!sec_read_line(path, token, sizeof(token)))
		return why_log(&env->why, ERR_INTERNAL,
		    "detector.token_file: %s", strerror(errno));
	if (token[0] == '\0' || text_has_control(token))
		return why_log(&env->why, ERR_INTERNAL,
		    "detector.token_file: its first line is no token");
	*ret = arena_printf(env->arena, "Authorization: Bearer %s", token);
	return ERR_OK;
}

static enum err
read_picture(struct env *env, int fd, struct fetch *f)
{
	struct stat st;
	ssize_t n = -1;
	char *p;

	if (fstat(fd, &st) == 0 && st.st_size <= PICTURE_MOST) {
		p = arena_alloc(env->arena, (size_t)st.st_size + 1);
		n = pread(fd, p, (size_t)st.st_size, 0);
		f->body = p;
		f->n = (size_t)st.st_size;
	}
	if (n < 0 || (size_t)n != f->n)
		return why_log(&env->why, ERR_INTERNAL,
		    "the thumbnail cannot be read");
	return ERR_OK;
}

static enum err
take_answer(struct env *env, const struct fetched *answer, struct metadata *ret)
{
	char text[WHY_SENTENCE];
	enum err e;

	*ret = (struct metadata){ NULL, NULL, NULL };
	if (answer->status == 204)
		return ERR_OK;
	if (answer->status != 200)
		return why_log(&env->why, ERR_INTERNAL,
		    "the detector answers with %ld", answer->status);
	e = metadata_parse(env, "detector", answer->body, answer->n, ret);
	if (e == ERR_OK)
		return ERR_OK;
	return why_log(&env->why, ERR_INTERNAL, "the detector's answer: %s",
	    why_sentence(&env->why, e, text));
}

enum err
detector_ask(struct env *env, const struct uuid *media, int fd,
    enum media_type type, struct metadata *ret)
{
	char uuid[UUID_TEXT];
	const char *headers[4] = { NULL };
	struct fetch f = { .url = env->base->conf->detector_url,
		.headers = headers,
		.most = ABOUT_MOST,
		.timeout_ms =
		    env->base->conf->detector_timeout * CLOCK_SECOND };
	struct fetched answer;
	enum err e;

	uuid_format(media, uuid);
	headers[0] =
	    arena_printf(env->arena, "Content-Type: %s", media_type_mime(type));
	headers[1] = arena_printf(env->arena, "X-Vitrine-Media: %s", uuid);
	if ((e = authorization(env, &headers[2])) != ERR_OK ||
	    (e = read_picture(env, fd, &f)) != ERR_OK)
		return e;
	e = fetch_post(env->arena, &f, &answer, &env->why);
	return e == ERR_OK ? take_answer(env, &answer, ret) : ERR_INTERNAL;
}
