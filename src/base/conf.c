#include "config.h"

#include "base/conf.h"

#include <errno.h>
#include <ini.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf_check.h"

const struct conf_setting conf_settings[] = {
/* clang-format off */
#define S(section, name, type, def, check, text) { #section, #name, def },
/* clang-format on */
#include "base/settings.def"
#undef S
	{ NULL, NULL, NULL },
};

enum type {
	TYPE_TEXT,
	TYPE_WORD,
	TYPE_NUMBER,
	TYPE_BYTES,
	TYPE_SECONDS,
	TYPE_FLAG,
	TYPE_REAL
};

/* The rest of a row, in the order of conf_settings. */
static const struct rule {
	size_t offset; /* in struct conf */
	enum type type;
	struct {
		const char *const *words; /* the last one is NULL */
		const char *least, *most; /* NULL: no range */
		conf_like_fn *like;	  /* NULL: anything */
	} check;
} rules[] = {
/* clang-format off */
#define WORDS(...) { .words = (const char *const[]){ __VA_ARGS__, NULL } }
#define RANGE(from, to) { .least = from, .most = to }
#define LIKE(what) { .like = conf_like_##what }
#define ANY { .like = NULL }
#define S(section, name, type, def, check, text) \
	{ offsetof(struct conf, section##_##name), TYPE_##type, check },
/* clang-format on */
#include "base/settings.def"
#undef S
};

#define NSETTINGS (sizeof(rules) / sizeof(rules[0]))
#define VALUE_SHOWN 60 /* bytes of a rejected value in its message */
#define LINE_SIZE 2048

struct conf_source {
	const char *path;
	int line[NSETTINGS]; /* 0: the default */
};

struct load {
	struct arena *arena;
	struct conf *conf;
	struct conf_source *source;
	conf_tell_fn *tell;
	void *arg;
	FILE *file;
	int line;
	bool failed;
};

/* ---- values ---- */

/* A whole number, optionally with a unit's letter. */
static bool
parse_scaled(const char *value, const char *letters, const int64_t *factors,
    int64_t *ret)
{
	const char *unit;
	char *end;
	long long v;

	errno = 0;
	v = strtoll(value, &end, 10);
	if (end == value || errno != 0 || v < 0)
		return false;
	if (*end == '\0') {
		*ret = v;
		return true;
	}
	unit = strchr(letters, *end);
	return unit != NULL && end[1] == '\0' &&
	    !__builtin_mul_overflow((int64_t)v, factors[unit - letters], ret);
}

static bool
parse_whole(enum type type, const char *value, int64_t *ret)
{
	static const int64_t bytes[] = { 1 << 10, 1 << 20, 1 << 30 };
	static const int64_t seconds[] = { 1, 60, 3600, 86400 };

	if (type == TYPE_BYTES)
		return parse_scaled(value, "KMG", bytes, ret);
	if (type == TYPE_SECONDS)
		return parse_scaled(value, "smhd", seconds, ret);
	return parse_scaled(value, "", NULL, ret);
}

static bool
parse_real(const char *value, double *ret)
{
	char *end;

	*ret = strtod(value, &end);
	return end != value && *end == '\0' && isfinite(*ret);
}

/* What a number must be, as a clause for the administrator. */
static const char *
range_text(struct arena *a, const struct rule *r)
{
	static const char *const kinds[] = {
		[TYPE_NUMBER] = "a whole number",
		[TYPE_REAL] = "a number",
		[TYPE_BYTES] = "a size (bytes, or with K, M or G)",
		[TYPE_SECONDS] = "a time (seconds, or with s, m, h or d)",
	};

	return arena_printf(a, "must be %s from %s to %s", kinds[r->type],
	    r->check.least, r->check.most);
}

/* These set a value and return NULL, or return what the value must be. */

static const char *
set_whole(struct arena *a, const struct rule *r, const char *value, void *place)
{
	int64_t v, least, most;

	AN(parse_whole(r->type, r->check.least, &least) &&
	    parse_whole(r->type, r->check.most, &most));
	if (!parse_whole(r->type, value, &v) || v < least || v > most)
		return range_text(a, r);
	*(int64_t *)place = v;
	return NULL;
}

static const char *
set_real(struct arena *a, const struct rule *r, const char *value, void *place)
{
	double v, least, most;

	AN(parse_real(r->check.least, &least) &&
	    parse_real(r->check.most, &most));
	if (!parse_real(value, &v) || v < least || v > most)
		return range_text(a, r);
	*(double *)place = v;
	return NULL;
}

static const char *
set_flag(const char *value, void *place)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return "must be yes or no";
	*(bool *)place = yes;
	return NULL;
}

static const char *
set_word(struct arena *a, const struct rule *r, const char *value, void *place)
{
	const char *const *words = r->check.words;
	struct buf b;
	int i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], value) != 0)
			continue;
		*(int *)place = i;
		return NULL;
	}
	buf_init(&b, a, LINE_SIZE);
	buf_raw(&b, "must be ");
	for (i = 0; words[i] != NULL; i++) {
		if (i > 0)
			buf_raw(&b, words[i + 1] != NULL ? ", " : " or ");
		buf_raw(&b, words[i]);
	}
	return buf_str(&b);
}

