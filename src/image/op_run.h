/* Executes requests. */
#ifndef IMAGE_OP_RUN_H
#define IMAGE_OP_RUN_H

#include "image/op.h"

/* Executes the request. The filter must be in place. */
enum err op_run(struct op *op);

#endif
