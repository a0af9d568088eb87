#include "config.h"

#include "image/op_video.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "image/av.h"
#include "image/meta.h"

#define BUFFER 65536
#define MOST_STREAMS 32
#define US_PER_MS (AV_TIME_BASE / 1000)
#define SHORT_BY (300 * US_PER_MS)     /* or a tenth: headers are inexact */
#define WALK_MOST (INT64_C(512) << 20) /* bytes to read for the duration */

/* A descriptor that libavformat reads or writes, with its own offset. */
struct file {
	int fd;
	int64_t off;
	int64_t size; /* of an input; the current end of an output */
	int error;    /* the errno of a failed write */
};

struct remux {
	struct op *op;
	AVFormatContext *in, *out;
	struct file from, to;
	int map[MOST_STREAMS]; /* the output's stream; -1: dropped */
	int64_t end;	       /* of the last packet, in AV_TIME_BASE */
	int64_t start;	       /* of the first */
};

static int
file_read(void *arg, uint8_t *p, int n)
{
	struct file *f = arg;
	ssize_t r;

	do
		r = pread(f->fd, p, (size_t)n, f->off);
	while (r == -1 && errno == EINTR);
	if (r == -1)
		return AVERROR(errno);
	f->off += r;
	return r == 0 ? AVERROR_EOF : (int)r;
}

static int
file_write(void *arg, AV_WRITTEN *p, int n)
{
	struct file *f = arg;
	ssize_t r;
	int done = 0;

	while (done < n) {
		r = pwrite(f->fd, p + done, (size_t)(n - done), f->off);
		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0) {
			f->error = r == 0 ? EIO : errno;
			return AVERROR(f->error);
		}
		f->off += r;
		done += (int)r;
	}
	if (f->off > f->size)
		f->size = f->off;
	return n;
}

static int64_t
file_seek(void *arg, int64_t off, int whence)
{
	struct file *f = arg;

	switch (whence & ~AVSEEK_FORCE) {
	case AVSEEK_SIZE:
		return f->size;
	case SEEK_CUR:
		off += f->off;
		break;
	case SEEK_END:
		off += f->size;
		break;
	default:
		break;
	}
	if (off < 0)
		return AVERROR(EINVAL);
	f->off = off;
	return off;
}

static AVIOContext *
open_file(struct file *f, bool writing)
{
	uint8_t *p = av.av_malloc(BUFFER);

	if (p == NULL)
		return NULL;
	return av.avio_alloc_context(p, BUFFER, writing, f,
	    writing ? NULL : file_read, writing ? file_write : NULL, file_seek);
}

/* Refuses to open other files, which a video may refer to. */
static int
refuse_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags,
    AVDictionary **options)
{
	(void)s, (void)pb, (void)url, (void)flags, (void)options;
	return AVERROR(EACCES);
}

/* The muxer reads its output again to move the index to the front. */
static int
reopen_output(AVFormatContext *s, AVIOContext **pb, const char *url, int flags,
    AVDictionary **options)
{
	static struct file again;

	(void)s, (void)url, (void)options;
	if ((flags & AVIO_FLAG_WRITE) != 0)
		return AVERROR(EACCES);
	again = (struct file){ .fd = IMAGE_FD_OUT };
	again.size = ((struct file *)s->opaque)->size;
	*pb = open_file(&again, false);
	return *pb != NULL ? 0 : AVERROR(ENOMEM);
}

static int
close_output(AVFormatContext *s, AVIOContext *pb)
{
	(void)s;
	av.av_free(pb->buffer);
	av.avio_context_free(&pb);
	return 0;
}

static enum err
open_input(struct op *op, struct file *f, AVFormatContext **ret)
{
	const AVInputFormat *format = av.av_find_input_format(
	    op->req->type == MEDIA_WEBM ? "matroska,webm" : "mov");
	AVFormatContext *s = av.avformat_alloc_context();
	AVDictionary *options = NULL;
	struct stat st;

	if (fstat(IMAGE_FD_IN, &st) == -1 || !S_ISREG(st.st_mode))
		return op_fail(op, ERR_INTERNAL, "the input is not a file");
	*f = (struct file){ .fd = IMAGE_FD_IN, .size = st.st_size };
	if (s == NULL || (s->pb = open_file(f, false)) == NULL)
		return op_no_memory(op);
	if (format == NULL)
		return op_fail(op, ERR_INTERNAL, "libavformat cannot read it");
	s->io_open = refuse_open;
	s->flags |= AVFMT_FLAG_CUSTOM_IO;
	s->max_streams = MOST_STREAMS;
	av.av_dict_set(&options, "protocol_whitelist", "none", 0);
	av.av_dict_set(&options, "export_all", "0", 0);
	if (op->req->op == IMAGE_OP_PROBE && op->req->type != MEDIA_WEBM)
		av.av_dict_set(&options, "export_xmp", "1", 0);
	if (av.avformat_open_input(&s, "", format, &options) < 0)
		return op_fail(op, ERR_INVALID, "the video is damaged");
	*ret = s;
	return ERR_OK;
}

