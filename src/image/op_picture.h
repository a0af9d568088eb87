/* Opens the picture of a request and reads its headers. */
#ifndef IMAGE_OP_PICTURE_H
#define IMAGE_OP_PICTURE_H

#include "image/op.h"

/* Maps the file and reads its headers. */
enum err op_picture_open(struct op *op) MUST_CHECK;

/* Puts the type, and the size as a viewer sees it, into the reply. */
void op_picture_tell(struct op *op);

enum err op_probe(struct op *op) MUST_CHECK;

#endif