static const char *
set_text(struct arena *a, const struct rule *r, const char *value, void *place)
{
	const char *copy = arena_strdup(a, value);
	const char *wrong =
	    r->check.like != NULL ? r->check.like(a, copy, &copy) : NULL;

	if (wrong == NULL)
		*(const char **)place = copy;
	return wrong;
}

static const char *
set(struct arena *a, struct conf *c, const struct rule *r, const char *value)
{
	void *place = (char *)c + r->offset;

	switch (r->type) {
	case TYPE_NUMBER:
	case TYPE_BYTES:
	case TYPE_SECONDS:
		return set_whole(a, r, value, place);
	case TYPE_REAL:
		return set_real(a, r, value, place);
	case TYPE_FLAG:
		return set_flag(value, place);
	case TYPE_WORD:
		return set_word(a, r, value, place);
	case TYPE_TEXT:
		break;
	}
	return set_text(a, r, value, place);
}

/* A default text is not checked: the file it names may not exist yet. */
static void
set_default(struct arena *a, struct conf *c, size_t i)
{
	if (rules[i].type == TYPE_TEXT)
		*(const char **)(void *)((char *)c + rules[i].offset) =
		    conf_settings[i].def;
	else
		AN(set(a, c, &rules[i], conf_settings[i].def) == NULL);
}

/* ---- the file ---- */

/* The index of a setting; NSETTINGS: no such setting. */
static size_t
find(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < NSETTINGS; i++)
		if (strcmp(conf_settings[i].section, section) == 0 &&
		    strcmp(conf_settings[i].name, name) == 0)
			break;
	return i;
}

/* Reports an error at the current line; section NULL: not about a setting. */
static void
fault(struct load *load, const char *section, const char *name,
    const char *text)
{
	struct arena *a = load->arena;

	load->failed = true;
	if (section == NULL)
		load->tell(load->arg, "",
		    arena_printf(a, "%s, line %d: %s", load->source->path,
			load->line, text));
	else
		load->tell(load->arg, arena_printf(a, "%s.%s", section, name),
		    arena_printf(a, "%s, line %d: [%s] %s%s",
			load->source->path, load->line, section, name, text));
}

/* inih treats a line that begins with a space as another value of the setting
 * above it, so a second value is an error. */
static int
take_line(void *arg, const char *section, const char *name, const char *value)
{
	struct load *load = arg;
	size_t i = find(section, name);
	const char *wrong;

	if (i == NSETTINGS) {
		fault(load, section, name, ": no such setting");
	} else if (load->source->line[i] != 0) {
		fault(load, section, name,
		    ": it is set twice, or this line begins with a space");
	} else {
		load->source->line[i] = load->line;
		wrong = set(load->arena, load->conf, &rules[i], value);
		if (wrong != NULL)
			fault(load, section, name,
			    arena_printf(load->arena, " = \"%.*s%s\": %s",
				VALUE_SHOWN, value,
				strlen(value) > VALUE_SHOWN ? "..." : "",
				wrong));
	}
	return 1;
}

