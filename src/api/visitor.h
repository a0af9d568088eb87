/* Who opens a link, as the request tells. */
#ifndef API_VISITOR_H
#define API_VISITOR_H

#include "api/call.h"
#include "core/share/gate.h"

/* What the visitor of a link brings: its cookie, a password (in the header
 * X-Share-Password or, as seed 002 has it, in the query), and whether it only
 * makes a preview. */
void visitor_read(struct call *c, const char *token, struct gate_visitor *ret);

/* Sets the cookie that keeps the link open. */
void visitor_remember(struct call *c, const char *token,
    const struct opening *l);

#endif
