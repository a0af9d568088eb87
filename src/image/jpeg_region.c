#include "config.h"

#include "image/jpeg.h"

#include <stdlib.h>
#include <string.h>

/*
 * The mark's region is cut out of the coefficient arrays as a small JPEG,
 * decoded, marked, and encoded with the same tables and sampling. Its blocks in
 * which a pixel changed then replace the old ones. All other blocks stay as
 * they were, bit for bit.
 */

struct coded {
	unsigned char *p;
	unsigned long n;
};

/* The pixels that a block of the component covers, in width and height. */
static uint32_t
block_width(j_decompress_ptr d, const jpeg_component_info *comp)
{
	return (uint32_t)(DCTSIZE * d->max_h_samp_factor / comp->h_samp_factor);
}

static uint32_t
block_height(j_decompress_ptr d, const jpeg_component_info *comp)
{
	return (uint32_t)(DCTSIZE * d->max_v_samp_factor / comp->v_samp_factor);
}

static uint32_t
blocks(uint32_t pixels, uint32_t block)
{
	return (pixels + block - 1) / block;
}

static bool
is_cmyk(j_decompress_ptr d)
{
	return d->jpeg_color_space == JCS_CMYK ||
	    d->jpeg_color_space == JCS_YCCK;
}

static enum err
check_kind(struct jpeg_work *w, j_decompress_ptr d)
{
	int i;

	if (!is_cmyk(d) && d->jpeg_color_space != JCS_GRAYSCALE &&
	    d->jpeg_color_space != JCS_YCbCr && d->jpeg_color_space != JCS_RGB)
		return op_fail(w->op, ERR_INVALID,
		    "a JPEG of these colours cannot be watermarked");
	for (i = 0; i < d->num_components; i++)
		if (d->max_h_samp_factor % d->comp_info[i].h_samp_factor ||
		    d->max_v_samp_factor % d->comp_info[i].v_samp_factor)
			return op_fail(w->op, ERR_INVALID,
			    "a JPEG of this sampling cannot be watermarked");
	return ERR_OK;
}

/* Extends (at, at + n) to whole units plus one on each side, since the decoder
 * uses the neighbours when it upsamples the colours. */
static void
widen(uint32_t at, uint32_t n, uint32_t unit, uint32_t most, uint32_t *ret_at,
    uint32_t *ret_n)
{
	uint32_t from = at / unit, to = blocks(at + n, unit) + 1;

	from = from > 0 ? from - 1 : 0;
	*ret_at = from * unit;
	*ret_n = (to * unit < most ? to * unit : most) - *ret_at;
}

enum err
jpeg_region_plan(struct jpeg_work *w, j_decompress_ptr d,
    struct jpeg_region *ret)
{
	jpeg_component_info *comp;
	uint32_t across, down;
	enum err e;
	int i;

	e = check_kind(w, d);
	if (e == ERR_OK)
		e = mark_fit(w->op, d->jpeg_color_space == JCS_GRAYSCALE,
		    &ret->mark);
	if (e != ERR_OK)
		return e;
	widen(ret->mark.x, ret->mark.width,
	    (uint32_t)(DCTSIZE * d->max_h_samp_factor), d->image_width,
	    &ret->r.x, &ret->r.width);
	widen(ret->mark.y, ret->mark.height,
	    (uint32_t)(DCTSIZE * d->max_v_samp_factor), d->image_height,
	    &ret->r.y, &ret->r.height);
	for (i = 0; i < d->num_components; i++) {
		comp = &d->comp_info[i];
		across = blocks(ret->r.width,
			     (uint32_t)(DCTSIZE * d->max_h_samp_factor)) *
		    (uint32_t)comp->h_samp_factor;
		down = blocks(ret->r.height,
			   (uint32_t)(DCTSIZE * d->max_v_samp_factor)) *
		    (uint32_t)comp->v_samp_factor;
		ret->arrays[i] =
		    (*d->mem->request_virt_barray)((j_common_ptr)d, JPOOL_IMAGE,
			TRUE, across, down, (JDIMENSION)comp->v_samp_factor);
	}
	return ERR_OK;
}

static JBLOCKROW
block_row(j_common_ptr c, jvirt_barray_ptr array, uint32_t row, boolean write)
{
	return (*c->mem->access_virt_barray)(c, array, row, 1, write)[0];
}

