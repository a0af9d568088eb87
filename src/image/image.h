/*
 * The client of vitrine-image, the only program that parses media. One
 * helper process is started per call, locked down before it reads the first
 * byte, and killed at its deadline; whatever happens to it, the caller gets a
 * result:
 *   ERR_INVALID    the bytes are not a picture that can be worked on (broken,
 *                  or of a kind that the call does not take); why tells
 *   ERR_TOO_LARGE  over image.max_pixels or max_side; why tells
 *   ERR_RETRY      no place among image.processes within image.wait; also
 *                  when the helper ran out of time (why.retry_after is set)
 *   ERR_FULL       the output could not be written for want of space
 *   ERR_INTERNAL   the helper could not be started, or died of our fault
 * A helper that dies by a signal (SIGSYS, SIGSEGV, SIGKILL by a limit) has met
 * a hostile or absurd picture: ERR_INVALID, logged.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "image/sniff.h"
#include "model/media.h"

struct image_client;

/* slots: a folder for the locks that count the helpers of this host; made if
 * missing. marks: a folder where rendered text marks are kept. */
struct image_client *image_client_new(struct arena *a, const struct conf *conf,
    const char *slots, const char *marks);

struct image_info {
	enum media_type type;	/* by its bytes */
	uint32_t width, height; /* as a viewer sees it: orientation applied */
	bool animated;		/* of pictures; never set for a video */
	int64_t duration_ms;	/* videos; 0: unknown */
	int64_t taken_at; /* EXIF or container time; CLOCK_NONE: unknown */
	/* What a picture looks like (perceptual.h): its copies are a few bits
	 * apart, by perceptual_distance(). Told with a thumbnail; 0: none. */
	uint64_t perceptual_hash;
	const char *caption; /* XMP dc:description or IPTC caption, valid
				 * UTF-8 of at most 2,000 bytes; NULL: none */
};

/* Whether the last call's ERR_RETRY was for want of a place. Any other may be
 * the picture's doing. */
bool image_was_busy(const struct image_client *c);

/* Reads the header of a picture or video. in is read from its start (pread or
 * lseek; it is a regular file). */
enum err image_probe(struct image_client *c, struct arena *a, int in,
    struct image_info *ret, struct why *why) MUST_CHECK;

/*
 * Writes to out (an empty regular file) a copy without private metadata
 * (location, camera, texts, thumbnails, trailing data); colour profile and
 * orientation stay. mark: with the configured watermark, on a JPEG, PNG or
 * WebP; a mark that cannot be put is an error, never a copy without it.
 * ret tells type and size of what was written.
 */
enum err image_publish(struct image_client *c, struct arena *a, int in, int out,
    bool mark, struct image_info *ret, struct why *why) MUST_CHECK;

/* Writes to out a JPEG or (with transparency) PNG or WebP thumbnail, upright,
 * of at most `side` pixels on its longer side, never larger than the picture;
 * of a GIF its first frame. Videos are ERR_INVALID. No metadata but sRGB. */
enum err image_thumbnail(struct image_client *c, struct arena *a, int in,
    int out, unsigned side, struct image_info *ret, struct why *why) MUST_CHECK;

/* Whether a mark could be put on at all: the settings, the font or the picture
 * of the mark. For the administrator: without it nothing is published. */
enum err image_mark_ready(struct image_client *c, struct arena *a,
    struct why *why) MUST_CHECK;

#endif
