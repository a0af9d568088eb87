/* The context of one request: its route, caller, arguments and response. */
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

#define CALL_BODY_CAP (8 << 20) /* bytes of a response that is not streamed */

struct call {
	struct env env; /* with the request's own arena and why */
	struct http_request *req;
	struct http_response *resp;
	const struct route *route;    /* NULL: no route matches */
	const char *args[ROUTE_ARGS]; /* the path's ":name" segments */
	struct caller caller;	      /* user.id 0: not signed in */
};

/* Sets the security headers that every response has. */
void call_safety(struct call *c);

/* Parses args[arg] as an id. Fails with the reason `bad` if it is not one. */
enum err call_id(struct call *c, unsigned arg, enum reason bad,
    uint64_t *ret) MUST_CHECK;

/*
 * Reads the JSON body into `into` by the table of fields (json_in.h).
 * ERR_MEDIA_TYPE: the body is not application/json; ERR_INVALID: it is not
 * valid. If `optional`, an empty body counts as an empty object.
 */
enum err call_json(struct call *c, bool optional,
    const struct json_field *fields, size_t n, void *into) MUST_CHECK;

/* The same for seed 004: other content types for JSON are accepted, too, and a
 * missing body is ERR_INVALID. */
enum err call_json_any(struct call *c, const struct json_field *fields,
    size_t n, void *into) MUST_CHECK;

/* Parses a field's value as a UUID; ERR_INVALID names the field. */
enum err call_uuid(struct call *c, const char *field, const char *text,
    struct uuid *ret) MUST_CHECK;

/*
 * Parses a list of UUIDs from a body. ERR_INVALID: the list is missing, empty
 * or has duplicates, or a value is not a UUID. *ret has texts->n entries,
 * allocated in the arena.
 */
enum err call_uuids(struct call *c, const char *field,
    const struct json_texts *texts, struct uuid **ret) MUST_CHECK;

/* Reads the cursor in the query by cursor_parse(). */
enum err call_cursor(struct call *c, uint64_t *ret) MUST_CHECK;

/* Reads a number from 1 to `most` from the query; `def` if it is missing. */
enum err call_query_number(struct call *c, const char *name, uint64_t most,
    uint64_t def, uint64_t *ret) MUST_CHECK;

/* ERR_FORBIDDEN if the caller uses an API key without the scope. */
enum err call_scope(struct call *c, unsigned scope) MUST_CHECK;

/* Starts a JSON response; call_json_done() sends it, with Cache-Control:
 * no-store unless that header is already set. */
void call_json_begin(struct call *c, int status, struct json_out *w);
void call_json_begin_type(struct call *c, int status, const char *type,
    struct json_out *w);
enum err call_json_done(struct call *c) MUST_CHECK;

/* Sends 204, or 303 to a path of this site. */
enum err call_no_content(struct call *c) MUST_CHECK;
enum err call_redirect(struct call *c, const char *path) MUST_CHECK;

/* Sets or clears the session cookie. */
void call_set_session(struct call *c, const char *cookie);
void call_clear_session(struct call *c);

#endif
