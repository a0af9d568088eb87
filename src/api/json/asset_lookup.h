/* The lookups of seed 004: known values that clients name by id, name,
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

/* What each value stands for: a duration's hours (0: for ever), a permission's
 * bit, a status's enum share_status. */
#define TYPE_LINK 1
#define TYPE_USER 2

/* A lookup as it came. */
struct asset_named {
	enum json_seen seen;
	struct json_text name;
	struct json_text id;
	struct json_text description;
	struct json_int number;
};

#define ASSET_NAMED_FIELDS 4
extern const struct json_field asset_named_fields[ASSET_NAMED_FIELDS];

/* What it stands for. ERR_INVALID with the field: no known value, or two
 * different ones. */
enum err asset_lookup_read(struct call *c, enum asset_lookup of,
    const char *field, const struct asset_named *in, unsigned *ret) MUST_CHECK;

/* The value that stands for it, as a member or (key NULL) an entry; null where
 * none does. */
void asset_lookup_write(struct json_out *w, const char *key,
    enum asset_lookup of, unsigned value);

#endif
