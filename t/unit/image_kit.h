/* What the tests of the picture helper share: the real helper, run from the
 * build tree on files in a folder of the test's own, and pictures made here. */
#ifndef T_IMAGE_KIT_H
#define T_IMAGE_KIT_H

#include <stdbool.h>
#include <stddef.h>

#include "image/image.h"

struct bytes {
	unsigned char *p;
	size_t n;
};

struct kit {
	struct arena *arena;
	struct conf *conf; /* may be changed by a test */
	struct image_client *client;
	char dir[64];
	struct image_info info; /* of the last call */
	struct why why;
	struct bytes out;
};

extern struct kit kit;

/* Fixtures. */
void kit_setup(void);
void kit_teardown(void);

/* The calls of image.h on bytes; the output is in kit.out. */
enum err kit_probe(struct bytes in);
enum err kit_publish(struct bytes in, bool mark);
enum err kit_thumbnail(struct bytes in, unsigned side);

/* A path in the test's folder, and files there. */
const char *kit_path(const char *name);
void kit_save(const char *name, struct bytes b);

/* A configuration of this text. */
struct conf *kit_conf(const char *text);
struct bytes kit_load(const char *path);

/* Bytes put together. */
struct bytes kit_text(const char *s);
struct bytes kit_join(struct bytes a, struct bytes b);
bool kit_has(struct bytes b, const char *what);
void kit_be32(unsigned char *p, unsigned v);

struct jpeg_spec {
	unsigned width, height;
	int color; /* J_COLOR_SPACE of the file */
	int h, v;  /* sampling of the first component */
	bool progressive, arithmetic;
	int restart; /* MCUs, 0: none */
	bool flat;   /* one grey instead of a pattern */
};

struct bytes kit_jpeg(const struct jpeg_spec *spec);

/* The JPEG with a segment behind its first marker. */
struct bytes kit_segment(struct bytes jpeg, unsigned marker, struct bytes b);

/* An Exif segment's content: orientation, a place, a camera and a note, all of
 * which say SECRET. */
struct bytes kit_exif(unsigned orientation);

/* A chunk of a PNG with its check sum, and a PNG with it before the first
 * chunk of the type. */
struct bytes kit_chunk(const char *type, struct bytes data);
struct bytes kit_png_insert(struct bytes png, const char *before,
    struct bytes chunk);

/* A zlib stream that inflates to n bytes, all of them c. */
struct bytes kit_zlib(unsigned char c, size_t n);

/* A PNG of one colour, black, without more memory than its file's. */
struct bytes kit_black_png(unsigned w, unsigned h, unsigned depth,
    unsigned color);

/* An executable script of that name to take the helper's place. */
void kit_script(const char *name, const char *body);

/* Pixels by MagickWand, which here reads what the helper wrote. */
struct pixels {
	unsigned width, height;
	unsigned short *p; /* RGBA, 16 bits */
};

struct pixels kit_decode(struct bytes file, const char *coder, bool upright);
struct bytes kit_encode(const struct pixels *px, const char *coder,
    const char *option, const char *value, unsigned quality);
const unsigned short *kit_at(const struct pixels *px, unsigned x, unsigned y);

/* A picture of a coarse pattern, w by h. */
struct pixels kit_pattern(unsigned w, unsigned h, bool alpha);

/* Configures as mark a picture of four quarters: red, green; blue, white. */
void kit_mark_picture(unsigned w, unsigned h);

/* The real photographs' folder; where there is none, the program ends as
 * skipped, and says so. */
const char *kit_pictures(void);

/* The files below a folder whose names end so, sorted; NULL-terminated. */
char **kit_find(const char *dir, const char *end);

#endif
