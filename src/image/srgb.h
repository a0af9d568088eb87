/* The colour space that thumbnails are in. */
#ifndef IMAGE_SRGB_H
#define IMAGE_SRGB_H

#include "image/op.h"

/* An ICC profile (version 4) of sRGB, made of its numbers. */
struct slice srgb_profile(void);

#endif
