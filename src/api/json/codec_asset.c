#include "config.h"

#include "api/json/codec_asset.h"

#include <string.h>
#include <strings.h>

#include "core/share/create.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"
#include "core/share/url.h"
#include "api/json/asset_lookup.h"
#include "base/clock.h"

#define HOURS_MOST 87600 /* ten years */

struct person {
	enum json_seen seen;
	struct json_text id;
};

static const struct json_field person_fields[] = {
	JSON_FIELD(struct person, id, "id", JSON_TEXT, 1, 64, 0),
};

struct body {
	struct json_text id;
	struct json_text name;
	struct json_text password;
	struct json_texts contents;
	struct asset_named duration;
	struct json_objects permissions;
	struct asset_named type;
	struct asset_named status;
	struct json_int hours;
	struct json_text expires;
	struct json_text asset;
	struct json_objects users;
};

static const struct json_field fields[] = {
	JSON_FIELD(struct body, id, "id", JSON_TEXT, 1, 64, 0),
	JSON_FIELD(struct body, name, "name", JSON_TEXT, 0, 4096, 0),
	JSON_FIELD(struct body, password, "password", JSON_TEXT, 1,
	    SHARE_PASSWORD_MOST, 0),
	JSON_FIELD(struct body, contents, "sharedContents", JSON_TEXTS, 1, 64,
	    SHARE_ITEMS_MOST),
	JSON_MEMBERS(struct body, duration, "sharedDuration",
	    asset_named_fields),
	JSON_MEMBERS_LIST(struct body, permissions, "sharedPermissions",
	    asset_named_fields, struct asset_named, 16),
	JSON_MEMBERS(struct body, type, "sharedType", asset_named_fields),
	JSON_MEMBERS(struct body, status, "sharedStatus", asset_named_fields),
	/* Any value is accepted where it has no effect, since clients send
	 * back the model that they received. */
	JSON_FIELD(struct body, hours, "sharedDurationInHours", JSON_INT,
	    INT32_MIN, INT32_MAX, 0),
	JSON_FIELD(struct body, expires, "expirationDate", JSON_TEXT, 1, 64, 0),
	JSON_FIELD(struct body, asset, "assetId", JSON_TEXT, 1, 64, 0),
	JSON_MEMBERS_LIST(struct body, users, "nomadUsers", person_fields,
	    struct person, SHARE_RECIPIENTS_MOST),
};

/* ---- in ---- */

static enum err
take_permissions(struct call *c, const struct json_objects *in,
    struct share_terms *t)
{
	const struct asset_named *v = in->v;
	enum err e = ERR_OK;
	unsigned bit;

	if (in->seen != JSON_THERE)
		return ERR_OK;
	t->given = CAN_ALL;
	t->permissions = CAN_VIEW;
	for (size_t i = 0; e == ERR_OK && i < in->n; i++) {
		e = asset_lookup_read(c, LOOKUP_PERMISSION, "sharedPermissions",
		    &v[i], &bit);
		if (e == ERR_OK)
			t->permissions |= bit;
	}
	return e;
}

/* A date takes precedence over hours, and hours over a duration. */
static enum err
take_expiry(struct call *c, const struct body *in, struct share_terms *t)
{
	unsigned hours = 0;
	bool date_only;
	enum err e;

	t->expires_at = CLOCK_NONE;
	t->expiry_given = true;
	if (in->expires.seen == JSON_THERE) {
		if (!clock_parse(in->expires.s, &t->expires_at, &date_only))
			return why_with(&c->env.why, WHY_NOT_TIME,
			    .field = "expirationDate");
		if (date_only) /* through the end of that day */
			t->expires_at += CLOCK_DAY - 1;
		return share_terms_check_expiry(&c->env, t->expires_at);
	}
	if (in->hours.seen == JSON_THERE) {
		if (in->hours.v < 1 || in->hours.v > HOURS_MOST)
			return why_with(&c->env.why, WHY_OUT_OF_RANGE,
			    .field = "sharedDurationInHours", .least = 1,
			    .most = HOURS_MOST);
		hours = (unsigned)in->hours.v;
	} else if (in->duration.seen == JSON_THERE) {
		e = asset_lookup_read(c, LOOKUP_DURATION, "sharedDuration",
		    &in->duration, &hours);
		if (e != ERR_OK)
			return e;
	} else {
		t->expiry_given = in->expires.seen == JSON_NULL;
	}
	if (hours > 0)
		t->expires_at = clock_now() + hours * CLOCK_HOUR;
	return ERR_OK;
}

static enum err
take_terms(struct call *c, const struct body *in, struct share_terms *t)
{
	enum err e;

	t->name_given = in->name.seen != JSON_ABSENT;
	t->name =
	    in->name.s != NULL && in->name.s[0] != '\0' ? in->name.s : NULL;
	t->password_given = in->password.seen != JSON_ABSENT;
	t->password = in->password.s;
	e = take_permissions(c, &in->permissions, t);
	return e != ERR_OK ? e : take_expiry(c, in, t);
}

