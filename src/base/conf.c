#include "config.h"

#include "base/conf.h"

#include <errno.h>
#include <ini.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct conf_setting conf_settings[] = {
#define S(section, name, type, def, text) \
	{ #section, #name, #type, def, text },
#include "base/settings.def"
#undef S
	{ NULL, NULL, NULL, NULL, NULL },
};

/* Where each setting lies, in the order of conf_settings. */
static const size_t offsets[] = {
#define S(section, name, type, def, text) \
	offsetof(struct conf, section##_##name),
#include "base/settings.def"
#undef S
};

#define NSETTINGS (sizeof(offsets) / sizeof(offsets[0]))

#define SECONDS_MOST (INT64_C(100) * 366 * 86400)

struct load {
	struct arena *arena;
	struct conf *conf;
	struct why *why;
	const char *path;
	FILE *file;
	int line;
	bool failed;
	bool seen[NSETTINGS];
};

/* A whole number with one of the units; each unit's letter has its factor. */
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
parse_real(const char *value, double *ret)
{
	char *end;

	*ret = strtod(value, &end);
	return end != value && *end == '\0' && isfinite(*ret) && *ret >= 0;
}

static bool
parse_flag(const char *value, bool *ret)
{
	*ret = strcmp(value, "yes") == 0;
	return *ret || strcmp(value, "no") == 0;
}

static bool
assign(struct load *load, size_t i, const char *value)
{
	static const int64_t bytes[] = { 1 << 10, 1 << 20, 1 << 30 };
	static const int64_t seconds[] = { 1, 60, 3600, 86400 };
	char *place = (char *)load->conf + offsets[i];
	const char *type = conf_settings[i].type;

	if (strcmp(type, "TEXT") == 0) {
		*(const char **)(void *)place = arena_strdup(load->arena,
		    value);
		return true;
	}
	if (strcmp(type, "NUMBER") == 0)
		return parse_scaled(value, "", NULL, (int64_t *)(void *)place);
	if (strcmp(type, "BYTES") == 0)
		return parse_scaled(value, "KMG", bytes,
		    (int64_t *)(void *)place);
	if (strcmp(type, "SECONDS") == 0)
		return parse_scaled(value, "smhd", seconds,
			   (int64_t *)(void *)place) &&
		    *(int64_t *)(void *)place <= SECONDS_MOST;
	if (strcmp(type, "REAL") == 0)
		return parse_real(value, (double *)(void *)place);
	return parse_flag(value, (bool *)place);
}

static int
fault(struct load *load, const char *section, const char *name,
    const char *text)
{
	load->failed = true;
	(void)why_set(load->why, ERR_INVALID, name, "%s, line %d: [%s] %s: %s",
	    load->path, load->line, section, name, text);
	return 0;
}

/* inih hands a line that begins with a space over as another value of the
 * setting before it, so a setting may be given only once. */
static int
take_line(void *arg, const char *section, const char *name, const char *value)
{
	struct load *load = arg;

	for (size_t i = 0; i < NSETTINGS; i++) {
		if (strcmp(conf_settings[i].section, section) != 0 ||
		    strcmp(conf_settings[i].name, name) != 0)
			continue;
		if (load->seen[i])
			return fault(load, section, name,
			    "it is set twice, or this line begins with a "
			    "space");
		load->seen[i] = true;
		if (assign(load, i, value))
			return 1;
		return fault(load, section, name,
		    arena_printf(load->arena,
			"\"%s\" is not a value of the kind %s", value,
			conf_settings[i].type));
	}
	return fault(load, section, name, "there is no such setting");
}

/* As fgets(), and counts; inih would take what is behind its longest line for
 * another one. */
static char *
read_line(char *s, int size, void *arg)
{
	struct load *load = arg;
	size_t n;

	if (load->failed || fgets(s, size, load->file) == NULL)
		return NULL;
	load->line++;
	n = strlen(s);
	if (n + 1 < (size_t)size || s[n - 1] == '\n')
		return s;
	load->failed = true;
	(void)why_set(load->why, ERR_INVALID, NULL,
	    "%s, line %d: longer than %zu bytes", load->path, load->line,
	    n - 1);
	return NULL;
}

static enum err
read_file(struct load *load)
{
	int line = ini_parse_stream(read_line, load, take_line, load);

	if (load->failed)
		return ERR_INVALID;
	if (ferror(load->file))
		return why_set(load->why, ERR_INVALID, NULL, "%s: %s",
		    load->path, strerror(errno));
	if (line != 0)
		return why_set(load->why, ERR_INVALID, NULL,
		    "%s, line %d: neither a section nor a setting",
		    load->path, line);
	return ERR_OK;
}

const char *
conf_path(const char *path)
{
	if (path == NULL)
		path = getenv("VITRINE_CONFIG");
	return path != NULL ? path : SYSCONFDIR "/vitrine/vitrine.conf";
}

enum err
conf_load(struct arena *a, const char *path, struct conf **ret,
    struct why *why)
{
	struct load load = { .arena = a, .why = why,
		.conf = arena_new_struct(a, struct conf),
		.path = conf_path(path) };
	enum err e;

	for (size_t i = 0; i < NSETTINGS; i++)
		AN(assign(&load, i, conf_settings[i].def));
	load.file = fopen(load.path, "re");
	if (load.file == NULL)
		return why_set(why, ERR_INVALID, NULL, "%s: %s", load.path,
		    strerror(errno));
	e = read_file(&load);
	fclose(load.file);
	if (e == ERR_OK)
		*ret = load.conf;
	return e;
}
