#include "config.h"

#include "image/jpeg.h"

#include <stdlib.h>
#include <string.h>

#include <jerror.h>

#include "image/meta.h"

#define MOST_SCANS 200
#define MARKER_MAX 0xffff
#define THUMBNAIL_QUALITY 82

static void fail(j_common_ptr c, enum err e, const char *text)
    __attribute__((noreturn));

static struct jpeg_work *
work_of(j_common_ptr c)
{
	return c->client_data;
}

static void
fail(j_common_ptr c, enum err e, const char *text)
{
	struct jpeg_work *w = work_of(c);

	w->failed = e == ERR_TOO_LARGE ? op_no_memory(w->op) :
					 op_fail(w->op, e, "%s", text);
	longjmp(w->jump, 1);
}

static void
on_error(j_common_ptr c)
{
	char text[JMSG_LENGTH_MAX];

	if (c->err->msg_code == JERR_OUT_OF_MEMORY)
		fail(c, ERR_TOO_LARGE, "");
	c->err->format_message(c, text);
	fail(c, ERR_INVALID, text);
}

/* Warnings mean missing or invented pixels, except for a few about markers,
 * which ordinary cameras cause. */
static void
on_message(j_common_ptr c, int level)
{
	if (level >= 0)
		return;
	switch (c->err->msg_code) {
	case JWRN_EXTRANEOUS_DATA:
	case JWRN_ADOBE_XFORM:
	case JWRN_JFIF_MAJOR:
	case JWRN_BOGUS_ICC:
		return;
	default:
		fail(c, ERR_INVALID, "the JPEG is cut off or damaged");
	}
}

static void
on_progress(j_common_ptr c)
{
	j_decompress_ptr d = (j_decompress_ptr)(void *)c;

	if (c->is_decompressor && d->input_scan_number > MOST_SCANS)
		fail(c, ERR_INVALID, "the JPEG has too many scans");
}

enum err
jpeg_run(struct op *op, enum err (*fn)(struct jpeg_work *, void *), void *arg)
{
	struct jpeg_work *w = op_alloc(op, sizeof(*w));

	if (w == NULL)
		return ERR_TOO_LARGE;
	memset(w, 0, sizeof(*w));
	jpeg_std_error(&w->err);
	w->err.error_exit = on_error;
	w->err.emit_message = on_message;
	w->progress.progress_monitor = on_progress;
	w->op = op;
	if (setjmp(w->jump) != 0)
		return w->failed;
	return fn(w, arg);
}

void
jpeg_open(struct jpeg_work *w, struct jpeg_decompress_struct *d, struct slice s)
{
	d->err = &w->err;
	d->client_data = w;
	jpeg_create_decompress(d);
	d->progress = &w->progress;
	jpeg_mem_src(d, s.p, s.n);
}

struct dest {
	struct jpeg_destination_mgr pub;
	struct out *o;
	JOCTET buffer[OUT_BUFFER];
};

static void
dest_init(j_compress_ptr c)
{
	struct dest *d = (struct dest *)(void *)c->dest;

	d->pub.next_output_byte = d->buffer;
	d->pub.free_in_buffer = sizeof(d->buffer);
}

static boolean
dest_empty(j_compress_ptr c)
{
	struct dest *d = (struct dest *)(void *)c->dest;

	out_mem(d->o, d->buffer, sizeof(d->buffer));
	dest_init(c);
	return TRUE;
}

static void
dest_end(j_compress_ptr c)
{
	struct dest *d = (struct dest *)(void *)c->dest;

	out_mem(d->o, d->buffer, sizeof(d->buffer) - d->pub.free_in_buffer);
}

void
jpeg_to_out(j_compress_ptr c, struct out *o)
{
	struct dest *d = (*c->mem->alloc_small)((j_common_ptr)c,
	    JPOOL_PERMANENT, sizeof(*d));

	d->pub.init_destination = dest_init;
	d->pub.empty_output_buffer = dest_empty;
	d->pub.term_destination = dest_end;
	d->o = o;
	c->dest = &d->pub;
}

static void
write_orientation(struct op *op, j_compress_ptr c)
{
	unsigned char b[6 + META_EXIF_SIZE] = "Exif";

	if (op->pic.orientation <= 1)
		return;
	meta_exif(op->pic.orientation, b + 6);
	jpeg_write_marker(c, JPEG_APP0 + 1, b, sizeof(b));
}

/* Keeps the source's coding (arithmetic, progressive); Huffman tables are
 * optimized, which never makes the file larger. */
static void
start_copy(struct jpeg_work *w, j_decompress_ptr d, j_compress_ptr c,
    struct out *o)
{
	c->err = &w->err;
	c->client_data = w;
	jpeg_create_compress(c);
	jpeg_to_out(c, o);
	jpeg_copy_critical_parameters(d, c);
	c->arith_code = d->arith_code;
	c->optimize_coding = !d->arith_code;
	c->restart_interval = d->restart_interval;
	if (d->progressive_mode)
		jpeg_simple_progression(c);
}