/* The region's blocks, with those that pad it to whole MCUs as far as the
 * picture has them. */
static void
cut_out(j_decompress_ptr d, jvirt_barray_ptr *arrays, struct jpeg_region *jr)
{
	jpeg_component_info *comp;
	uint32_t x, y, row, across, down;
	JBLOCKROW from, to;
	int i;

	for (i = 0; i < d->num_components; i++) {
		comp = &d->comp_info[i];
		x = jr->r.x / block_width(d, comp);
		y = jr->r.y / block_height(d, comp);
		across = blocks(jr->r.width, block_width(d, comp));
		down = blocks(jr->r.height, block_height(d, comp));
		for (row = 0; row < down; row++) {
			from = block_row((j_common_ptr)d, arrays[i], y + row,
			    FALSE);
			to = block_row((j_common_ptr)d, jr->arrays[i], row,
			    TRUE);
			memcpy(to, from + x, across * sizeof(JBLOCK));
		}
	}
}

static void
start_region(struct jpeg_work *w, j_decompress_ptr d,
    const struct jpeg_region *jr, j_compress_ptr c, struct coded *coded)
{
	c->err = &w->err;
	c->client_data = w;
	jpeg_create_compress(c);
	coded->p = NULL;
	coded->n = 0;
	jpeg_mem_dest(c, &coded->p, &coded->n);
	jpeg_copy_critical_parameters(d, c);
	c->image_width = jr->r.width;
	c->image_height = jr->r.height;
}

static void
code_region(struct jpeg_work *w, j_decompress_ptr d, struct jpeg_region *jr,
    struct coded *coded)
{
	struct jpeg_compress_struct c;

	start_region(w, d, jr, &c, coded);
	jpeg_write_coefficients(&c, jr->arrays);
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
}

static enum err
decode_region(struct jpeg_work *w, const struct coded *coded, bool cmyk,
    unsigned char **ret)
{
	struct jpeg_decompress_struct d;
	JSAMPROW row;
	size_t size;

	jpeg_open(w, &d, (struct slice){ coded->p, coded->n });
	jpeg_read_header(&d, TRUE);
	d.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
	d.dct_method = JDCT_ISLOW;
	jpeg_start_decompress(&d);
	size = (size_t)d.output_width * (size_t)d.output_components;
	*ret = op_alloc(w->op, size * d.output_height);
	if (*ret == NULL)
		return ERR_TOO_LARGE;
	while (d.output_scanline < d.output_height) {
		row = *ret + d.output_scanline * size;
		jpeg_read_scanlines(&d, &row, 1);
	}
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
	return ERR_OK;
}

