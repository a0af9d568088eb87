#include "config.h"

#include "image/out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err
out_to_fd(struct out *o, struct op *op, int fd)
{
	memset(o, 0, sizeof(*o));
	o->fd = fd;
	o->size = OUT_BUFFER;
	o->data = op_alloc(op, o->size);
	return o->data != NULL ? ERR_OK : ERR_TOO_LARGE;
}

void
out_to_memory(struct out *o)
{
	memset(o, 0, sizeof(*o));
	o->fd = -1;
}

static void
write_all(struct out *o, const unsigned char *p, size_t n)
{
	ssize_t w;

	while (n > 0 && o->error == 0) {
		w = pwrite(o->fd, p, n, o->off);
		if (w == -1 && errno == EINTR)
			continue;
		if (w <= 0) {
			o->error = w == 0 ? EIO : errno;
			return;
		}
		p += w;
		n -= (size_t)w;
		o->off += w;
	}
}

static void
grow(struct out *o, size_t n)
{
	size_t size = o->size > 0 ? o->size : OUT_BUFFER;
	unsigned char *p;

	while (size - o->len < n) {
		if (size > SIZE_MAX / 4) {
			o->error = ENOMEM;
			return;
		}
		size *= 2;
	}
	p = realloc(o->data, size);
	if (p == NULL) {
		o->error = ENOMEM;
		return;
	}
	o->data = p;
	o->size = size;
}

void
out_mem(struct out *o, const void *p, size_t n)
{
	if (n == 0 || o->error != 0)
		return;
	if (o->fd == -1 && o->size - o->len < n)
		grow(o, n);
	else if (o->fd != -1 && o->size - o->len < n) {
		write_all(o, o->data, o->len);
		o->len = 0;
	}
	if (o->error != 0)
		return;
	if (o->fd != -1 && n >= o->size) {
		write_all(o, p, n);
		return;
	}
	memcpy(o->data + o->len, p, n);
	o->len += n;
}

void
out_slice(struct out *o, struct slice s)
{
	out_mem(o, s.p, s.n);
}

void
out_be16(struct out *o, unsigned v)
{
	unsigned char b[2] = { v >> 8 & 0xff, v & 0xff };

	out_mem(o, b, sizeof(b));
}

void
out_be32(struct out *o, uint32_t v)
{
	out_be16(o, v >> 16);
	out_be16(o, v & 0xffff);
}

void
out_le32(struct out *o, uint32_t v)
{
	unsigned char b[4] = { v & 0xff, v >> 8 & 0xff, v >> 16 & 0xff,
		v >> 24 & 0xff };

	out_mem(o, b, sizeof(b));
}

enum err
out_end(struct out *o, struct op *op)
{
	if (o->fd != -1) {
		write_all(o, o->data, o->len);
		o->len = 0;
	}
	if (o->error == 0)
		return ERR_OK;
	if (o->error == ENOMEM)
		return op_no_memory(op);
	if (o->error == ENOSPC || o->error == EDQUOT || o->error == EFBIG)
		return op_fail(op, ERR_FULL, "no space left for the picture");
	return op_fail(op, ERR_INTERNAL, "writing the picture: %s",
	    strerror(o->error));
}
