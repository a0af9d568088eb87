#include "config.h"

#include "api/file_answer.h"
#include "api/call.h"
#include "api/handlers.h"
#include "base/clock.h"
#include "core/delivery/delivery.h"
#include "core/share/gate.h"

/* Short, so that private caches soon ask again and see a revocation. */
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
		.collection = http_query(c->req, "c"),
		.generation = http_query(c->req, "g"),
		.account = http_query(c->req, "u"),
		.signature = http_query(c->req, "k"),
	};
	struct delivered d;
	int64_t left;
	enum err e;

	if ((e = delivery_open(&c->env, kind, &request, &d)) != ERR_OK)
		return e;
	left = d.expires - clock_now() / 1000;
	e = file_answer(c, &d, request.name, left < most_age ? left : most_age);
	/* A download resumed in ranges counts once. */
	if (e == ERR_OK && d.attachment && c->resp->from_start)
		delivery_note_download(&c->env, &d, request.name);
	return e;
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
handle_view(struct call *c)
{
	return deliver(c, DELIVER_VIEW, THUMB_AGE);
}

enum err
handle_preview(struct call *c)
{
	struct delivered d;
	struct opening l;
	enum err e;

	if ((e = gate_open_preview(&c->env, c->args[0], &l)) != ERR_OK)
		return e;
	if (l.nitems == 0)
		return ERR_NOT_FOUND;
	if ((e = delivery_open_preview(&c->env, &l.items[0], &d)) != ERR_OK)
		return e;
	return file_answer(c, &d, NULL, FILE_AGE);
}
