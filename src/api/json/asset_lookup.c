#include "config.h"

#include "api/json/asset_lookup.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "model/share.h"

struct value {
	enum asset_lookup of;
	unsigned number; /* within its kind */
	unsigned value;	 /* its meaning, see asset_lookup.h */
	const char *name;
	const char *description;
};

static const struct value values[] = {
	{ LOOKUP_DURATION, 1, 1, "OneHour", "One hour" },
	{ LOOKUP_DURATION, 2, 24, "OneDay", "One day" },
	{ LOOKUP_DURATION, 3, 7 * 24, "OneWeek", "One week" },
	{ LOOKUP_DURATION, 4, 30 * 24, "OneMonth", "30 days" },
	{ LOOKUP_DURATION, 5, 90 * 24, "ThreeMonths", "90 days" },
	{ LOOKUP_DURATION, 6, 365 * 24, "OneYear", "365 days" },
	{ LOOKUP_DURATION, 7, 0, "Never", "Never expires" },
	{ LOOKUP_PERMISSION, 1, CAN_VIEW, "View", "May be viewed" },
	{ LOOKUP_PERMISSION, 2, CAN_DOWNLOAD, "Download", "May be downloaded" },
	{ LOOKUP_PERMISSION, 3, CAN_EDIT, "Edit",
	    "Title and caption may be changed" },
	{ LOOKUP_PERMISSION, 4, CAN_RESHARE, "Reshare", "May be shared on" },
	{ LOOKUP_TYPE, 1, TYPE_LINK, "Link", "For whoever has the link" },
	{ LOOKUP_TYPE, 2, TYPE_USER, "User", "For accounts of this site" },
	{ LOOKUP_STATUS, 1, SHARE_ACTIVE, "Active", "It can be opened" },
	{ LOOKUP_STATUS, 2, SHARE_EXPIRED, "Expired", "Its time is over" },
	{ LOOKUP_STATUS, 3, SHARE_EXHAUSTED, "Exhausted",
	    "It was opened as often as it may be" },
	{ LOOKUP_STATUS, 4, SHARE_REVOKED, "Revoked", "It was taken back" },
};

#define NVALUES (sizeof(values) / sizeof(values[0]))

const struct json_field asset_named_fields[ASSET_NAMED_FIELDS] = {
	JSON_FIELD(struct asset_named, name, "name", JSON_TEXT, 0, 255, 0),
	JSON_FIELD(struct asset_named, id, "id", JSON_TEXT, 0, 64, 0),
	JSON_FIELD(struct asset_named, description, "description", JSON_TEXT, 0,
	    1000, 0),
	JSON_FIELD(struct asset_named, number, "enumValue", JSON_INT, INT32_MIN,
	    INT32_MAX, 0),
};

/* The id is derived from the value, so that clients may store it. */
static void
id_of(const struct value *v, char text[UUID_TEXT])
{
	snprintf(text, UUID_TEXT, "%08x-0000-4000-8000-%012x", (unsigned)v->of,
	    v->number);
}

/* Whether the text is missing or equals the value's. */
static bool
agrees(const struct json_text *t, const char *text)
{
	return t->seen != JSON_THERE || strcasecmp(t->s, text) == 0;
}

static bool
is_meant(const struct value *v, const struct asset_named *in)
{
	char id[UUID_TEXT];

	id_of(v, id);
	return agrees(&in->id, id) && agrees(&in->name, v->name) &&
	    agrees(&in->description, v->description) &&
	    (in->number.seen != JSON_THERE ||
		in->number.v == (int64_t)v->number);
}

static bool
names_any(const struct asset_named *in)
{
	return in->id.seen == JSON_THERE || in->name.seen == JSON_THERE ||
	    in->description.seen == JSON_THERE || in->number.seen == JSON_THERE;
}

enum err
asset_lookup_read(struct call *c, enum asset_lookup of, const char *field,
    const struct asset_named *in, unsigned *ret)
{
	for (size_t i = 0; names_any(in) && i < NVALUES; i++)
		if (values[i].of == of && is_meant(&values[i], in)) {
			*ret = values[i].value;
			return ERR_OK;
		}
	return why_with(&c->env.why, WHY_NOT_VALUE, .field = field);
}

void
asset_lookup_write(struct json_out *w, const char *key, enum asset_lookup of,
    unsigned value)
{
	char id[UUID_TEXT];

	for (size_t i = 0; i < NVALUES; i++) {
		const struct value *v = &values[i];

		if (v->of != of || v->value != value)
			continue;
		id_of(v, id);
		jw_object(w, key);
		jw_text(w, "id", id);
		jw_text(w, "name", v->name);
		jw_text(w, "description", v->description);
		jw_uint(w, "enumValue", v->number);
		jw_end(w);
		return;
	}
	jw_null(w, key);
}
