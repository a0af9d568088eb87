#include "config.h"

#include "api/file_answer.h"

#include <inttypes.h>

#include "http/file.h"

enum err
file_answer(struct call *c, const struct delivered *d, const char *name,
    int64_t max_age)
{
	struct http_file file = { .fd = d->fd,
		.size = d->st.size,
		.mtime = d->st.mtime,
		.type = d->type,
		.accel_path = d->path,
		.root = store_web_root(c->env.base->store) };

	http_response_text(c->resp, "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'; sandbox");
	http_response_header(c->resp, "Cache-Control",
	    "private, max-age=%" PRId64, max_age);
	if (name != NULL)
		http_response_disposition(c->resp, d->attachment, name);
	http_file_send(c->resp, &file);
	return ERR_OK;
}
