#include "config.h"

#include "api/json/codec_share.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/create.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"
#include "core/share/url.h"
#include "api/paging.h"
#include "base/clock.h"

/* ---- out ---- */

/* A recipient with an account does not need the token of the share's link,
 * which they could keep or pass on, and must not learn of other recipients. */
static struct share
as_seen(const struct call *c, const struct share *s, bool by_link)
{
	struct share seen = *s;

	if (c->caller.user.id == s->owner_id)
		return seen;
	memset(&seen.recipient_uuid, 0, sizeof(seen.recipient_uuid));
	if (!by_link) {
		seen.recipient_uuid = c->caller.user.uuid;
		memset(&seen.token, 0, sizeof(seen.token));
	}
	return seen;
}

void
codec_share(struct call *c, struct json_out *w, const char *key,
    const struct share *share, bool by_link)
{
	const struct share seen = as_seen(c, share, by_link), *s = &seen;

	jw_object(w, key);
	jw_uuid(w, "id", &s->uuid);
	jw_text(w, "target_type",
	    words_word(&share_target_types, s->target_type));
	jw_uuid(w, "target_id", &s->target_uuid);
	jw_uuid(w, "owner_id", &s->owner_uuid);
	jw_text(w, "recipient_type",
	    words_word(&recipient_types, s->recipient_type));
	jw_uuid(w, "recipient_user_id", &s->recipient_uuid);
	jw_uuid(w, "public_token", &s->token);
	jw_text(w, "url", share_url(&c->env, c->env.arena, s));
	jw_object(w, "permissions");
	jw_bool(w, "can_view", s->can_view);
	jw_bool(w, "can_download", s->can_download);
	jw_bool(w, "can_edit", s->can_edit);
	jw_bool(w, "can_reshare", s->can_reshare);
	jw_end(w);
	jw_text(w, "note", s->note);
	jw_bool(w, "has_password", s->password_hash != NULL);
	jw_time(w, "expires_at", s->expires_at);
	jw_uint_or_null(w, "max_uses", s->max_uses);
	jw_uint(w, "access_count", s->uses);
	jw_time(w, "last_accessed", s->last_accessed);
	jw_text(w, "status", share_status_name(share_status(s)));
	jw_time(w, "created_at", s->created_at);
	jw_time(w, "updated_at", s->updated_at);
	jw_end(w);
}

void
codec_share_item(struct json_out *w, const struct share_item *item,
    const struct delivery_urls *urls, bool account)
{
	jw_object(w, NULL);
	jw_uuid(w, "id", &item->uuid);
	if (account)
		jw_uint(w, "media_id", item->media_id);
	jw_text(w, "name", share_item_name(item));
	jw_text(w, "caption", item->caption);
	jw_text(w, "mime_type", item->mime);
	jw_int(w, "size", item->size);
	jw_uint_or_null(w, "width", item->width);
	jw_uint_or_null(w, "height", item->height);
	jw_text(w, "url", urls->view);
	jw_text(w, "thumbnail_url", urls->thumb);
	jw_text(w, "download_url", urls->download);
	jw_end(w);
}

void
codec_next_cursor(struct call *c, struct json_out *w, uint64_t before)
{
	jw_text(w, "next_cursor",
	    before == 0 ? NULL :
			  arena_printf(c->env.arena, "%" PRIu64, before));
}

void
codec_share_items(struct call *c, struct json_out *w, const struct share *s,
    const struct share_item *items, size_t n, uint64_t before, int64_t until,
    bool account)
{
	struct delivery_urls urls;

	jw_array(w, "items");
	for (size_t i = 0; i < n; i++) {
		delivery_share_urls(&c->env, c->env.arena, s, &items[i], until,
		    &urls);
		codec_share_item(w, &items[i], &urls, account);
	}
	jw_end(w);
	codec_next_cursor(c, w, before);
}

enum err
codec_share_part(struct call *c, uint64_t *ret_before, uint64_t *ret_limit)
{
	enum err e = call_cursor(c, ret_before);

	if (e != ERR_OK)
		return e;
	return call_query_number(c, "limit", PAGE_LIMIT_MOST, PAGE_LIMIT_MOST,
	    ret_limit);
}

void
codec_collection_members(struct json_out *w, const struct collection *k)
{
	jw_uuid(w, "id", &k->uuid);
	jw_text(w, "name", k->name);
	jw_text(w, "description", k->description);
	jw_uuid(w, "owner_id", &k->owner_uuid);
	jw_uint(w, "item_count", k->item_count);
	jw_time(w, "created_at", k->created_at);
	jw_time(w, "updated_at", k->updated_at);
}

