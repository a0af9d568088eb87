/*
 * The configuration: an INI file, read at the start. The settings, their
 * types, defaults and checks are in settings.def; conf->section_name holds one.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define CONF_TYPE_TEXT const char *
#define CONF_TYPE_WORD int /* its number in the row's list, from 0 */
#define CONF_TYPE_NUMBER int64_t
#define CONF_TYPE_BYTES int64_t
#define CONF_TYPE_SECONDS int64_t
#define CONF_TYPE_FLAG bool
#define CONF_TYPE_REAL double

/* Words, in the order of their rows. [log] level is an enum log_level,
 * [mail] tls an enum smtp_tls, [watermark] place an enum image_place. */
enum conf_db_tls {
	CONF_DB_TLS_REQUIRED,
	CONF_DB_TLS_OPTIONAL,
	CONF_DB_TLS_NONE
};
enum conf_mark { CONF_MARK_TEXT, CONF_MARK_PICTURE };
enum conf_algorithm { CONF_RS256, CONF_ES256 };
enum conf_address {
	CONF_ADDRESS_FULL,
	CONF_ADDRESS_SHORTENED,
	CONF_ADDRESS_NONE
};

struct conf {
#define S(section, name, type, def, check, text) \
	CONF_TYPE_##type section##_##name;
#include "base/settings.def"
#undef S
	const struct conf_source *source; /* for conf_fault() */
};

/* A setting as settings.def describes it, for those who list them. */
struct conf_setting {
	const char *section;
	const char *name;
	const char *def;
};

/* All settings; the last row's section is NULL. */
extern const struct conf_setting conf_settings[];

/* Called with what is wrong, or doubtful: the setting ("mail.tls"; "" for the
 * file as a whole), and a line for the administrator that has file, line
 * number, setting, value and what is allowed. */
typedef void conf_tell_fn(void *arg, const char *setting, const char *text);

/* A conf_tell_fn: sets a struct why, which keeps the first fault. */
conf_tell_fn conf_tell_why;

/*
 * Reads the file into an arena that lives as long as the configuration. path
 * NULL: $VITRINE_CONFIG, else the installed place. ERR_INVALID, after a call of
 * tell() for each fault: the file cannot be read, a line is too long or
 * malformed, a setting is unknown or set twice, or its value is not accepted by
 * its check. Defaults are not checked: what they name may not be installed.
 */
enum err conf_load(struct arena *a, const char *path, conf_tell_fn *tell,
    void *arg, struct conf **ret) MUST_CHECK;

/* Tells of a fault in a setting of a loaded configuration: text is a clause
 * such as "must not be empty". */
void conf_fault(struct arena *a, const struct conf *c, const char *section,
    const char *name, const char *text, conf_tell_fn *tell, void *arg);

/* Tells of each setting that is allowed and yet hardly meant. */
void conf_warn(struct arena *a, const struct conf *c, conf_tell_fn *tell,
    void *arg);

/* Where conf_load() looks for the file. */
const char *conf_path(const char *path);

#endif
