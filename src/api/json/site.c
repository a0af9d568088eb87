#include "config.h"

#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "api/openapi.h"
#include "api/pages/style.h"
#include "base/sec.h"
#include "core/ops/proof.h"
#include "http/conditions.h"

enum err
handle_style(struct call *c)
{
	http_response_text(c->resp, "Content-Type", "text/css; charset=utf-8");
	/* Its address has a hash of the content, see put_style(). */
	http_response_text(c->resp, "Cache-Control",
	    "public, max-age=31536000, immutable");
	buf_mem(&c->resp->body, style_css, sizeof(style_css) - 1);
	http_response_send(c->resp);
	return ERR_OK;
}

/* Whether the client's copy is current, by ETag alone: the document has no
 * modification time, and INT64_MAX never matches. */
static bool
has_openapi(struct call *c)
{
	static struct http_validator v = { .mtime = INT64_MAX,
		.size = sizeof(openapi_json) - 1 };
	struct http_span span;
	struct hash h;
	struct buf b;

	if (v.etag[0] == '\0') {
		h = sec_hash(openapi_json, sizeof(openapi_json) - 1);
		buf_init(&b, c->env.arena, sizeof(v.etag));
		buf_lit(&b, "\"");
		buf_hex(&b, h.b, 8);
		buf_lit(&b, "\"");
		memcpy(v.etag, buf_str(&b), b.len + 1);
	}
	http_response_text(c->resp, "ETag", v.etag);
	return http_conditions(c->req, &v, &span) == 304;
}

enum err
handle_openapi(struct call *c)
{
	http_response_text(c->resp, "Cache-Control", "public, max-age=300");
	if (has_openapi(c)) {
		c->resp->status = 304;
	} else {
		http_response_text(c->resp, "Content-Type", "application/json");
		buf_mem(&c->resp->body, openapi_json, sizeof(openapi_json) - 1);
	}
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
handle_robots(struct call *c)
{
	http_response_text(c->resp, "Content-Type",
	    "text/plain; charset=utf-8");
	http_response_text(c->resp, "Cache-Control", "public, max-age=86400");
	buf_lit(&c->resp->body,
	    "User-agent: *\n"
	    "Disallow: /api/\n"
	    "Disallow: /file/\n"
	    "Disallow: /login\n"
	    "Disallow: /s/\n"
	    "Disallow: /shared/\n"
	    "Disallow: /shares\n"
	    "Disallow: /thumb/\n"
	    "Disallow: /vault\n"
	    "Disallow: /view/\n");
	http_response_send(c->resp);
	return ERR_OK;
}

/* With a nonce, the response proves to "vitrine doctor" that this pool sent
 * it. */
enum err
handle_health(struct call *c)
{
	const char *nonce = http_query(c->req, "nonce");
	struct base *base = c->env.base;
	struct json_out w;
	enum err e;

	if (nonce != NULL && !proof_nonce_is_valid(nonce))
		return why_with(&c->env.why, WHY_BAD_NONCE, .field = "nonce",
		    .least = PROOF_NONCE_LEAST, .most = PROOF_NONCE_MOST);
	if ((e = db_ping(&c->env.db)) != ERR_OK ||
	    (e = store_ping(base->store, &c->env.why)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "status", "ok");
	if (nonce != NULL)
		jw_text(&w, "proof",
		    proof_make(base->secrets, c->env.arena, nonce));
	jw_end(&w);
	return call_json_done(c);
}
