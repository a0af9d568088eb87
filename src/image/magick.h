/* MagickWand in the helper: its start before the filter, its failures. */
#ifndef IMAGE_MAGICK_H
#define IMAGE_MAGICK_H

#include "image/op.h"
#include "image/out.h"
#include "image/wand.h"

/* Starts MagickWand within the request's limits and loads the coders whose
 * names (NULL-terminated) are given: they are modules, which the filter would
 * not let in. */
enum err magick_start(struct op *op, const char *const coders[]) MUST_CHECK;

/* Fails with what the wand says. Where memory or the size was the matter, or
 * the policy's limits, the result is ERR_TOO_LARGE, else e. */
enum err magick_fail(struct op *op, MagickWand *w, enum err e);

/* Decodes the picture by the coder of that name and no other, from what bare
 * (of container.h) leaves of it. A result of several frames is an error. */
enum err magick_picture(struct op *op, const char *coder,
    enum err (*bare)(struct op *, struct out *), MagickWand **ret) MUST_CHECK;

/* Encodes the wand's picture; the wand's options are set. */
enum err magick_write(struct op *op, MagickWand *w, const char *coder,
    struct slice *ret) MUST_CHECK;

#endif
