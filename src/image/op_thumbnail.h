/* Makes thumbnails of pictures. */
#ifndef IMAGE_OP_THUMBNAIL_H
#define IMAGE_OP_THUMBNAIL_H

#include "image/op.h"

enum err op_thumbnail(struct op *op) MUST_CHECK;

#endif