void
codec_collection(struct json_out *w, const struct collection *k)
{
	jw_object(w, NULL);
	codec_collection_members(w, k);
	jw_end(w);
}

void
codec_notification(struct json_out *w, const struct notification *n)
{
	jw_object(w, NULL);
	jw_uuid(w, "id", &n->uuid);
	jw_uuid(w, "share_id", &n->share_uuid);
	jw_text(w, "notification_type", n->kind);
	jw_bool(w, "is_read", n->is_read);
	jw_time(w, "created_at", n->created_at);
	jw_object(w, "share");
	jw_text(w, "target_type",
	    words_word(&share_target_types, n->target_type));
	jw_text(w, "name", n->share_name);
	jw_uuid(w, "owner_id", &n->owner_uuid);
	jw_text(w, "owner_name", n->owner_name);
	jw_end(w);
	jw_end(w);
}

void
codec_activity(struct json_out *w, const struct share_activity *a)
{
	jw_object(w, NULL);
	jw_uuid(w, "id", &a->uuid);
	jw_uuid(w, "share_id", &a->share_uuid);
	jw_uuid(w, "actor_id", &a->actor_uuid);
	jw_text(w, "actor_ip", a->actor_ip);
	jw_text(w, "action", a->action);
	jw_text(w, "details", a->details);
	jw_time(w, "timestamp", a->created_at);
	jw_end(w);
}

/* ---- in ---- */

struct permissions {
	enum json_seen seen;
	struct json_bool view, download, edit, reshare;
};

static const struct json_field permission_fields[] = {
	JSON_FIELD(struct permissions, view, "can_view", JSON_BOOL, 0, 0, 0),
	JSON_FIELD(struct permissions, download, "can_download", JSON_BOOL, 0,
	    0, 0),
	JSON_FIELD(struct permissions, edit, "can_edit", JSON_BOOL, 0, 0, 0),
	JSON_FIELD(struct permissions, reshare, "can_reshare", JSON_BOOL, 0, 0,
	    0),
};

#define HOURS_MOST 87600 /* ten years */
#define NOTE_BYTES (1 << 20)

struct body {
	struct permissions permissions;
	struct json_text note;
	struct json_text password;
	struct json_text expires_at;
	struct json_int hours;
	struct json_int max_uses;
	struct json_text target_type;
	struct json_text target_id;
	struct json_texts target_ids;
	struct json_text recipient_type;
	struct json_text recipient_id;
	struct json_text recipient_name;
};

#define TERMS 6 /* the first rows are those of a change too */

static const struct json_field fields[] = {
	JSON_MEMBERS(struct body, permissions, "permissions",
	    permission_fields),
	JSON_FIELD(struct body, note, "note", JSON_TEXT, 0, NOTE_BYTES, 0),
	JSON_FIELD(struct body, password, "password", JSON_TEXT, 1,
	    SHARE_PASSWORD_MOST, 0),
	JSON_FIELD(struct body, expires_at, "expires_at", JSON_TEXT, 1, 64, 0),
	JSON_FIELD(struct body, hours, "expires_in_hours", JSON_INT, 1,
	    HOURS_MOST, 0),
	JSON_FIELD(struct body, max_uses, "max_uses", JSON_INT, 1,
	    INT64_MAX - 1, 0),
	JSON_FIELD(struct body, target_type, "target_type", JSON_TEXT, 1, 32,
	    0),
	JSON_FIELD(struct body, target_id, "target_id", JSON_TEXT, 1, 64, 0),
	JSON_FIELD(struct body, target_ids, "target_ids", JSON_TEXTS, 1, 64,
	    SHARE_ITEMS_MOST),
	JSON_FIELD(struct body, recipient_type, "recipient_type", JSON_TEXT, 1,
	    32, 0),
	JSON_FIELD(struct body, recipient_id, "recipient_user_id", JSON_TEXT, 1,
	    64, 0),
	JSON_FIELD(struct body, recipient_name, "recipient_username", JSON_TEXT,
	    1, 64, 0),
};

static void
take_permission(const struct json_bool *b, unsigned bit, struct share_terms *t)
{
	if (b->seen != JSON_THERE)
		return;
	t->given |= bit;
	if (b->v)
		t->permissions |= bit;
}

