/*
 * Pictures as containers: reads their headers and makes copies without private
 * metadata. Nothing is decoded. Each format has its own file; JPEGs are copied
 * by libjpeg (jpeg.h).
 *
 * X_scan() fills op->pic and accepts a truncated file; X_copy() does not.
 */
#ifndef IMAGE_CONTAINER_H
#define IMAGE_CONTAINER_H

#include "image/op.h"
#include "image/out.h"

enum err jpeg_scan(struct op *op) MUST_CHECK;

enum err png_scan(struct op *op) MUST_CHECK;
/* Writes the copy to be published; keeps colour profile, density, orientation
 * and the frames of an animation. */
enum err png_copy(struct op *op, struct out *o) MUST_CHECK;
/* Writes only the chunks that hold pixels, for a decoder: without a profile and
 * gamma it does not convert the samples. */
enum err png_bare(struct op *op, struct out *o) MUST_CHECK;
/* The same with the colour profile, for callers that convert the colours. */
enum err png_colored(struct op *op, struct out *o) MUST_CHECK;
/* Writes the pixels of `made`, a re-encoded PNG, with the metadata that
 * png_copy() keeps of the original. */
enum err png_dress(struct op *op, struct slice made, struct out *o) MUST_CHECK;

enum err webp_scan(struct op *op) MUST_CHECK;
enum err webp_copy(struct op *op, struct out *o) MUST_CHECK;
enum err webp_bare(struct op *op, struct out *o) MUST_CHECK;
/* Writes an animation's first frame as a still picture; for others the same as
 * webp_bare(). */
enum err webp_first(struct op *op, struct out *o) MUST_CHECK;
enum err webp_dress(struct op *op, struct slice made, struct out *o) MUST_CHECK;

enum err gif_scan(struct op *op) MUST_CHECK;
enum err gif_copy(struct op *op, struct out *o) MUST_CHECK;
/* Writes the first frame only. */
enum err gif_first(struct op *op, struct out *o) MUST_CHECK;

#endif
