#include "config.h"

#include "image/op_run.h"

#include "image/op_mark.h"
#include "image/op_picture.h"
#include "image/op_publish.h"
#include "image/op_thumbnail.h"
#include "image/op_video.h"

static enum err
run_video(struct op *op)
{
	switch ((enum image_op)op->req->op) {
	case IMAGE_OP_PROBE:
		return op_video_probe(op);
	case IMAGE_OP_PUBLISH:
		if (op->req->mark)
			break;
		return op_video_publish(op);
	case IMAGE_OP_THUMBNAIL:
	case IMAGE_OP_TEXT_MARK:
	case IMAGE_OP_PICTURE_MARK:
	case IMAGE_OP__MAX:
		break;
	}
	return op_fail(op, ERR_INVALID, "not supported for videos");
}

static enum err
run_picture(struct op *op)
{
	enum err e;

	e = op_picture_open(op);
	if (e != ERR_OK)
		return e;
	switch ((enum image_op)op->req->op) {
	case IMAGE_OP_PROBE:
		return op_probe(op);
	case IMAGE_OP_PUBLISH:
		return op_publish(op);
	case IMAGE_OP_THUMBNAIL:
		return op_thumbnail(op);
	case IMAGE_OP_PICTURE_MARK:
		return op_picture_mark(op);
	case IMAGE_OP_TEXT_MARK:
	case IMAGE_OP__MAX:
		break;
	}
	return op_fail(op, ERR_INTERNAL, "no such operation");
}

enum err
op_run(struct op *op)
{
	if (op->req->op == IMAGE_OP_TEXT_MARK)
		return op_text_mark(op);
	if (media_type_is_image((enum media_type)op->req->type))
		return run_picture(op);
	return run_video(op);
}
