/* Reads the few metadata that are used, and writes the one that is kept.
 * Offsets outside the given slices and malformed entries are ignored. */
#ifndef IMAGE_META_H
#define IMAGE_META_H

#include "image/op.h"

#define META_EXIF_SIZE 26

/* The orientation in a TIFF structure; 1 if it has none. */
unsigned meta_orientation(struct slice tiff);

/* DateTimeOriginal, or else DateTimeDigitized, in ms since 1970, taken as UTC
 * if it has no offset; CLOCK_NONE: neither is there. */
int64_t meta_taken_at(struct slice tiff);

/* Writes a TIFF structure with the orientation only. */
void meta_exif(unsigned orientation, unsigned char ret[META_EXIF_SIZE]);

/* Strips the "Exif\0\0" that some writers put in front. */
struct slice meta_tiff(struct slice exif);

/* The dc:description of an XMP packet, or else the IPTC caption, or "". ret has
 * room for IMAGE_CAPTION bytes and the NUL; longer texts are cut between two
 * characters. */
void meta_caption(struct slice xmp, struct slice iptc, char *ret);

/* The IIM records in a block of Photoshop resources. */
struct slice meta_iptc(struct slice resources);

#endif
