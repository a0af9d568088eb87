/* The few metadata that are read, and the one that is kept. All offsets are
 * within the slices given; whatever is odd is passed over. */
#ifndef IMAGE_META_H
#define IMAGE_META_H

#include "image/op.h"

#define META_EXIF_SIZE 26

/* Orientation (1 where there is none) of a TIFF structure. */
unsigned meta_orientation(struct slice tiff);

/* DateTimeOriginal, else DateTimeDigitized, with its offset (UTC where none is
 * told), ms since 1970; CLOCK_NONE: none. */
int64_t meta_taken_at(struct slice tiff);

/* A TIFF structure with the orientation and nothing else. */
void meta_exif(unsigned orientation, unsigned char ret[META_EXIF_SIZE]);

/* Without an "Exif\0\0" in front, which some writers put there. */
struct slice meta_tiff(struct slice exif);

/* dc:description of an XMP packet, or the IPTC caption; "" for none. ret has
 * room for IMAGE_CAPTION bytes and the NUL; longer texts are cut between two
 * characters. */
void meta_caption(struct slice xmp, struct slice iptc, char *ret);

/* The IIM records in a block of Photoshop resources. */
struct slice meta_iptc(struct slice resources);

#endif
