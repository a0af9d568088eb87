/*
 * The client of vitrine-image, the only program that parses media. Each call
 * starts one helper process, which is locked down before it reads the first
 * byte and killed at its deadline. The results:
 *   ERR_INVALID    the file is damaged or of a type the call does not accept;
 *                  why says which
 *   ERR_TOO_LARGE  over image.max_pixels or max_side; why has the numbers
 *   ERR_RETRY      none of image.processes became free within image.wait, or
 *                  the helper ran out of time (why.retry_after is set)
 *   ERR_FULL       no space left for the output
 *   ERR_INTERNAL   the helper could not be started, or failed by a bug
 * A helper killed by a signal (SIGSYS, SIGSEGV, SIGKILL by a limit) has read a
 * hostile or absurd picture: ERR_INVALID, and it is logged.
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

/* slots: a folder for the locks that limit the helpers on this host, made if
 * missing. */
struct image_client *image_client_new(struct arena *a, const struct conf *conf,
    const char *slots);

struct image_info {
	enum media_type type;	/* by its content */
	uint32_t width, height; /* as a viewer sees it: orientation applied */
	bool animated;		/* an animated picture; never set for a video */
	int64_t duration_ms;	/* of a video; 0: unknown */
	int64_t taken_at; /* EXIF or container time; CLOCK_NONE: unknown */
	/* Describes what a picture looks like (perceptual.h): copies differ in
	 * a few bits, see perceptual_distance(). Set by image_thumbnail(); 0:
	 * none. */
	uint64_t perceptual_hash;
	const char *caption; /* XMP dc:description or IPTC caption, valid
			      * UTF-8 of at most 2,000 bytes; NULL: none */
};

/* Whether the last call returned ERR_RETRY because no helper was free. Any
 * other ERR_RETRY may be caused by the picture. */
bool image_was_busy(const struct image_client *c);

/* Reads the header of a picture or video. in is a regular file and is read from
 * its start, whatever its offset. */
enum err image_probe(struct image_client *c, struct arena *a, int in,
    struct image_info *ret, struct why *why) MUST_CHECK;

/*
 * Writes to out (an empty regular file) a copy without private metadata
 * (location, camera, texts, thumbnails, trailing data), but with colour profile
 * and orientation. mark: a rendered mark to put on a JPEG, PNG or WebP, -1 for
 * none; fails rather than writing a copy without it. ret is the copy's type and
 * size.
 */
enum err image_publish(struct image_client *c, struct arena *a, int in, int out,
    int mark, struct image_info *ret, struct why *why) MUST_CHECK;

/* Writes to out an upright thumbnail as a JPEG or, with transparency, PNG or
 * WebP: at most `side` pixels on its longer side, never larger than the
 * picture, of an animation the first frame, no metadata except sRGB. Videos are
 * ERR_INVALID. */
enum err image_thumbnail(struct image_client *c, struct arena *a, int in,
    int out, unsigned side, struct image_info *ret, struct why *why) MUST_CHECK;

/* ---- the configured watermark ---- */

struct image_mark;

/* Reads the settings, and opens the mark's picture where it is one (closed with
 * the arena). ERR_INTERNAL: they cannot be used. */
enum err image_mark_plan(struct image_client *c, struct arena *a,
    struct image_mark **ret, struct why *why) MUST_CHECK;

/* A hash of all that the rendered mark depends on, in hex: a rendered mark may
 * be kept under this name. */
const char *image_mark_name(const struct image_mark *m);

/* Renders it into out, an empty regular file. Whatever is wrong with the mark
 * is ERR_INTERNAL; ERR_RETRY and ERR_FULL as above. */
enum err image_mark_render(struct image_client *c, const struct image_mark *m,
    int out, struct why *why) MUST_CHECK;

/* Whether a file is a whole rendered mark. */
bool image_mark_is_whole(int fd);

#endif
