/* The kind of a file, by its first bytes. */
#ifndef IMAGE_SNIFF_H
#define IMAGE_SNIFF_H

#include "model/media.h"

#include <stddef.h>

/* What kind of file the first bytes (n of them, 64 are enough) announce. No
 * helper is needed: only magic numbers are compared. */
enum media_type image_sniff(const unsigned char *p, size_t n);

#endif
