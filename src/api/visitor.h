/* Reads who opens a link from the request. */
#ifndef API_VISITOR_H
#define API_VISITOR_H

#include "api/call.h"
#include "core/share/gate.h"

/* Reads the link's cookie, the password (from the header X-Share-Password or,
 * as in seed 002, from the query), and whether the request is a HEAD or comes
 * from a robot, which must not count as a visit. */
void visitor_read(struct call *c, const char *token, struct gate_visitor *ret);

/* Sets the cookie by which later requests belong to the same visit, if the gate
 * issued one. */
void visitor_remember(struct call *c, const char *token,
    const struct opening *l);

#endif
