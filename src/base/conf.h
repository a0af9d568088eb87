/*
 * The configuration: an INI file, read at startup. settings.def lists the
 * settings with their types, defaults and checks; conf->section_name holds the
 * value of one.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define CONF_TYPE_TEXT const char *
#define CONF_TYPE_WORD int /* its index in the row's list */
#define CONF_TYPE_NUMBER int64_t
#define CONF_TYPE_BYTES int64_t
#define CONF_TYPE_SECONDS int64_t
#define CONF_TYPE_FLAG bool
#define CONF_TYPE_REAL double

/* The words of WORD settings, in the order of their rows. [log] level is an
 * enum log_level, [mail] tls an enum smtp_tls, [watermark] place an enum
 * image_place. */
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

/* A setting as settings.def describes it, for listing them. */
struct conf_setting {
	const char *section;
	const char *name;
	const char *def;
};

/* All settings; the last row's section is NULL. */
extern const struct conf_setting conf_settings[];

/* Receives an error or a warning: the setting ("mail.tls"; "" for the file as a
 * whole) and a line for the administrator with the file, line number, setting,
 * value and what is allowed. */
typedef void conf_tell_fn(void *arg, const char *setting, const char *text);

/* Records the message in a struct why, which keeps the first one. */
conf_tell_fn conf_tell_why;

/*
 * Reads the file into an arena that must live as long as the configuration.
 * path is looked up by conf_path(). ERR_INVALID, after a call of tell() for
 * each error: the file cannot be read, a line is too long or malformed, a
 * setting is unknown or set twice, or its check rejects the value. Defaults are
 * not checked, since what they name may not be installed.
 */
enum err conf_load(struct arena *a, const char *path, conf_tell_fn *tell,
    void *arg, struct conf **ret) MUST_CHECK;

/* Reports an error in a setting of a loaded configuration. text is a clause
 * such as "must not be empty". */
void conf_fault(struct arena *a, const struct conf *c, const char *section,
    const char *name, const char *text, conf_tell_fn *tell, void *arg);

/* Reports each setting that is valid but probably not intended. */
void conf_warn(struct arena *a, const struct conf *c, conf_tell_fn *tell,
    void *arg);

/* The file that conf_load() reads: path, or if it is NULL, $VITRINE_CONFIG, or
 * else the installed file. */
const char *conf_path(const char *path);

#endif
