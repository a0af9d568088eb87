/* The source file of a published copy. */
#ifndef CORE_COMMUNITY_SOURCE_H
#define CORE_COMMUNITY_SOURCE_H

#include "core/env.h"
#include "model/media.h"

/* Whether the media is an upload; uploads get the watermark. */
bool community_is_upload(const struct media *m);

struct community_source {
	int fd;		      /* closed with the arena */
	enum media_type type; /* as sniffed */
};

/* Opens the media's file and sniffs its type. ERR_NOT_FOUND: it is gone. */
enum err community_open_source(struct env *env, const struct media *m,
    struct community_source *ret) MUST_CHECK;

#endif
