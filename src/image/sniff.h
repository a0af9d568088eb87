/* The type of a file by its first bytes. */
#ifndef IMAGE_SNIFF_H
#define IMAGE_SNIFF_H

#include "model/media.h"

#include <stddef.h>

/* The type by the first n bytes; 64 are enough. It only compares magic numbers,
 * so it needs no helper. */
enum media_type image_sniff(const unsigned char *p, size_t n);

#endif
