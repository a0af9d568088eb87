#include "config.h"

#include "api/json/codec_media.h"

#include "core/share/url.h"
#include "core/community/feed.h"
#include "core/delivery/delivery.h"

static void
put_file(struct json_out *w, const char *key, const struct media *m,
    const char *url)
{
	jw_object(w, key);
	jw_uint(w, "id", m->id);
	jw_uuid(w, "uuid", &m->uuid);
	jw_text(w, "name", m->title != NULL ? m->title : m->file_name);
	jw_text(w, "originalName", m->original_name);
	jw_text(w, "category", m->source);
	jw_int(w, "size", m->size);
	jw_time(w, "lastModified", m->created_at);
	jw_time(w, "created_at", m->created_at);
	jw_text(w, "url", url);
	jw_text(w, "path", m->path);
	jw_text(w, "mimeType", m->mime);
	jw_text(w, "title", m->title);
	jw_text(w, "caption", m->caption);
	jw_text(w, "subreddit", m->subreddit);
	if (m->width > 0)
		jw_uint(w, "width", m->width);
	else
		jw_null(w, "width");
	if (m->height > 0)
		jw_uint(w, "height", m->height);
	else
		jw_null(w, "height");
	jw_bool(w, "isShared", m->is_shared);
	if (m->is_shared)
		jw_uuid(w, "shareCode", &m->share_token);
	else
		jw_null(w, "shareCode");
	jw_bool(w, "shareToCommunity", m->in_community);
	jw_text(w, "characterName", m->character_name);
	jw_text(w, "enrichmentStatus",
	    words_word(&enrichment_states, m->enrichment));
	jw_text(w, "enrichmentError", m->enrichment_error);
	jw_time(w, "enrichedAt", m->enriched_at);
	jw_end(w);
}

void
codec_media_file(struct call *c, struct arena *a, struct json_out *w,
    const char *key, const struct media *m)
{
	put_file(w, key, m,
	    delivery_own_url(&c->env, a, m, DELIVER_FILE, false));
}

void
codec_media_shared_file(struct call *c, struct json_out *w,
    const struct media *m, const struct share *s)
{
	const struct share_item item = { .uuid = m->uuid,
		.path = m->path,
		.mime = m->mime };
	struct media shown = *m;
	struct delivery_urls urls;

	delivery_share_urls(&c->env, c->env.arena, s, &item, s->shown_until,
	    &urls);
	/* The recipient must not learn of the owner's own links. */
	shown.is_shared = shown.in_community = false;
	put_file(w, NULL, &shown, urls.view);
}

struct share_body {
	struct json_text path;
	struct json_bool community;
	struct json_bool consent;
	struct json_texts tags;
};

/* Above the configured limit, whose message is more specific. */
#define TAGS_MOST 1000

static const struct json_field share_fields[] = {
	JSON_FIELD(struct share_body, community, "shareToCommunity", JSON_BOOL,
	    0, 0, 0),
	JSON_FIELD(struct share_body, consent, "consent", JSON_BOOL, 0, 0, 0),
	JSON_FIELD(struct share_body, tags, "tags", JSON_TEXTS, 1, 64,
	    TAGS_MOST),
	JSON_FIELD(struct share_body, path, "filePath", JSON_TEXT, 1, 1024, 0),
};

void
codec_media_share_request(const struct json_bool *community,
    const struct json_bool *consent, const struct json_texts *tags,
    struct share_request *ret)
{
	ret->community = COMMUNITY_AS_IS;
	if (community->seen == JSON_THERE)
		ret->community = community->v ? COMMUNITY_YES : COMMUNITY_NO;
	ret->consent = consent->v;
	ret->ntags = tags->n;
	ret->tags = tags->s;
}

enum err
codec_media_share_scope(struct call *c, const struct share_request *r)
{
	return r->community == COMMUNITY_AS_IS ? ERR_OK :
						 call_scope(c, SCOPE_COMMUNITY);
}

enum err
codec_media_share_body(struct call *c, const char **path,
    struct share_request *ret)
{
	size_t n = sizeof(share_fields) / sizeof(share_fields[0]);
	struct share_body body = { 0 };
	enum err e;

	/* filePath is the last row, so that it can be left out. */
	if (path == NULL)
		n--;
	e = call_json(c, path == NULL, share_fields, n, &body);
	if (e != ERR_OK)
		return e;
	if (path != NULL && body.path.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_MISSING, .field = "filePath");
	if (path != NULL)
		*path = body.path.s;
	codec_media_share_request(&body.community, &body.consent, &body.tags,
	    ret);
	return codec_media_share_scope(c, ret);
}

void
codec_media_share_fields(struct call *c, struct json_out *w,
    const struct share_result *r)
{
	struct arena *a = c->env.arena;
	char code[UUID_TEXT];

	uuid_format(&r->token, code);
	jw_text(w, "shareCode", code);
	jw_text(w, "shareUrl", share_url_code(&c->env, a, &r->token));
	if (r->in_community) {
		jw_text(w, "publicUrl",
		    community_url(&c->env, a, r->object_name));
		jw_uint(w, "communityMediaId", r->community_id);
	}
}

enum err
codec_media_share_answer(struct call *c, const struct share_result *r)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	codec_media_share_fields(c, &w, r);
	jw_end(&w);
	return call_json_done(c);
}
