#include "config.h"

#include <string.h>

#include "api/json/codec_media.h"
#include "api/call.h"
#include "api/dialect.h"
#include "api/handlers.h"
#include "core/vault/trash.h"

#define IDS_MOST 500

enum action { BULK_DELETE, BULK_SHARE, BULK_UNSHARE, BULK__MAX };

static const struct {
	const char *name;
	unsigned scope; /* required of an API key */
} actions[BULK__MAX] = {
	[BULK_DELETE] = { "delete", SCOPE_MEDIA_WRITE },
	[BULK_SHARE] = { "share", SCOPE_SHARES },
	[BULK_UNSHARE] = { "unshare", SCOPE_SHARES },
};

struct bulk {
	struct json_text action;
	struct json_ints ids;
	struct json_bool community;
	struct json_bool consent;
	struct json_texts tags;
};

static const struct json_field fields[] = {
	JSON_FIELD(struct bulk, action, "action", JSON_TEXT, 1, 32, 0),
	JSON_FIELD(struct bulk, ids, "ids", JSON_INTS, 1, INT64_MAX, IDS_MOST),
	JSON_FIELD(struct bulk, community, "shareToCommunity", JSON_BOOL, 0, 0,
	    0),
	JSON_FIELD(struct bulk, consent, "consent", JSON_BOOL, 0, 0, 0),
	JSON_FIELD(struct bulk, tags, "tags", JSON_TEXTS, 1, 64, 1000),
};

static enum err
find_action(struct call *c, const struct bulk *in, enum action *ret)
{
	if (in->ids.seen != JSON_THERE || in->ids.n == 0)
		return why_with(&c->env.why, WHY_NO_ENTRIES, .field = "ids");
	for (int i = 0; i < BULK__MAX; i++) {
		if (in->action.seen != JSON_THERE ||
		    strcmp(in->action.s, actions[i].name) != 0)
			continue;
		*ret = (enum action)i;
		return call_scope(c, actions[i].scope);
	}
	return why_with(&c->env.why, WHY_NOT_ONE_OF, .field = "action",
	    .word = "delete, share, unshare");
}

static enum err
run(struct call *c, enum action action, uint64_t id,
    const struct share_request *request, struct share_result *ret)
{
	switch (action) {
	case BULK_DELETE:
		return trash_put(&c->env, &c->caller, id);
	case BULK_UNSHARE:
		return media_unshare(&c->env, &c->caller, id);
	case BULK_SHARE:
		return media_share(&c->env, &c->caller, id, request, ret);
	case BULK__MAX:
		break;
	}
	die("bulk action %d", (int)action);
}

static void
write_failure(struct call *c, struct json_out *w, enum err e)
{
	struct dialect_answer a;

	dialect_answer(c, e, &a);
	jw_bool(w, "ok", false);
	jw_int(w, "status", a.status);
	jw_text(w, "message", a.text);
}

enum err
handle_bulk(struct call *c)
{
	struct share_request request = { 0 };
	struct bulk in = { 0 };
	enum action action = BULK__MAX;
	struct json_out w;
	enum err e;

	e = call_json(c, false, fields, sizeof(fields) / sizeof(fields[0]),
	    &in);
	if (e != ERR_OK || (e = find_action(c, &in, &action)) != ERR_OK)
		return e;
	codec_media_share_request(&in.community, &in.consent, &in.tags,
	    &request);
	if ((e = codec_media_share_scope(c, &request)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_array(&w, "results");
	for (size_t i = 0; i < in.ids.n; i++) {
		struct share_result result = { 0 };

		why_clear(&c->env.why);
		e = run(c, action, (uint64_t)in.ids.v[i], &request, &result);
		jw_object(&w, NULL);
		jw_int(&w, "id", in.ids.v[i]);
		if (e != ERR_OK) {
			write_failure(c, &w, e);
		} else {
			jw_bool(&w, "ok", true);
			if (action == BULK_SHARE)
				codec_media_share_fields(c, &w, &result);
		}
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
	return call_json_done(c);
}
