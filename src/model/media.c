#include "config.h"

#include "model/media.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"

static const struct {
	const char *mime;
	const char *extension;
} types[MEDIA__MAX] = {
	[MEDIA_UNKNOWN] = { "application/octet-stream", "bin" },
	[MEDIA_JPEG] = { "image/jpeg", "jpg" },
	[MEDIA_PNG] = { "image/png", "png" },
	[MEDIA_WEBP] = { "image/webp", "webp" },
	[MEDIA_GIF] = { "image/gif", "gif" },
	[MEDIA_MP4] = { "video/mp4", "mp4" },
	[MEDIA_MOV] = { "video/quicktime", "mov" },
	[MEDIA_WEBM] = { "video/webm", "webm" },
};

static const char *const state_words[] = {
	[MEDIA_LIVE] = "live",
	[MEDIA_MISSING] = "missing",
	[MEDIA_TRASHED] = "trashed",
};

static const char *const enrichment_words[] = {
	[ENRICHMENT_PENDING] = "pending",
	[ENRICHMENT_PROCESSING] = "processing",
	[ENRICHMENT_COMPLETED] = "completed",
	[ENRICHMENT_FAILED] = "failed",
};

const struct words media_states = WORDS(state_words);
const struct words enrichment_states = WORDS(enrichment_words);

bool
enrichment_has_ended(enum enrichment_state state)
{
	switch (state) {
	case ENRICHMENT_PENDING:
	case ENRICHMENT_PROCESSING:
		return false;
	case ENRICHMENT_COMPLETED:
	case ENRICHMENT_FAILED:
		return true;
	}
	return false;
}

const char *
media_type_mime(enum media_type type)
{
	AN(type < MEDIA__MAX);
	return types[type].mime;
}

enum media_type
media_type_of_mime(const char *mime)
{
	for (int i = MEDIA_UNKNOWN + 1; i < MEDIA__MAX; i++)
		if (strcmp(types[i].mime, mime) == 0)
			return (enum media_type)i;
	return MEDIA_UNKNOWN;
}

const char *
media_type_extension(enum media_type type)
{
	AN(type < MEDIA__MAX);
	return types[type].extension;
}

bool
media_type_is_image(enum media_type type)
{
	return type == MEDIA_GIF || media_type_is_watermarkable(type);
}

bool
media_type_is_watermarkable(enum media_type type)
{
	return type == MEDIA_JPEG || type == MEDIA_PNG || type == MEDIA_WEBP;
}

enum media_type
media_type_of_name(const char *name)
{
	const char *extension = text_extension(name);

	if (strcasecmp(extension, "jpeg") == 0)
		return MEDIA_JPEG;
	for (int i = MEDIA_UNKNOWN + 1; i < MEDIA__MAX; i++)
		if (strcasecmp(types[i].extension, extension) == 0)
			return (enum media_type)i;
	return MEDIA_UNKNOWN;
}

bool
media_name_is_listed(const char *name)
{
	return name[0] != '.' && media_type_of_name(name) != MEDIA_UNKNOWN;
}

unsigned
perceptual_distance(uint64_t a, uint64_t b)
{
	return (unsigned)__builtin_popcountll(a ^ b);
}

const char *
media_numbered_name(struct arena *a, const char *name, unsigned number)
{
	const char *extension = text_extension(name);
	size_t tail = strlen(extension) + 1, stem = strlen(name) - tail;
	char count[16];

	if (number < 2)
		return name;
	snprintf(count, sizeof(count), "-%u", number);
	while (stem > 0 &&
	    (stem + strlen(count) + tail > 255 ||
		((unsigned char)name[stem] & 0xc0) == 0x80))
		stem--;
	return arena_printf(a, "%.*s%s.%s", (int)stem, name, count, extension);
}
