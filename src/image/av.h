/*
 * libavformat, loaded when a video is met: it brings a hundred libraries,
 * whose loading takes 50 ms that a picture need not wait for. The functions
 * are called by their names, with av. in front.
 */
#ifndef IMAGE_AV_H
#define IMAGE_AV_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/log.h>

#include "image/op.h"

/* What a function that writes gets, const since FFmpeg 7. */
#if LIBAVFORMAT_VERSION_MAJOR < 61
#define AV_WRITTEN uint8_t
#else
#define AV_WRITTEN const uint8_t
#endif

#define AV_FUNCTIONS(F) \
	F(FORMAT, av_find_input_format) \
	F(FORMAT, av_guess_format) \
	F(FORMAT, av_interleaved_write_frame) \
	F(FORMAT, av_read_frame) \
	F(FORMAT, av_write_trailer) \
	F(FORMAT, avformat_alloc_context) \
	F(FORMAT, avformat_alloc_output_context2) \
	F(FORMAT, avformat_new_stream) \
	F(FORMAT, avformat_open_input) \
	F(FORMAT, avformat_write_header) \
	F(FORMAT, avio_alloc_context) \
	F(FORMAT, avio_context_free) \
	F(FORMAT, avio_flush) \
	F(CODEC, av_packet_alloc) \
	F(CODEC, av_packet_rescale_ts) \
	F(CODEC, av_packet_unref) \
	F(CODEC, avcodec_parameters_copy) \
	F(UTIL, av_dict_get) \
	F(UTIL, av_dict_set) \
	F(UTIL, av_display_rotation_get) \
	F(UTIL, av_free) \
	F(UTIL, av_log_set_level) \
	F(UTIL, av_malloc)

struct av {
#define F(library, name) __typeof__(name) *name;
	AV_FUNCTIONS(F)
#undef F
};

extern struct av av;

/* Before the filter is in place. */
enum err av_load(struct op *op) MUST_CHECK;

/* The stream's rotation matrix (nine numbers), NULL: none. */
const int32_t *av_matrix(const AVStream *st);

/* The same for a stream to be written. False: no memory. */
bool av_set_matrix(AVStream *st, const int32_t *matrix);

#endif
