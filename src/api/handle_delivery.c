#include "config.h"

#include "api/file_answer.h"
#include "api/handlers.h"
#include "base/clock.h"
#include "core/delivery.h"
#include "core/share.h"

/* A private cache may keep what it has, but asks again soon: a revocation is
 * seen by the next request. */
#define FILE_AGE 300
#define THUMB_AGE 3600

static enum err
deliver(struct call *c, enum delivery_kind kind, int64_t most_age)
{
	const struct delivery_request request = {
		.media = c->args[0],
		.name = c->args[1],
		.expires = http_query(c->req, "e"),
		.attachment = http_query(c->req, "d"),
		.share = http_query(c->req, "s"),
		.generation = http_query(c->req, "g"),
		.signature = http_query(c->req, "k"),
	};
	struct delivered d;
	int64_t left;
	enum err e;

	if ((e = delivery_open(&c->env, kind, &request, &d)) != ERR_OK)
		return e;
	left = d.expires - clock_now() / 1000;
	return file_answer(c, &d, request.name,
	    left < most_age ? left : most_age);
}

enum err
handle_file(struct call *c)
{
	return deliver(c, DELIVER_FILE, FILE_AGE);
}

enum err
handle_thumb(struct call *c)
{
	return deliver(c, DELIVER_THUMB, THUMB_AGE);
}

enum err
handle_preview(struct call *c)
{
	struct share_link link = { 0 };
	struct delivered d;
	enum err e;

	if ((e = share_open(&c->env, c->args[0], &link)) != ERR_OK ||
	    (e = delivery_open_preview(&c->env, &link, &d)) != ERR_OK)
		return e;
	return file_answer(c, &d, NULL, FILE_AGE);
}
