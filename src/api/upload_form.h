/* Reads the multipart body of an upload, from the API or from the page's form.
 */
#ifndef API_UPLOAD_FORM_H
#define API_UPLOAD_FORM_H

#include "api/call.h"
#include "model/media.h"

/*
 * Streams the parts named "file" or "files" into storage. The folder is chosen
 * by a part "category" before them, or by the query's category. Either all
 * files become media or, on failure, none does. ERR_INVALID: no file, too many
 * files, or an unknown category. *ret is allocated in the arena.
 */
enum err upload_form(struct call *c, struct media **ret,
    size_t *ret_n) MUST_CHECK;

#endif
