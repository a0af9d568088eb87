/*
 * libavformat, loaded only for videos: it pulls in a hundred libraries, which
 * take 50 ms to load, and pictures do not need them. Its functions are called
 * by their names, prefixed with "av.".
 */
#ifndef IMAGE_AV_H
#define IMAGE_AV_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/log.h>

#include "image/op.h"

/* The buffer of the write callback, const since FFmpeg 7. */
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

/* Call it before the filter is in place. */
enum err av_load(struct op *op) MUST_CHECK;

/* The stream's rotation matrix (nine numbers), or NULL. */
const int32_t *av_matrix(const AVStream *st);

/* Sets the matrix of a stream to be written. False: out of memory. */
bool av_set_matrix(AVStream *st, const int32_t *matrix);

#endif
