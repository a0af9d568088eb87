/* Makes the copy that is published. */
#ifndef IMAGE_OP_PUBLISH_H
#define IMAGE_OP_PUBLISH_H

#include "image/op.h"

enum err op_publish(struct op *op) MUST_CHECK;

#endif
