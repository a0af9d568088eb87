/* One request on its way through the API. */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/route.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/id.h"
#include "core/env.h"
#include "http/request.h"
#include "http/response.h"
#include "model/user.h"

#define CALL_BODY_CAP (8 << 20) /* of an answer that is built whole */

struct call {
	struct env env; /* env.arena is the request's, env.why its reason */
	struct http_request *req;
	struct http_response *resp;
	const struct route *route; /* NULL: none was found */
	const char *args[ROUTE_ARGS];
	struct caller caller; /* user.id 0: nobody */
};

/* The headers that every answer has. */
void call_safety(struct call *c);

/* The id that a segment of the path holds, or ERR_INVALID with `text`. */
enum err call_id(struct call *c, unsigned arg, const char *text,
    uint64_t *ret) MUST_CHECK;

/*
 * Reads the JSON body by the table (json_in.h). ERR_MEDIA_TYPE: it is of
 * another type; an empty body is an empty object where `optional`.
 */
enum err call_json(struct call *c, bool optional,
    const struct json_field *fields, size_t n, void *into) MUST_CHECK;

/* The same for seed 003, where an empty body lacks all, and whatever is wrong
 * with a member is ERR_UNPROCESSED. */
enum err call_json_422(struct call *c, const struct json_field *fields,
    size_t n, void *into) MUST_CHECK;

/* The same for seed 004, whose clients have more names for JSON; a missing
 * body is ERR_INVALID. */
enum err call_json_any(struct call *c, const struct json_field *fields,
    size_t n, void *into) MUST_CHECK;

/* The UUID that a field holds. */
enum err call_uuid(struct call *c, const char *field, const char *text,
    struct uuid *ret) MUST_CHECK;

/* The UUIDs of a list that a body holds: at least one, none twice. `what` they
 * name, for the message. */
enum err call_uuids(struct call *c, const char *field, const char *what,
    const struct json_texts *texts, struct uuid **ret) MUST_CHECK;

/* A number in the query from 1 to `most`, or `def` where it is missing. */
enum err call_query_number(struct call *c, const char *name, uint64_t most,
    uint64_t def, uint64_t *ret) MUST_CHECK;

/* ERR_FORBIDDEN: the caller comes by an API key without the scope. */
enum err call_scope(struct call *c, unsigned scope) MUST_CHECK;

/* Starts a JSON answer; call_json_done() sends it. */
void call_json_begin(struct call *c, int status, struct json_out *w);
void call_json_begin_type(struct call *c, int status, const char *type,
    struct json_out *w);
enum err call_json_done(struct call *c) MUST_CHECK;

/* 204, or 303 to a path of ours. */
enum err call_no_content(struct call *c) MUST_CHECK;
enum err call_redirect(struct call *c, const char *path) MUST_CHECK;

/* Signs the browser in or out. */
void call_set_session(struct call *c, const char *cookie);
void call_clear_session(struct call *c);

#endif