/* Adds the UUID unless the list has it. */
static void
add_target(struct uuid *v, size_t *n, const struct uuid *u)
{
	for (size_t i = 0; i < *n; i++)
		if (uuid_equal(&v[i], u))
			return;
	v[(*n)++] = *u;
}

/* The shared set: the asset and the contents, without duplicates. */
static enum err
take_targets(struct call *c, const struct body *in, const char *asset,
    struct share_new *n)
{
	struct uuid *v =
	    arena_array(c->env.arena, in->contents.n + 1, sizeof(*v));
	struct uuid u;
	enum err e;

	if (asset != NULL) {
		if ((e = call_uuid(c, "assetId", asset, &u)) != ERR_OK)
			return e;
		add_target(v, &n->ntargets, &u);
	}
	for (size_t i = 0; i < in->contents.n; i++) {
		e = call_uuid(c, "sharedContents", in->contents.s[i], &u);
		if (e != ERR_OK)
			return e;
		add_target(v, &n->ntargets, &u);
	}
	if (n->ntargets > SHARE_ITEMS_MOST)
		return why_with(&c->env.why, WHY_TOO_MANY,
		    .field = "sharedContents", .most = SHARE_ITEMS_MOST);
	n->targets = v;
	n->target_type = n->ntargets > 1 ? SHARE_SET : SHARE_MEDIA;
	return ERR_OK;
}

static enum err
take_users(struct call *c, const struct json_objects *in, size_t *ret_n,
    uint64_t **ret)
{
	uint64_t *v = arena_array(c->env.arena, in->n, sizeof(*v));
	const struct person *p = in->v;
	size_t n = 0;
	enum err e;

	for (size_t i = 0; i < in->n; i++) {
		if (p[i].id.seen != JSON_THERE)
			return why_with(&c->env.why, WHY_MISSING,
			    .field = "nomadUsers.id");
		e = share_recipients_find(&c->env, &c->caller, p[i].id.s, NULL,
		    &v[n]);
		if (e != ERR_OK)
			return e;
		for (size_t k = 0; k < n; k++)
			if (v[k] == v[n])
				return why_with(&c->env.why, WHY_DUPLICATE,
				    .field = "nomadUsers.id",
				    .word = p[i].id.s);
		n++;
	}
	*ret = v;
	*ret_n = n;
	return ERR_OK;
}

/* The type is a link by default. */
static enum err
take_type(struct call *c, const struct body *in, struct asset_request *r)
{
	unsigned type = TYPE_LINK, status;
	enum err e;

	if (in->type.seen == JSON_THERE &&
	    (e = asset_lookup_read(c, LOOKUP_TYPE, "sharedType", &in->type,
		 &type)) != ERR_OK)
		return e;
	r->new.link = type == TYPE_LINK;
	r->new.terms.kind_given = in->type.seen == JSON_THERE;
	r->new.terms.link = r->new.link;
	if (in->status.seen != JSON_THERE)
		return ERR_OK;
	e = asset_lookup_read(c, LOOKUP_STATUS, "sharedStatus", &in->status,
	    &status);
	if (e == ERR_OK && status != SHARE_ACTIVE)
		return why_with(&c->env.why, WHY_END_ELSEWHERE,
		    .field = "sharedStatus");
	return e;
}

static enum err
take_new(struct call *c, const struct body *in, struct share_new *n)
{
	if (n->ntargets == 0)
		return why_with(&c->env.why, WHY_CONTENTS_NEEDED,
		    .field = "assetId");
	if (!n->link && n->nrecipients == 0)
		return why_with(&c->env.why, WHY_USERS_NEEDED,
		    .field = "nomadUsers");
	if (in->permissions.seen != JSON_THERE)
		n->terms.permissions = CAN_VIEW;
	return ERR_OK;
}

static const char *
the_asset(struct call *c, const struct body *in, const char *path,
    enum err *ret_e)
{
	*ret_e = ERR_OK;
	if (path == NULL)
		return in->asset.s;
	if (in->asset.seen == JSON_THERE && strcasecmp(in->asset.s, path) != 0)
		*ret_e = why_with(&c->env.why, WHY_ASSETS_DIFFER,
		    .field = "assetId");
	return path;
}

enum err
codec_asset_read(struct call *c, const char *asset, const char *id,
    struct asset_request *ret)
{
	struct share_new *n = &ret->new;
	bool by_path = asset != NULL;
	struct body in = { 0 };
	uint64_t *users;
	enum err e;

