/* Responses with a file that delivery has opened. */
#ifndef API_FILE_ANSWER_H
#define API_FILE_ANSWER_H

#include "api/call.h"
#include "core/delivery/delivery.h"

/* Sends the file, or the range that the client asks for. name: the file name
 * for a download; NULL: no Content-Disposition. max_age: seconds for which a
 * private cache may keep it. */
enum err file_answer(struct call *c, const struct delivered *d,
    const char *name, int64_t max_age) MUST_CHECK;

#endif