static enum err
take_expiry(struct call *c, const struct body *b, struct share_terms *t)
{
	bool date_only;

	t->expires_at = CLOCK_NONE;
	t->expiry_given =
	    b->expires_at.seen != JSON_ABSENT || b->hours.seen == JSON_THERE;
	if (b->expires_at.seen == JSON_THERE && b->hours.seen == JSON_THERE)
		return why_with(&c->env.why, WHY_ONE_EXPIRY,
		    .field = "expires_in_hours");
	if (b->hours.seen == JSON_THERE)
		t->expires_at = clock_now() + b->hours.v * CLOCK_HOUR;
	if (b->expires_at.seen != JSON_THERE)
		return ERR_OK;
	if (!clock_parse(b->expires_at.s, &t->expires_at, &date_only))
		return why_with(&c->env.why, WHY_NOT_TIME,
		    .field = "expires_at");
	if (date_only) /* through the end of that day */
		t->expires_at += CLOCK_DAY - 1;
	return ERR_OK;
}

static enum err
take_terms(struct call *c, const struct body *b, struct share_terms *t)
{
	take_permission(&b->permissions.view, CAN_VIEW, t);
	take_permission(&b->permissions.download, CAN_DOWNLOAD, t);
	take_permission(&b->permissions.edit, CAN_EDIT, t);
	take_permission(&b->permissions.reshare, CAN_RESHARE, t);
	t->note_given = b->note.seen != JSON_ABSENT;
	t->note = b->note.s != NULL && b->note.s[0] != '\0' ? b->note.s : NULL;
	t->password_given = b->password.seen != JSON_ABSENT;
	t->password = b->password.s;
	t->limit_given = b->max_uses.seen != JSON_ABSENT;
	t->max_uses = (uint64_t)b->max_uses.v;
	return take_expiry(c, b, t);
}

enum err
codec_share_terms(struct call *c, struct share_terms *ret)
{
	struct body b = { 0 };
	enum err e = call_json(c, false, fields, TERMS, &b);

	return e != ERR_OK ? e : take_terms(c, &b, ret);
}

static enum err
take_set(struct call *c, const struct json_texts *ids, struct share_new *n)
{
	struct uuid *v;
	enum err e = call_uuids(c, "target_ids", ids, &v);

	if (e != ERR_OK)
		return e;
	n->targets = v;
	n->ntargets = ids->n;
	return ERR_OK;
}

static enum err
take_target(struct call *c, const struct body *b, struct share_new *n)
{
	const char *type = b->target_type.s;
	struct uuid *one = arena_new_struct(c->env.arena, struct uuid);
	unsigned value;

	if (type == NULL ||
	    !words_find(&share_target_types, type, strlen(type), &value))
		return why_with(&c->env.why, WHY_NOT_ONE_OF,
		    .field = "target_type", .word = "media, collection, set");
	n->target_type = value;
	if (n->target_type == SHARE_SET)
		return take_set(c, &b->target_ids, n);
	if (b->target_id.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_MISSING, .field = "target_id");
	n->targets = one;
	n->ntargets = 1;
	return call_uuid(c, "target_id", b->target_id.s, one);
}

static enum err
take_recipient(struct call *c, const struct body *b, struct share_new *n)
{
	uint64_t *one = arena_new_struct(c->env.arena, uint64_t);
	const char *type = b->recipient_type.s;
	const char *id = b->recipient_id.s, *name = b->recipient_name.s;
	unsigned value;

	if (type == NULL ||
	    !words_find(&recipient_types, type, strlen(type), &value))
		return why_with(&c->env.why, WHY_NOT_ONE_OF,
		    .field = "recipient_type", .word = "public_link, user");
	n->link = value == RECIPIENT_LINK;
	if (n->link && (id != NULL || name != NULL))
		return why_with(&c->env.why, WHY_LINK_HAS_NO_RECIPIENT,
		    .field = id != NULL ? "recipient_user_id" :
					  "recipient_username");
	if (n->link)
		return ERR_OK;
	if ((id != NULL) == (name != NULL))
		return why_with(&c->env.why, WHY_RECIPIENT_NEEDED,
		    .field = "recipient_user_id");
	n->nrecipients = 1;
	n->recipients = one;
	return share_recipients_find(&c->env, &c->caller, id, name, one);
}

enum err
codec_share_new(struct call *c, struct share_new *ret)
{
	struct body b = { 0 };
	enum err e;

	e = call_json(c, false, fields, sizeof(fields) / sizeof(fields[0]), &b);
	if (e != ERR_OK || (e = take_target(c, &b, ret)) != ERR_OK ||
	    (e = take_terms(c, &b, &ret->terms)) != ERR_OK)
		return e;
	ret->origin = ORIGIN_SHARE;
	return take_recipient(c, &b, ret);
}