static enum err
publish(struct jpeg_work *w, void *arg)
{
	struct jpeg_decompress_struct d;
	struct jpeg_compress_struct c;
	struct jpeg_region region;
	jvirt_barray_ptr *arrays;
	struct out *o = arg;
	unsigned int n = 0;
	JOCTET *icc = NULL;
	enum err e;

	jpeg_open(w, &d, w->op->in);
	jpeg_save_markers(&d, JPEG_APP0 + 2, MARKER_MAX);
	jpeg_read_header(&d, TRUE);
	if (w->op->req->mark) {
		e = jpeg_region_plan(w, &d, &region);
		if (e != ERR_OK)
			return e;
	}
	arrays = jpeg_read_coefficients(&d);
	if (d.image_width != w->op->pic.width ||
	    d.image_height != w->op->pic.height)
		return op_fail(w->op, ERR_INVALID, "the JPEG has two sizes");
	if (w->op->req->mark) {
		e = jpeg_region_mark(w, &d, arrays, &region);
		if (e != ERR_OK)
			return e;
	}
	start_copy(w, &d, &c, o);
	jpeg_write_coefficients(&c, arrays);
	write_orientation(w->op, &c);
	if (jpeg_read_icc_profile(&d, &icc, &n))
		jpeg_write_icc_profile(&c, icc, n);
	jpeg_finish_compress(&c);
	jpeg_finish_decompress(&d);
	return ERR_OK;
}

enum err
jpeg_publish(struct op *op, struct out *o)
{
	return jpeg_run(op, publish, o);
}

/* The smallest scale (in eighths) that keeps the longer side a third above
 * `side`, so that the resize filter has enough pixels to work with. */
static void
choose_scale(j_decompress_ptr d, unsigned side)
{
	uint64_t longer =
	    d->image_width > d->image_height ? d->image_width : d->image_height;
	unsigned n;

	for (n = 1; n < 8 && longer * n / 8 < (uint64_t)side * 4 / 3; n++)
		;
	d->scale_num = n;
	d->scale_denom = 8;
}

/* Adobe's CMYK is inverted; converts it to MagickWand's. */
static void
invert(struct jpeg_pixels *jp)
{
	size_t i, n = (size_t)jp->width * jp->height * 4;

	for (i = 0; i < n; i++)
		jp->p[i] = (unsigned char)~jp->p[i];
}

static enum err
decode(struct jpeg_work *w, void *arg)
{
	struct jpeg_pixels *jp = arg;
	struct jpeg_decompress_struct d;
	JSAMPROW row;
	unsigned n = 0;
	JOCTET *icc = NULL;
	bool cmyk;

	jpeg_open(w, &d, w->op->in);
	jpeg_save_markers(&d, JPEG_APP0 + 2, MARKER_MAX);
	jpeg_read_header(&d, TRUE);
	cmyk = d.jpeg_color_space == JCS_CMYK || d.jpeg_color_space == JCS_YCCK;
	d.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
	choose_scale(&d, jp->side);
	if (jpeg_read_icc_profile(&d, &icc, &n) &&
	    d.jpeg_color_space != JCS_GRAYSCALE)
		jp->icc = (struct slice){ icc, n };
	jpeg_start_decompress(&d);
	jp->width = d.output_width;
	jp->height = d.output_height;
	jp->map = cmyk ? "CMYK" : "RGB";
	jp->p = op_alloc(w->op,
	    (size_t)jp->width * jp->height * (size_t)d.output_components);
	if (jp->p == NULL)
		return ERR_TOO_LARGE;
	while (d.output_scanline < d.output_height) {
		row = jp->p +
		    (size_t)d.output_scanline * jp->width *
			(size_t)d.output_components;
		jpeg_read_scanlines(&d, &row, 1);
	}
	if (cmyk && d.saw_Adobe_marker)
		invert(jp);
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
	return ERR_OK;
}

enum err
jpeg_decode(struct op *op, struct jpeg_pixels *jp)
{
	return jpeg_run(op, decode, jp);
}

struct encode {
	const struct jpeg_pixels *jp;
	struct out *o;
};

static enum err
encode(struct jpeg_work *w, void *arg)
{
	const struct encode *en = arg;
	struct jpeg_compress_struct c;
	JSAMPROW row;

	c.err = &w->err;
	c.client_data = w;
	jpeg_create_compress(&c);
	jpeg_to_out(&c, en->o);
	c.image_width = en->jp->width;
	c.image_height = en->jp->height;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, THUMBNAIL_QUALITY, TRUE);
	c.optimize_coding = TRUE;
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < c.image_height) {
		row = en->jp->p + (size_t)c.next_scanline * c.image_width * 3;
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	return ERR_OK;
}

enum err
jpeg_encode(struct op *op, const struct jpeg_pixels *jp, struct out *o)
{
	struct encode en = { jp, o };

	return jpeg_run(op, encode, &en);
}
