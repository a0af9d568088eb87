/* The colour space of thumbnails. */
#ifndef IMAGE_SRGB_H
#define IMAGE_SRGB_H

#include "image/op.h"

/* Builds an ICC profile (version 4) of sRGB. */
struct slice srgb_profile(void);

#endif
