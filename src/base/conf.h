/*
 * The configuration: an INI file read once at the start. The settings, their
 * types and defaults stand in settings.def; conf->section_name holds one.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define CONF_TYPE_TEXT const char *
#define CONF_TYPE_NUMBER int64_t
#define CONF_TYPE_BYTES int64_t
#define CONF_TYPE_SECONDS int64_t
#define CONF_TYPE_FLAG bool
#define CONF_TYPE_REAL double

struct conf {
#define S(section, name, type, def, text) \
	CONF_TYPE_##type section##_##name;
#include "base/settings.def"
#undef S
};

/* A setting as settings.def tells it, for those who list them. */
struct conf_setting {
	const char *section;
	const char *name;
	const char *type; /* "TEXT", … */
	const char *def;
	const char *text;
};

/* All settings; the last row's section is NULL. */
extern const struct conf_setting conf_settings[];

/*
 * Reads the file into an arena that lives as long as the program. path NULL:
 * $VITRINE_CONFIG, else the installed place. ERR_INVALID: the file is missing,
 * or a line is wrong: it is too long, sets what there is not or what was set
 * before, or a value is none; why->text names the line and the setting.
 */
enum err conf_load(struct arena *a, const char *path, struct conf **ret,
    struct why *why) MUST_CHECK;

/* Where conf_load() looks for the file. */
const char *conf_path(const char *path);

#endif
