/* The operation that a request names. */
#ifndef IMAGE_OP_RUN_H
#define IMAGE_OP_RUN_H

#include "image/op.h"

/* Does what the request asks; the filter is in place. */
enum err op_run(struct op *op);

#endif
