#include "config.h"

#include "api/handlers.h"
#include "api/style.h"

enum err
handle_style(struct call *c)
{
	http_response_header(c->resp, "Content-Type", "%s",
	    "text/css; charset=utf-8");
	/* Its address changes with its content. */
	http_response_header(c->resp, "Cache-Control", "%s",
	    "public, max-age=31536000, immutable");
	buf_mem(&c->resp->body, style_css, sizeof(style_css) - 1);
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
handle_robots(struct call *c)
{
	http_response_header(c->resp, "Content-Type", "%s",
	    "text/plain; charset=utf-8");
	http_response_header(c->resp, "Cache-Control", "%s",
	    "public, max-age=86400");
	buf_lit(&c->resp->body,
	    "User-agent: *\n"
	    "Disallow: /api/\n"
	    "Disallow: /file/\n"
	    "Disallow: /login\n"
	    "Disallow: /thumb/\n"
	    "Disallow: /vault\n");
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
handle_health(struct call *c)
{
	struct base *base = c->env.base;
	struct json_out w;
	enum err e;

	if ((e = db_ping(base->db, &c->env.why)) != ERR_OK ||
	    (e = store_ping(base->store, &c->env.why)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "status", "ok");
	jw_end(&w);
	return call_json_done(c);
}
