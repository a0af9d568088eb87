/* The multipart body of an upload, for the API and for the page's form. */
#ifndef API_UPLOAD_FORM_H
#define API_UPLOAD_FORM_H

#include "api/call.h"
#include "model/media.h"

/*
 * Reads the whole body: parts named "file" (or "files") are streamed into
 * storage, a part "category" that stands before them (or the query's) tells
 * where to. All become media, or, on failure, none. At least one file.
 */
enum err upload_form(struct call *c, struct media **ret,
    size_t *ret_n) MUST_CHECK;

#endif
