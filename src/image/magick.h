/* MagickWand in the helper: starting it before the filter, and its errors. */
#ifndef IMAGE_MAGICK_H
#define IMAGE_MAGICK_H

#include "image/op.h"
#include "image/out.h"
#include "image/wand.h"

/* Starts MagickWand with the request's limits and loads the named coders (the
 * list ends with NULL): they are modules, which the filter would not allow to
 * be loaded later. */
enum err magick_start(struct op *op, const char *const coders[]) MUST_CHECK;

/* Reports the wand's error. Returns ERR_TOO_LARGE if the cause is memory, size
 * or a limit of the policy, else e. */
enum err magick_fail(struct op *op, MagickWand *w, enum err e);

/* Decodes the picture with the named coder only, from the output of `bare` (a
 * function of container.h). More than one frame is an error. */
enum err magick_picture(struct op *op, const char *coder,
    enum err (*bare)(struct op *, struct out *), MagickWand **ret) MUST_CHECK;

/* Encodes the wand's picture. The caller has set the wand's options. */
enum err magick_write(struct op *op, MagickWand *w, const char *coder,
    struct slice *ret) MUST_CHECK;

#endif
