/* MagickWand of ImageMagick 6 or 7, and the calls that differ between them. It
 * is a system header to silence warnings about ImageMagick's own headers. */
#ifndef IMAGE_WAND_H
#define IMAGE_WAND_H

#pragma GCC system_header

/* wand_resize(): MagickResizeImage() without extra blur.
 * wand_put_over(): composites the picture of o over w's, its corner at x, y. */
#if __has_include(<MagickWand/MagickWand.h>)
#include <MagickWand/MagickWand.h>
#define wand_resize(w, width, height, filter) \
	MagickResizeImage((w), (width), (height), (filter))
#define wand_put_over(w, o, x, y) \
	MagickCompositeImage((w), (o), OverCompositeOp, MagickTrue, (x), (y))
#else
#include <wand/MagickWand.h>
#define wand_resize(w, width, height, filter) \
	MagickResizeImage((w), (width), (height), (filter), 1)
#define wand_put_over(w, o, x, y) \
	MagickCompositeImage((w), (o), OverCompositeOp, (x), (y))
#endif

#endif
