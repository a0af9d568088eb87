/* The lookups of seed 004: fixed values that clients refer to by id, name,
 * description or number. */
#ifndef API_JSON_ASSET_LOOKUP_H
#define API_JSON_ASSET_LOOKUP_H

#include "api/call.h"

enum asset_lookup {
	LOOKUP_DURATION = 1,
	LOOKUP_PERMISSION,
	LOOKUP_TYPE,
	LOOKUP_STATUS,
};

/* The meaning of a value: hours for a duration (0: forever), a bit for a
 * permission, enum share_status for a status, one of these for a type. */
#define TYPE_LINK 1
#define TYPE_USER 2

/* A lookup as the client sent it. */
struct asset_named {
	enum json_seen seen;
	struct json_text name;
	struct json_text id;
	struct json_text description;
	struct json_int number;
};

#define ASSET_NAMED_FIELDS 4
extern const struct json_field asset_named_fields[ASSET_NAMED_FIELDS];

/* Sets *ret to the value's meaning. ERR_INVALID with the field: the value is
 * unknown, or its members refer to different values. */
enum err asset_lookup_read(struct call *c, enum asset_lookup of,
    const char *field, const struct asset_named *in, unsigned *ret) MUST_CHECK;

/* Writes the lookup with that meaning as a member or (key NULL) an array's
 * entry; null if there is no such lookup. */
void asset_lookup_write(struct json_out *w, const char *key,
    enum asset_lookup of, unsigned value);

#endif
