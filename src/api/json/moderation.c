#include "config.h"

#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "core/community/feed.h"
#include "core/community/moderation.h"

enum err
handle_community_remove(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_COMMUNITY_ID, &id)) != ERR_OK ||
	    (e = moderation_remove(&c->env, &c->caller, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}

struct report_body {
	struct json_text reason;
};

static const struct json_field report_fields[] = {
	JSON_FIELD(struct report_body, reason, "reason", JSON_TEXT, 1,
	    4 * REPORT_MOST, 0),
};

enum err
handle_report(struct call *c)
{
	struct report_body in = { 0 };
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_COMMUNITY_ID, &id)) != ERR_OK ||
	    (e = call_json(c, false, report_fields, 1, &in)) != ERR_OK)
		return e;
	if (in.reason.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_MISSING, .field = "reason");
	if ((e = moderation_report(&c->env, &c->caller, id, in.reason.s)) !=
	    ERR_OK)
		return e;
	return call_no_content(c);
}

/* The database joins the reasons by a character that no reason contains. */
static void
write_reasons(struct call *c, struct json_out *w, const char *reasons)
{
	char *rest = arena_strdup(c->env.arena, reasons), *reason;

	jw_array(w, "reasons");
	while ((reason = strsep(&rest, "\x1f")) != NULL)
		jw_text(w, NULL, reason);
	jw_end(w);
}

/* Files in hidden/ have no public address. */
static void
write_report(struct call *c, struct json_out *w, const struct report *r)
{
	struct arena *a = c->env.arena;
	bool shown = r->state == COMMUNITY_READY;

	jw_object(w, NULL);
	jw_uint(w, "id", r->id);
	jw_bool(w, "hidden", !shown);
	jw_text(w, "url",
	    shown ? community_url(&c->env, a, r->object_name) : NULL);
	jw_text(w, "thumbnailUrl",
	    shown && r->thumb_name != NULL ?
		community_url(&c->env, a, r->thumb_name) :
		NULL);
	jw_text(w, "sharedBy", r->shared_by);
	jw_uint(w, "reports", r->reports);
	write_reasons(c, w, r->reasons);
	jw_time(w, "createdAt", r->created_at);
	jw_time(w, "reportedAt", r->reported_at);
	jw_end(w);
}

enum err
handle_report_list(struct call *c)
{
	struct report *reports;
	struct json_out w;
	size_t n;
	enum err e;

	e = moderation_reports(&c->env, &c->caller, &reports, &n);
	if (e != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_array(&w, "items");
	for (size_t i = 0; i < n; i++)
		if (reports[i].state != COMMUNITY_MAKING)
			write_report(c, &w, &reports[i]);
	jw_end(&w);
	jw_end(&w);
	return call_json_done(c);
}

struct take_down_body {
	struct json_bool block;
};

static const struct json_field take_down_fields[] = {
	JSON_FIELD(struct take_down_body, block, "block", JSON_BOOL, 0, 0, 0),
};

enum err
handle_take_down(struct call *c)
{
	struct take_down_body in = { .block = { JSON_ABSENT, true } };
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_COMMUNITY_ID, &id)) != ERR_OK ||
	    (e = call_json(c, true, take_down_fields, 1, &in)) != ERR_OK ||
	    (e = moderation_take_down(&c->env, &c->caller, id, in.block.v)) !=
		ERR_OK)
		return e;
	return call_no_content(c);
}

enum err
handle_community_restore(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_COMMUNITY_ID, &id)) != ERR_OK ||
	    (e = moderation_restore(&c->env, &c->caller, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}