/* Like fgets(), but counts lines and rejects long ones: inih would take the
 * rest of a long line for another line. */
static char *
read_line(char *s, int size, void *arg)
{
	struct load *load = arg;
	size_t n;

	if (fgets(s, size, load->file) == NULL)
		return NULL;
	load->line++;
	n = strlen(s);
	if (n + 1 < (size_t)size || s[n - 1] == '\n')
		return s;
	fault(load, NULL, NULL,
	    arena_printf(load->arena, "longer than %zu bytes", n - 1));
	return NULL;
}

/* Reports an error of the file as a whole. */
static void
refuse_file(struct load *load, const char *text)
{
	load->failed = true;
	load->tell(load->arg, "",
	    arena_printf(load->arena, "%s: %s", load->source->path, text));
}

static void
read_file(struct load *load)
{
	int line;

	load->file = fopen(load->source->path, "re");
	if (load->file == NULL) {
		refuse_file(load,
		    errno != EACCES ?
			strerror(errno) :
			"permission denied: run this command as the account that "
			"Vitrine runs as, with runuser -u");
		return;
	}
	line = ini_parse_stream(read_line, load, take_line, load);
	if (ferror(load->file)) {
		refuse_file(load, strerror(errno));
	} else if (line != 0) {
		load->line = line;
		fault(load, NULL, NULL, "not a section or a setting");
	}
	fclose(load->file);
}

const char *
conf_path(const char *path)
{
	if (path == NULL)
		path = getenv("VITRINE_CONFIG");
	return path != NULL ? path : SYSCONFDIR "/vitrine/vitrine.conf";
}

enum err
conf_load(struct arena *a, const char *path, conf_tell_fn *tell, void *arg,
    struct conf **ret)
{
	struct load load = { .arena = a,
		.tell = tell,
		.arg = arg,
		.conf = arena_new_struct(a, struct conf),
		.source = arena_new_struct(a, struct conf_source) };

	load.source->path = conf_path(path);
	load.conf->source = load.source;
	for (size_t i = 0; i < NSETTINGS; i++)
		set_default(a, load.conf, i);
	read_file(&load);
	if (load.failed)
		return ERR_INVALID;
	*ret = load.conf;
	return ERR_OK;
}

/* ---- faults and warnings ---- */

void
conf_tell_why(void *arg, const char *setting, const char *text)
{
	struct why *why = arg;

	if (why->detail[0] == '\0') /* the first one counts */
		(void)why_setting(why, setting, "%s", text);
}

/* Where a setting of a loaded configuration is. */
static const char *
place_of(struct arena *a, const struct conf *c, const char *section,
    const char *name)
{
	size_t i = find(section, name);

	AN(i < NSETTINGS);
	if (c->source->line[i] == 0)
		return arena_printf(a, "%s: [%s] %s", c->source->path, section,
		    name);
	return arena_printf(a, "%s, line %d: [%s] %s", c->source->path,
	    c->source->line[i], section, name);
}

void
conf_fault(struct arena *a, const struct conf *c, const char *section,
    const char *name, const char *text, conf_tell_fn *tell, void *arg)
{
	tell(arg, arena_printf(a, "%s.%s", section, name),
	    arena_printf(a, "%s: %s", place_of(a, c, section, name), text));
}

void
conf_warn(struct arena *a, const struct conf *c, conf_tell_fn *tell, void *arg)
{
	const char *def = conf_settings[find("site", "base_url")].def;

	if (strcmp(c->site_base_url, def) == 0)
		conf_fault(a, c, "site", "base_url",
		    arena_printf(a,
			"is still %s, so links in mails and pages work only on "
			"this host; set it to the site's public address",
			def),
		    tell, arg);
}