static void
encode_region(struct jpeg_work *w, j_decompress_ptr d,
    const struct jpeg_region *jr, unsigned char *pixels, struct coded *coded)
{
	struct jpeg_compress_struct c;
	size_t size;
	JSAMPROW row;

	start_region(w, d, jr, &c, coded);
	c.input_components = is_cmyk(d) ? 4 : 3;
	c.in_color_space = is_cmyk(d) ? JCS_CMYK : JCS_RGB;
	c.dct_method = JDCT_ISLOW;
	jpeg_start_compress(&c, TRUE);
	size = (size_t)c.image_width * (size_t)c.input_components;
	while (c.next_scanline < c.image_height) {
		row = pixels + c.next_scanline * size;
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
}

/*
 * CMYK is marked without conversion: its inverted cyan, magenta and yellow are
 * treated as red, green and blue, and black is removed below the mark.
 */
static enum err
blend_cmyk(struct op *op, struct jpeg_region *jr, bool upright,
    unsigned char *pixels)
{
	size_t i, n = (size_t)jr->r.width * jr->r.height;
	unsigned char *rgb = op_alloc(op, n * 3), *black = op_alloc(op, n * 3);
	unsigned char flip = upright ? 255 : 0;
	enum err e;

	if (rgb == NULL || black == NULL)
		return ERR_TOO_LARGE;
	for (i = 0; i < n * 3; i++) {
		rgb[i] = pixels[i / 3 * 4 + i % 3] ^ flip;
		black[i] = pixels[i / 3 * 4 + 3] ^ flip;
	}
	e = mark_blend(op, &jr->mark, &jr->r, "RGB", 8, rgb);
	mark_whiten(&jr->mark);
	if (e == ERR_OK)
		e = mark_blend(op, &jr->mark, &jr->r, "RGB", 8, black);
	for (i = 0; e == ERR_OK && i < n * 3; i++) {
		pixels[i / 3 * 4 + i % 3] = rgb[i] ^ flip;
		pixels[i / 3 * 4 + 3] = black[i] ^ flip;
	}
	free(rgb);
	free(black);
	return e;
}

/* Whether a pixel of the block at (x, y) of the region has changed. */
static bool
changed(const struct region *r, size_t size, const unsigned char *before,
    const unsigned char *now, uint32_t x, uint32_t y, uint32_t width,
    uint32_t height)
{
	size_t at, n;

	if (x >= r->width)
		return false;
	n = (r->width - x < width ? r->width - x : width) * size;
	for (; height > 0 && y < r->height; height--, y++) {
		at = ((size_t)y * r->width + x) * size;
		if (memcmp(before + at, now + at, n) != 0)
			return true;
	}
	return false;
}

static size_t
put_component(j_decompress_ptr d, j_decompress_ptr from, int i,
    jvirt_barray_ptr source, jvirt_barray_ptr marked, const struct region *r,
    const unsigned char *before, const unsigned char *now)
{
	jpeg_component_info *comp = &d->comp_info[i];
	uint32_t bw = block_width(d, comp), bh = block_height(d, comp), x, y;
	size_t size = is_cmyk(d) ? 4 : 3, touched = 0;
	JBLOCKROW old, new;

	for (y = 0; y < blocks(r->height, bh); y++) {
		old = block_row((j_common_ptr)d, source, r->y / bh + y, TRUE);
		new = block_row((j_common_ptr)from, marked, y, FALSE);
		for (x = 0; x < blocks(r->width, bw); x++) {
			if (!changed(r, size, before, now, x * bw, y * bh, bw,
				bh))
				continue;
			memcpy(old + r->x / bw + x, new + x, sizeof(JBLOCK));
			touched++;
		}
	}
	return touched;
}

static enum err
put_back(struct jpeg_work *w, j_decompress_ptr d, jvirt_barray_ptr *arrays,
    const struct jpeg_region *jr, const struct coded *coded,
    const unsigned char *before, const unsigned char *now)
{
	struct jpeg_decompress_struct from;
	jvirt_barray_ptr *marked;
	size_t touched = 0;
	int i;

	jpeg_open(w, &from, (struct slice){ coded->p, coded->n });
	jpeg_read_header(&from, TRUE);
	marked = jpeg_read_coefficients(&from);
	if (from.num_components != d->num_components)
		return op_fail(w->op, ERR_INTERNAL, "the region lost colours");
	for (i = 0; i < d->num_components; i++)
		touched += put_component(d, &from, i, arrays[i], marked[i],
		    &jr->r, before, now);
	jpeg_finish_decompress(&from);
	jpeg_destroy_decompress(&from);
	if (touched == 0)
		return op_fail(w->op, ERR_INVALID,
		    "the watermark cannot be seen on this picture");
	return ERR_OK;
}

enum err
jpeg_region_mark(struct jpeg_work *w, j_decompress_ptr d,
    jvirt_barray_ptr *arrays, struct jpeg_region *jr)
{
	size_t n = (size_t)jr->r.width * jr->r.height * (is_cmyk(d) ? 4 : 3);
	unsigned char *before, *now;
	struct coded coded;
	enum err e;

	cut_out(d, arrays, jr);
	code_region(w, d, jr, &coded);
	e = decode_region(w, &coded, is_cmyk(d), &before);
	free(coded.p);
	if (e != ERR_OK)
		return e;
	now = op_alloc(w->op, n);
	if (now == NULL)
		return ERR_TOO_LARGE;
	memcpy(now, before, n);
	e = is_cmyk(d) ? blend_cmyk(w->op, jr, !d->saw_Adobe_marker, now) :
			 mark_blend(w->op, &jr->mark, &jr->r, "RGB", 8, now);
	if (e != ERR_OK)
		return e;
	encode_region(w, d, jr, now, &coded);
	e = put_back(w, d, arrays, jr, &coded, before, now);
	free(coded.p);
	free(before);
	free(now);
	return e;
}
