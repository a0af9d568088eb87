/* Answers with a file that delivery has opened. */
#ifndef API_FILE_ANSWER_H
#define API_FILE_ANSWER_H

#include "api/call.h"
#include "core/delivery/delivery.h"

/* name: what a download is called; NULL: nothing is said of it. max_age:
 * seconds that a private cache may keep it. */
enum err file_answer(struct call *c, const struct delivered *d,
    const char *name, int64_t max_age) MUST_CHECK;

#endif