	e = call_json_any(c, fields, sizeof(fields) / sizeof(fields[0]), &in);
	if (e != ERR_OK)
		return e;
	asset = the_asset(c, &in, asset, &e);
	if (e != ERR_OK)
		return e;
	ret->id = id != NULL ? id : in.id.s;
	n->origin = ORIGIN_ASSET;
	n->own = true;
	/* A change without contents keeps the current ones. */
	if ((ret->id == NULL || by_path || in.contents.seen == JSON_THERE) &&
	    (e = take_targets(c, &in, asset, n)) != ERR_OK)
		return e;
	if ((e = take_terms(c, &in, &n->terms)) != ERR_OK ||
	    (e = take_users(c, &in.users, &n->nrecipients, &users)) != ERR_OK ||
	    (e = take_type(c, &in, ret)) != ERR_OK)
		return e;
	n->recipients = users;
	n->terms.ntargets = n->ntargets;
	n->terms.targets = n->targets;
	n->terms.recipients_given = in.users.seen == JSON_THERE;
	n->terms.nrecipients = n->nrecipients;
	n->terms.recipients = users;
	return ret->id != NULL ? ERR_OK : take_new(c, &in, n);
}

struct address {
	enum json_seen seen;
	struct json_text email;
};

static const struct json_field address_fields[] = {
	JSON_FIELD(struct address, email, "email", JSON_TEXT, 1, 320, 0),
};

struct notice {
	struct json_objects users;
	struct json_objects addresses;
};

static const struct json_field notice_fields[] = {
	JSON_MEMBERS_LIST(struct notice, users, "nomadUsers", person_fields,
	    struct person, SHARE_RECIPIENTS_MOST),
	JSON_MEMBERS_LIST(struct notice, addresses, "externalUsers",
	    address_fields, struct address, SHARE_RECIPIENTS_MOST),
};

enum err
codec_asset_notice(struct call *c, struct asset_share_notice *ret)
{
	const struct address *v;
	struct notice in = { 0 };
	const char **addresses;
	uint64_t *users;
	enum err e;

	if ((e = call_json_any(c, notice_fields, 2, &in)) != ERR_OK ||
	    (e = take_users(c, &in.users, &ret->nusers, &users)) != ERR_OK)
		return e;
	if (ret->nusers + in.addresses.n == 0)
		return why_with(&c->env.why, WHY_NOTICE_NEEDS_PEOPLE,
		    .field = "nomadUsers");
	v = in.addresses.v;
	addresses =
	    arena_array(c->env.arena, in.addresses.n, sizeof(*addresses));
	for (size_t i = 0; i < in.addresses.n; i++) {
		if (v[i].email.seen != JSON_THERE)
			return why_with(&c->env.why, WHY_MISSING,
			    .field = "externalUsers.email");
		addresses[i] = v[i].email.s;
	}
	ret->users = users;
	ret->naddresses = in.addresses.n;
	ret->addresses = addresses;
	return ERR_OK;
}

/* ---- out ---- */

static void
put_permissions(struct json_out *w, unsigned permissions)
{
	jw_array(w, "sharedPermissions");
	for (unsigned bit = CAN_VIEW; bit < CAN_ALL; bit <<= 1)
		if ((permissions & bit) != 0)
			asset_lookup_write(w, NULL, LOOKUP_PERMISSION, bit);
	jw_end(w);
}

static void
put_duration(struct json_out *w, const struct share *s)
{
	int64_t hours;

	if (s->expires_at == CLOCK_NONE) {
		asset_lookup_write(w, "sharedDuration", LOOKUP_DURATION, 0);
		jw_null(w, "sharedDurationInHours");
		return;
	}
	hours = (s->expires_at - s->created_at + CLOCK_HOUR / 2) / CLOCK_HOUR;
	if (hours > 0)
		asset_lookup_write(w, "sharedDuration", LOOKUP_DURATION,
		    (unsigned)hours);
	else
		jw_null(w, "sharedDuration");
	jw_int(w, "sharedDurationInHours", hours);
}

static void
put_people(struct json_out *w, const struct asset_share *s)
{
	jw_array(w, "nomadUsers");
	for (size_t i = 0; i < s->nrecipients; i++) {
		jw_object(w, NULL);
		jw_uuid(w, "id", &s->recipients[i].uuid);
		jw_text(w, "name", s->recipients[i].name);
		jw_end(w);
	}
	jw_end(w);
}

void
codec_asset_share(struct call *c, struct json_out *w,
    const struct asset_share *s)
{
	const struct share *share = &s->share;

	jw_object(w, NULL);
	jw_uuid(w, "id", &share->uuid);
	jw_text(w, "name", share->name);
	jw_array(w, "sharedContents");
	for (size_t i = 0; i < s->ncontents; i++)
		jw_uuid(w, NULL, &s->contents[i]);
	jw_end(w);
	put_duration(w, share);
	put_permissions(w, share_permissions(share));
	asset_lookup_write(w, "sharedType", LOOKUP_TYPE,
	    share_is_link(share) ? TYPE_LINK : TYPE_USER);
	asset_lookup_write(w, "sharedStatus", LOOKUP_STATUS,
	    share_status(share));
	jw_text(w, "sharedLink", share_url(&c->env, c->env.arena, share));
	jw_uuid(w, "ownerId", &share->owner_uuid);
	jw_time(w, "expirationDate", share->expires_at);
	if (s->ncontents > 0)
		jw_uuid(w, "assetId", &s->contents[0]);
	else
		jw_null(w, "assetId");
	put_people(w, s);
	jw_end(w);
}
