/* A fake web server made of a table and a text, for the tests of src/http. */
#ifndef HTTP_FAKE_H
#define HTTP_FAKE_H

#include "http/request.h"

struct fake {
	struct http_io io;
	const char *const *params; /* name, value, …, NULL */
	const char *body;
	size_t body_len;
	size_t step;  /* maximum bytes per read; 0: all */
	size_t split; /* reads stop at this offset; 0: none */
	bool lost;    /* the client disconnects after the body */
	size_t at;
	char *out; /* what was written, NUL-terminated */
	size_t out_len;
	size_t out_most; /* bytes until the client leaves; 0: never */
};

/* Sets up the fake; the caller sets the body. */
void fake_init(struct fake *f, const char *const *params);

void fake_free(struct fake *f);

#endif
