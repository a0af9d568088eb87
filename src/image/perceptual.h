/*
 * What a picture looks like in 64 bits, the same or nearly so for its copies:
 * smaller, compressed anew, with a mark on them.
 *
 * A pHash: the picture, in grey on white and squashed to 32 by 32, goes
 * through a cosine transform, of which the 8 by 8 slowest waves are kept; a
 * bit tells whether a wave is stronger than the median of them. Bit 0 is the
 * lowest wave both ways (the brightness), always set, so that no hash is 0.
 */
#ifndef IMAGE_PERCEPTUAL_H
#define IMAGE_PERCEPTUAL_H

#include <stdint.h>

/* Of w by h upright pixels: red, green, blue, alpha, the alpha not multiplied
 * in. 0: too plain to be told from other pictures. */
uint64_t perceptual_hash(const unsigned char *rgba, uint32_t w, uint32_t h);

#endif
