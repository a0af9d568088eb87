/* vitrine-image: processes one picture or video and exits. Only the other
 * programs start it (image/image.h), with the descriptors of
 * image/protocol.h. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/lockdown.h"
#include "image/magick.h"
#include "image/op.h"
#include "image/op_run.h"
#include "image/op_video.h"

static bool
read_request(struct image_request *req)
{
	char *p = (char *)req;
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(*req)) {
		n = read(IMAGE_FD_REQUEST, p + len, sizeof(*req) - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		len += (size_t)n;
	}
	return req->magic == IMAGE_MAGIC && req->op < IMAGE_OP__MAX &&
	    req->type < MEDIA__MAX && req->place < IMAGE_PLACE__MAX &&
	    req->text[sizeof(req->text) - 1] == '\0' &&
	    req->font[sizeof(req->font) - 1] == '\0' && isfinite(req->size) &&
	    isfinite(req->opacity) && isfinite(req->margin);
}

/* The pipe is large enough for the whole reply. */
static void
reply(const struct image_reply *rep)
{
	if (write(IMAGE_FD_REPLY, rep, sizeof(*rep)) != (ssize_t)sizeof(*rep))
		_exit(IMAGE_EXIT_PROTOCOL);
	/* No clean-up: a hostile picture may have corrupted the heap. */
	_exit(0);
}

/* Loads what the filter would forbid later, and only what this picture needs:
 * for a small picture, loading takes most of the time. */
static enum err
load(struct op *op)
{
	static const char *const none[] = { NULL };
	static const char *const png[] = { "PNG", NULL };
	static const char *const webp[] = { "WEBP", "PNG", NULL };
	static const char *const gif[] = { "GIF", "PNG", NULL };
	const struct image_request *req = op->req;

	if (req->op == IMAGE_OP_TEXT_MARK)
		return magick_start(op, none);
	if (!media_type_is_image((enum media_type)req->type))
		return op_video_load(op);
	if (req->op == IMAGE_OP_PROBE ||
	    (req->op == IMAGE_OP_PUBLISH && !req->mark))
		return ERR_OK;
	if (req->type == MEDIA_PNG)
		return magick_start(op, png);
	if (req->type == MEDIA_WEBP)
		return magick_start(op, webp);
	return magick_start(op, req->type == MEDIA_GIF ? gif : none);
}

/* The only uses by hand. */
static void
read_options(int argc, char **argv)
{
	static const char usage[] =
	    "usage: vitrine-image\n"
	    "\n"
	    "Processes one picture or video. Started by Vitrine's other "
	    "programs only.\n";

	if (argc == 1)
		return;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("vitrine-image " VERSION);
		exit(0);
	}
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		exit(0);
	}
	fputs(usage, stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	static struct image_request req;
	static struct image_reply rep;
	struct op op = { .req = &req, .rep = &rep };
	enum err e;

	read_options(argc, argv);
	if (!read_request(&req)) {
		fputs("vitrine-image: only Vitrine's other programs start it\n",
		    stderr);
		return IMAGE_EXIT_PROTOCOL;
	}
	rep.magic = IMAGE_MAGIC;
	if (!lockdown_limits(&req))
		return IMAGE_EXIT_LOCKDOWN;
	e = load(&op);
	if (e == ERR_OK) {
		if (!lockdown_filter(req.op == IMAGE_OP_TEXT_MARK))
			return IMAGE_EXIT_LOCKDOWN;
		e = op_run(&op);
	}
	rep.err = e;
	reply(&rep);
}
