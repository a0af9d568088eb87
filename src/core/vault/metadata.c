#include "config.h"

#include "core/vault/metadata.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_in.h"
#include "base/log.h"
#include "base/text.h"

/* Limits are the column's or, for a caption, those for what its owner may
 * write. */
#define CAPTION_BYTES 20000
#define SUBREDDIT_CHARS 64
#define CHARACTER_CHARS 255

struct limit {
	size_t bytes, chars;
	bool lines; /* line ends are allowed */
};

/* Accepted names of each value, in order of preference. */
static const struct {
	const char *name;
	size_t member;
	struct limit limit;
} names[] = {
#define CAPTION \
	offsetof(struct metadata, caption), \
	{ \
		CAPTION_BYTES, CAPTION_BYTES, true \
	}
#define CHARACTER \
	offsetof(struct metadata, character_name), \
	{ \
		4 * CHARACTER_CHARS, CHARACTER_CHARS, false \
	}
	{ "caption", CAPTION },
	{ "description", CAPTION },
	{ "subreddit", offsetof(struct metadata, subreddit),
	    { 4 * SUBREDDIT_CHARS, SUBREDDIT_CHARS, false } },
	{ "characterName", CHARACTER },
	{ "character", CHARACTER },
	{ "model", CHARACTER },
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Removes control characters and surrounding space, and cuts at the limit
 * between characters. */
static const char *
tidy(struct arena *a, const char *s, const struct limit *limit)
{
	char *out = arena_strdup(a, s);
	size_t n = 0, chars = 0;

	for (; *s != '\0'; s++) {
		bool starts = ((unsigned char)*s & 0xc0) != 0x80;
		char c = *s;

		if (text_is_control(c) &&
		    (!limit->lines || (c != '\n' && c != '\t'))) {
			if (limit->lines && c == '\r')
				continue;
			c = ' ';
		}
		if (n == 0 && is_space(c))
			continue;
		if (starts && (chars == limit->chars || n + 4 > limit->bytes))
			break;
		chars += starts;
		out[n++] = c;
	}
	while (n > 0 && is_space(out[n - 1]))
		n--;
	out[n] = '\0';
	return n > 0 ? out : NULL;
}

struct one_text {
	struct json_text text;
};

static enum err
take_member(struct env *env, const char *source, const char *json, size_t n,
    size_t i, struct metadata *ret)
{
	struct json_field field = JSON_FIELD(struct one_text, text, NULL,
	    JSON_TEXT, 0, ABOUT_MOST, 0);
	const char **member =
	    (const char **)(void *)((char *)ret + names[i].member);
	struct one_text in = { { JSON_ABSENT, NULL } };
	char text[WHY_SENTENCE];
	enum err e;

	if (*member != NULL)
		return ERR_OK;
	field.name = names[i].name;
	e = json_read(env->arena, json, n, &field, 1, &in, &env->why);
	if (e == ERR_INVALID && strcmp(env->why.field, field.name) == 0) {
		log_warn("about_ignored", "source=%s member=%s why=%s",
		    log_quote(source), field.name,
		    log_quote(why_sentence(&env->why, e, text)));
		return ERR_OK;
	}
	if (e == ERR_OK && in.text.seen == JSON_THERE)
		*member = tidy(env->arena, in.text.s, &names[i].limit);
	return e;
}

enum err
metadata_parse(struct env *env, const char *source, const char *json, size_t n,
    struct metadata *ret)
{
	struct metadata about = { NULL, NULL, NULL };
	enum err e;

	/* Skip the byte order mark that some editors write. */
	if (n >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0) {
		json += 3;
		n -= 3;
	}
	if (n > ABOUT_MOST)
		return why_with(&env->why, WHY_SIDECAR_LONG,
		    .most = ABOUT_MOST);
	/* Check first that it is an object at all. */
	e = json_read(env->arena, json, n, NULL, 0, NULL, &env->why);
	for (size_t i = 0; e == ERR_OK && i < sizeof(names) / sizeof(names[0]);
	     i++)
		e = take_member(env, source, json, n, i, &about);
	if (e == ERR_OK)
		*ret = about;
	return e;
}

/* Opens photo.jpg.json, else photo.json. ERR_NOT_FOUND: there is neither. */
static enum err
open_sidecar(struct env *env, const char *path, const char **ret_path,
    int *ret_fd, struct store_info *ret_st)
{
	size_t stem = strlen(path) - strlen(text_extension(path));
	struct arena *a = env->arena;
	enum err e;

	*ret_path = arena_printf(a, "user-media/%s.json", path);
	e = store_read(env->base->store, *ret_path, ret_fd, ret_st, &env->why);
	/* ERR_INTERNAL: the name is too long with ".json" added. */
	if (e == ERR_NOT_FOUND || e == ERR_INTERNAL) {
		*ret_path =
		    arena_printf(a, "user-media/%.*sjson", (int)stem, path);
		e = store_read(env->base->store, *ret_path, ret_fd, ret_st,
		    &env->why);
	}
	if (e == ERR_OK)
		arena_defer_close(a, *ret_fd);
	return e;
}

static enum err
read_all(struct env *env, int fd, char *p, size_t size, size_t *ret_n)
{
	size_t n = 0;
	ssize_t r;

	do {
		r = read(fd, p + n, size - n);
		if (r > 0)
			n += (size_t)r;
	} while ((r > 0 && n < size) || (r == -1 && errno == EINTR));
	if (r == -1)
		return why_log(&env->why, ERR_RETRY, "read: %s",
		    strerror(errno));
	*ret_n = n;
	return ERR_OK;
}

static enum err
ignore(struct env *env, enum err e, const char *name)
{
	char text[WHY_SENTENCE];

	log_warn("sidecar_ignored", "path=%s why=%s", log_quote(name),
	    log_quote(why_sentence(&env->why, e, text)));
	return ERR_OK;
}

/* Whether the storage works, so that only this file is unreadable. */
static bool
is_well(struct env *env)
{
	struct why ignored = { .retry_after = 0 };

	return store_ping(env->base->store, &ignored) == ERR_OK;
}

enum err
metadata_sidecar(struct env *env, const char *path, struct metadata *ret,
    int64_t *ret_time)
{
	char *json = arena_alloc(env->arena, ABOUT_MOST + 1);
	struct store_info st;
	const char *name;
	size_t n = 0;
	enum err e;
	int fd;

	*ret = (struct metadata){ NULL, NULL, NULL };
	*ret_time = CLOCK_NONE;
	e = open_sidecar(env, path, &name, &fd, &st);
	if (e == ERR_OK) {
		*ret_time = clock_of(st.changed);
		e = read_all(env, fd, json, ABOUT_MOST + 1, &n);
	}
	if (e == ERR_OK)
		e = metadata_parse(env, name, json, n, ret);
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		return ERR_OK;
	return e == ERR_INVALID || is_well(env) ? ignore(env, e, name) : e;
}

void
metadata_fill(struct metadata *to, const struct metadata *other)
{
	if (to->caption == NULL)
		to->caption = other->caption;
	if (to->subreddit == NULL)
		to->subreddit = other->subreddit;
	if (to->character_name == NULL)
		to->character_name = other->character_name;
}

bool
metadata_is_whole(const struct metadata *about)
{
	return about->caption != NULL && about->subreddit != NULL &&
	    about->character_name != NULL;
}
