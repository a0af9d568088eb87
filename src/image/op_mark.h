/* Renders a mark, in a run that reads no other picture. */
#ifndef IMAGE_OP_MARK_H
#define IMAGE_OP_MARK_H

#include "image/op.h"

enum err op_text_mark(struct op *op) MUST_CHECK;
enum err op_picture_mark(struct op *op) MUST_CHECK;

#endif