/* Whether it is a video stream and not a cover picture. */
static bool
is_film(const AVStream *st)
{
	return st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
	    (st->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
}

static bool
is_sideways(const AVStream *st)
{
	const int32_t *matrix = av_matrix(st);
	double turn = matrix != NULL ? av.av_display_rotation_get(matrix) : 0;

	return isfinite(turn) && fabs(fmod(turn, 180)) > 45 &&
	    fabs(fmod(turn, 180)) < 135;
}

/* The size as a player shows it: scaled by the pixels' aspect ratio, then
 * rotated. */
static enum err
tell_size(struct op *op, const AVStream *st)
{
	double width = st->codecpar->width, height = st->codecpar->height;
	AVRational pixel = st->sample_aspect_ratio;
	enum err e;

	if (width < 0 || height < 0)
		return op_fail(op, ERR_INVALID, "the video is damaged");
	e = op_check_size(op, (uint64_t)width, (uint64_t)height);
	if (e != ERR_OK)
		return e;
	if (pixel.num > 0 && pixel.den > 0)
		width = fmax(1, round(width * pixel.num / pixel.den));
	e = op_check_size(op, (uint64_t)width, (uint64_t)height);
	if (e != ERR_OK)
		return e;
	op->rep->width = (uint32_t)(is_sideways(st) ? height : width);
	op->rep->height = (uint32_t)(is_sideways(st) ? width : height);
	return ERR_OK;
}

static enum err
tell(struct op *op, const AVFormatContext *s)
{
	const AVDictionaryEntry *created;
	const AVStream *st = NULL;
	bool date_only;
	int64_t ms;
	unsigned i;
	enum err e;

	for (i = 0; i < s->nb_streams && st == NULL; i++)
		if (is_film(s->streams[i]))
			st = s->streams[i];
	if (st == NULL)
		return op_fail(op, ERR_INVALID, "the file has no video stream");
	e = tell_size(op, st);
	if (e != ERR_OK)
		return e;
	op->rep->type = op->req->type;
	if (s->duration > 0)
		op->rep->duration_ms = s->duration / US_PER_MS;
	created = av.av_dict_get(s->metadata, "creation_time", NULL, 0);
	op->rep->taken_at = created != NULL &&
		clock_parse(created->value, &ms, &date_only) && !date_only ?
	    ms :
	    CLOCK_NONE;
	return ERR_OK;
}

enum err
op_video_load(struct op *op)
{
	return av_load(op);
}

static bool
is_kept(const AVStream *st)
{
	return is_film(st) || st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

/* Copies the video and audio streams without metadata, except the rotation. */
static enum err
add_stream(struct remux *r, unsigned i)
{
	const AVStream *from = r->in->streams[i];
	const int32_t *matrix = av_matrix(from);
	AVStream *to;

	r->map[i] = -1;
	if (!is_kept(from))
		return ERR_OK;
	to = av.avformat_new_stream(r->out, NULL);
	if (to == NULL ||
	    av.avcodec_parameters_copy(to->codecpar, from->codecpar) < 0)
		return op_no_memory(r->op);
#if LIBAVFORMAT_VERSION_MAJOR >= 61
	to->codecpar->coded_side_data = NULL;
	to->codecpar->nb_coded_side_data = 0;
#endif
	if (r->op->req->type == MEDIA_WEBM)
		to->codecpar->codec_tag = 0;
	to->time_base = from->time_base;
	to->avg_frame_rate = from->avg_frame_rate;
	to->sample_aspect_ratio = from->sample_aspect_ratio;
	to->disposition = from->disposition & AV_DISPOSITION_DEFAULT;
	if (matrix != NULL && !av_set_matrix(to, matrix))
		return op_no_memory(r->op);
	r->map[i] = to->index;
	return ERR_OK;
}

static enum err
open_output(struct remux *r)
{
	const char *name = r->op->req->type == MEDIA_WEBM ? "webm" :
	    r->op->req->type == MEDIA_MOV		  ? "mov" :
							    "mp4";
	AVDictionary *options = NULL;
	enum err e;
	unsigned i;

	if (av.avformat_alloc_output_context2(&r->out, NULL, name, NULL) < 0)
		return op_no_memory(r->op);
	r->to = (struct file){ .fd = IMAGE_FD_OUT };
	r->out->pb = open_file(&r->to, true);
	if (r->out->pb == NULL)
		return op_no_memory(r->op);
	r->out->opaque = &r->to;
	r->out->io_open = reopen_output;
	r->out->io_close2 = close_output;
	/* BITEXACT: without the muxer's name and the date. */
	r->out->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	for (i = 0; i < r->in->nb_streams; i++) {
		e = add_stream(r, i);
		if (e != ERR_OK)
			return e;
	}
	if (r->op->req->type != MEDIA_WEBM)
		av.av_dict_set(&options, "movflags", "+faststart", 0);
	if (av.avformat_write_header(r->out, &options) < 0)
		return op_fail(r->op, r->to.error != 0 ? ERR_FULL : ERR_INVALID,
		    "the video cannot be rewritten");
	return ERR_OK;
}

static enum err
write_failed(struct remux *r)
{
	if (r->to.error == ENOSPC || r->to.error == EDQUOT ||
	    r->to.error == EFBIG)
		return op_fail(r->op, ERR_FULL, "no space left for the video");
	if (r->to.error != 0)
		return op_fail(r->op, ERR_INTERNAL, "writing the video: %s",
		    strerror(r->to.error));
	return op_fail(r->op, ERR_INVALID, "the video is damaged");
}

static void
note_times(struct remux *r, const AVPacket *p, AVRational base)
{
	double start, end;

	if (p->pts == AV_NOPTS_VALUE || base.den <= 0)
		return;
	start = (double)p->pts * base.num / base.den * AV_TIME_BASE;
	end = start + (double)p->duration * base.num / base.den * AV_TIME_BASE;
	if (r->in->start_time != AV_NOPTS_VALUE)
		end -= (double)r->in->start_time;
	if (end > (double)r->end && end < 1e18)
		r->end = (int64_t)end;
	if (start < (double)r->start && start > -1e18)
		r->start = (int64_t)start;
}

/* libavformat does not report a truncated file, so compare the duration. */
static bool
is_short(const struct remux *r)
{
	int64_t most = r->in->duration / 10;

	return r->in->duration > 0 &&
	    r->end < r->in->duration - (most > SHORT_BY ? most : SHORT_BY);
}

/* Live recordings (a browser's, a phone's fragments) have no duration in their
 * headers, so it is taken from the packets. */
static enum err
walk_packets(struct remux *r)
{
	AVPacket *p = av.av_packet_alloc();

	if (p == NULL)
		return op_no_memory(r->op);
	r->start = INT64_MAX;
	while (av.av_read_frame(r->in, p) >= 0) {
		if ((unsigned)p->stream_index < r->in->nb_streams)
			note_times(r, p,
			    r->in->streams[p->stream_index]->time_base);
		av.av_packet_unref(p);
	}
	/* A start time that the container knows was subtracted already. */
	if (r->in->start_time == AV_NOPTS_VALUE && r->start < r->end)
		r->end -= r->start;
	r->op->rep->duration_ms = r->end / US_PER_MS;
	return ERR_OK;
}

enum err
op_video_probe(struct op *op)
{
	struct remux r = { .op = op };
	const AVDictionaryEntry *xmp;
	enum err e;

	e = open_input(op, &r.from, &r.in);
	if (e == ERR_OK)
		e = tell(op, r.in);
	if (e != ERR_OK)
		return e;
	xmp = av.av_dict_get(r.in->metadata, "xmp", NULL, 0);
	if (xmp != NULL)
		meta_caption((struct slice){ (const void *)xmp->value,
				 strlen(xmp->value) },
		    (struct slice){ NULL, 0 }, op->rep->caption);
	if (op->rep->duration_ms == 0 && r.from.size <= WALK_MOST)
		return walk_packets(&r);
	return ERR_OK;
}

static enum err
copy_packets(struct remux *r)
{
	AVPacket *p = av.av_packet_alloc();
	const AVStream *from, *to;
	int n;

	if (p == NULL)
		return op_no_memory(r->op);
	while ((n = av.av_read_frame(r->in, p)) >= 0) {
		if ((unsigned)p->stream_index >= r->in->nb_streams ||
		    p->stream_index >= MOST_STREAMS ||
		    r->map[p->stream_index] == -1) {
			av.av_packet_unref(p);
			continue;
		}
		from = r->in->streams[p->stream_index];
		to = r->out->streams[r->map[p->stream_index]];
		if ((p->flags & AV_PKT_FLAG_CORRUPT) != 0)
			return write_failed(r);
		note_times(r, p, from->time_base);
		if (p->dts == AV_NOPTS_VALUE)
			p->dts = p->pts;
		av.av_packet_rescale_ts(p, from->time_base, to->time_base);
		p->stream_index = to->index;
		p->pos = -1;
		if (av.av_interleaved_write_frame(r->out, p) < 0)
			return write_failed(r);
	}
	if (n != AVERROR_EOF || is_short(r))
		return op_fail(r->op, ERR_INVALID, "the video is damaged");
	return ERR_OK;
}

enum err
op_video_publish(struct op *op)
{
	struct remux r = { .op = op };
	enum err e;

	e = open_input(op, &r.from, &r.in);
	if (e == ERR_OK)
		e = tell(op, r.in);
	if (e == ERR_OK)
		e = open_output(&r);
	if (e == ERR_OK)
		e = copy_packets(&r);
	if (e != ERR_OK)
		return e;
	if (av.av_write_trailer(r.out) < 0)
		return write_failed(&r);
	av.avio_flush(r.out->pb);
	if (r.to.error != 0)
		return write_failed(&r);
	op->rep->taken_at = CLOCK_NONE;
	return ERR_OK;
}
