/* Videos: reads their headers, and makes copies without private metadata. */
#ifndef IMAGE_OP_VIDEO_H
#define IMAGE_OP_VIDEO_H

#include "image/op.h"

/* Call it before the filter is in place: libavformat loads tables late. */
enum err op_video_load(struct op *op) MUST_CHECK;

enum err op_video_probe(struct op *op) MUST_CHECK;
enum err op_video_publish(struct op *op) MUST_CHECK;

#endif
