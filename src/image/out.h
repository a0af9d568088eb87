/* A writer to a descriptor or to memory. Its error is sticky: write any number
 * of times, then check out_end() once. */
#ifndef IMAGE_OUT_H
#define IMAGE_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "image/op.h"

#define OUT_BUFFER 65536

struct out {
	int fd;	     /* -1: memory */
	int64_t off; /* bytes written to the descriptor */
	unsigned char *data;
	size_t len, size;
	int error; /* an errno, 0: none */
};

/* Writes to the descriptor, from its start. */
enum err out_to_fd(struct out *o, struct op *op, int fd) MUST_CHECK;
/* Writes to memory: o->data, o->len. */
void out_to_memory(struct out *o);

void out_mem(struct out *o, const void *p, size_t n);
void out_slice(struct out *o, struct slice s);
void out_be16(struct out *o, unsigned v);
void out_be32(struct out *o, uint32_t v);
void out_le32(struct out *o, uint32_t v);

/* Writes what is buffered and returns the first error. ERR_FULL: the disk is
 * full; ERR_TOO_LARGE: out of memory. */
enum err out_end(struct out *o, struct op *op) MUST_CHECK;

#endif
