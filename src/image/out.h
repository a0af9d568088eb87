/* Where bytes go: the output's descriptor, or memory. The error is sticky:
 * write as often as you like, ask out_end() once. */
#ifndef IMAGE_OUT_H
#define IMAGE_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "image/op.h"

#define OUT_BUFFER 65536

struct out {
	int fd;	     /* -1: memory */
	int64_t off; /* of what the descriptor has got */
	unsigned char *data;
	size_t len, size;
	int error; /* an errno, 0: none */
};

/* To the descriptor, from its start. */
enum err out_to_fd(struct out *o, struct op *op, int fd) MUST_CHECK;
/* To memory: o->data, o->len. */
void out_to_memory(struct out *o);

void out_mem(struct out *o, const void *p, size_t n);
void out_slice(struct out *o, struct slice s);
void out_be16(struct out *o, unsigned v);
void out_be32(struct out *o, uint32_t v);
void out_le32(struct out *o, uint32_t v);

/* Writes what is held back. ERR_FULL: the disk is; ERR_TOO_LARGE: memory. */
enum err out_end(struct out *o, struct op *op) MUST_CHECK;

#endif
