#include "config.h"

#include "image/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum err
op_fail(struct op *op, enum err e, const char *fmt, ...)
{
	bool ours = e == ERR_INTERNAL;
	char *to = ours ? op->rep->detail : op->rep->text;
	size_t n = ours ? sizeof(op->rep->detail) : sizeof(op->rep->text), i;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(to, n, fmt, ap);
	va_end(ap);
	/* Libraries quote the file, which must not reach a terminal as is. */
	for (i = 0; to[i] != '\0'; i++)
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	return e;
}

enum err
op_no_memory(struct op *op)
{
	return op_fail(op, ERR_TOO_LARGE,
	    "the picture needs more memory than allowed");
}

void *
op_alloc(struct op *op, size_t n)
{
	void *p = malloc(n > 0 ? n : 1);

	if (p == NULL)
		op_no_memory(op);
	return p;
}

enum err
op_check_size(struct op *op, uint64_t width, uint64_t height)
{
	const struct image_request *req = op->req;

	if (width == 0 || height == 0)
		return op_fail(op, ERR_INVALID, "the picture is empty");
	if (width > req->max_side || height > req->max_side)
		return op_fail(op, ERR_TOO_LARGE,
		    "the picture has %llu by %llu pixels, more than %llu "
		    "on a side",
		    (unsigned long long)width, (unsigned long long)height,
		    (unsigned long long)req->max_side);
	if (width * height > req->max_pixels)
		return op_fail(op, ERR_TOO_LARGE,
		    "the picture has %llu by %llu pixels, more than %llu",
		    (unsigned long long)width, (unsigned long long)height,
		    (unsigned long long)req->max_pixels);
	return ERR_OK;
}
