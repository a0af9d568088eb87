/*
 * Pictures as containers: what their headers tell, and copies that leave out
 * what is private. Nothing is decoded. Each format has a file; JPEG's copy
 * is made by libjpeg (jpeg.h).
 *
 * X_scan() fills op->pic and is content with a file that has been cut off;
 * X_copy() is not.
 */
#ifndef IMAGE_CONTAINER_H
#define IMAGE_CONTAINER_H

#include "image/op.h"
#include "image/out.h"

enum err jpeg_scan(struct op *op) MUST_CHECK;

enum err png_scan(struct op *op) MUST_CHECK;
/* The copy to be published, with colour profile, density, orientation and
 * the frames of an animation. */
enum err png_copy(struct op *op, struct out *o) MUST_CHECK;
/* For the decoder: the pixels' own chunks only. A decoder that meets no
 * profile and no gamma leaves the samples as they are. */
enum err png_bare(struct op *op, struct out *o) MUST_CHECK;
/* The same with its colour profile, for those who want to convert. */
enum err png_colored(struct op *op, struct out *o) MUST_CHECK;
/* The pixels of a PNG that has been written anew, with what png_copy() keeps
 * of the old one. */
enum err png_dress(struct op *op, struct slice made, struct out *o) MUST_CHECK;

enum err webp_scan(struct op *op) MUST_CHECK;
enum err webp_copy(struct op *op, struct out *o) MUST_CHECK;
enum err webp_bare(struct op *op, struct out *o) MUST_CHECK;
/* The first frame of an animation, as a still picture; else webp_bare(). */
enum err webp_first(struct op *op, struct out *o) MUST_CHECK;
enum err webp_dress(struct op *op, struct slice made, struct out *o) MUST_CHECK;

enum err gif_scan(struct op *op) MUST_CHECK;
enum err gif_copy(struct op *op, struct out *o) MUST_CHECK;
/* The first frame alone. */
enum err gif_first(struct op *op, struct out *o) MUST_CHECK;

#endif
