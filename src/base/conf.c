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

struct load {
	struct arena *arena;
	struct conf *conf;
	struct why *why;
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
		    (int64_t *)(void *)place);
	if (strcmp(type, "REAL") == 0)
		return parse_real(value, (double *)(void *)place);
	return parse_flag(value, (bool *)place);
}

static int
take_line(void *arg, const char *section, const char *name, const char *value)
{
	struct load *load = arg;

	for (size_t i = 0; conf_settings[i].section != NULL; i++) {
		if (strcmp(conf_settings[i].section, section) != 0 ||
		    strcmp(conf_settings[i].name, name) != 0)
			continue;
		if (assign(load, i, value))
			return 1;
		(void)why_set(load->why, ERR_INVALID, name,
		    "[%s] %s: \"%s\" is not a value of the kind %s", section,
		    name, value, conf_settings[i].type);
		return 0;
	}
	(void)why_set(load->why, ERR_INVALID, name,
	    "[%s] %s: there is no such setting", section, name);
	return 0;
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
	struct load load = { a, arena_new_struct(a, struct conf), why };
	int line;

	for (size_t i = 0; conf_settings[i].section != NULL; i++)
		AN(assign(&load, i, conf_settings[i].def));
	path = conf_path(path);
	line = ini_parse(path, take_line, &load);
	if (line == -1)
		return why_set(why, ERR_INVALID, NULL, "%s: %s", path,
		    strerror(errno));
	if (line != 0) {
		if (why->text[0] != '\0')
			return ERR_INVALID;
		return why_set(why, ERR_INVALID, NULL,
		    "%s: line %d is neither a section nor a setting", path,
		    line);
	}
	*ret = load.conf;
	return ERR_OK;
}
