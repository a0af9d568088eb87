/*
 * A perceptual hash: 64 bits that are the same or nearly the same for a picture
 * and its smaller, recompressed or watermarked copies.
 *
 * It is a pHash: the picture, in grey on white and scaled to 32 by 32, goes
 * through a cosine transform, of which the 8 by 8 lowest frequencies are kept.
 * A bit is set if its frequency is stronger than their median. Bit 0 (the
 * brightness) is always set, so that no hash is 0.
 */
#ifndef IMAGE_PERCEPTUAL_H
#define IMAGE_PERCEPTUAL_H

#include <stdint.h>

/* The hash of w by h upright pixels: red, green, blue, alpha (not
 * premultiplied). 0: too plain to be distinguished from other pictures. */
uint64_t perceptual_hash(const unsigned char *rgba, uint32_t w, uint32_t h);

#endif
