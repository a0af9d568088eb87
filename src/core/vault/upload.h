/* Uploads: streamed into storage, never held in memory. */
#ifndef CORE_VAULT_UPLOAD_H
#define CORE_VAULT_UPLOAD_H

#include "core/env.h"
#include "core/vault/category.h"
#include "model/media.h"
#include "model/user.h"

/* A file that has been received completely. */
struct upload_file {
	struct store_temp *temp;
	const char *name;
	uint64_t size;
	enum media_type type;
	struct upload_file *next;
};

/* The uploads of one request. Files get their names only after all have been
 * received, so a request that fails leaves nothing behind. */
struct upload {
	struct env *env;
	const struct caller *caller;
	const struct category *category;
	uint64_t room; /* bytes left in the quota; UINT64_MAX: no quota */
	size_t n;
	struct upload_file *first, **last;
	struct upload_file *now; /* being received */
	unsigned char head[64];	 /* the first bytes of `now` */
};

/* Begins a request's uploads. category NULL: upload. ERR_INVALID: unknown
 * category; ERR_FORBIDDEN: a category other than upload without the scope
 * media:generated. */
enum err upload_begin(struct env *env, const struct caller *c,
    const char *category, struct upload *ret) MUST_CHECK;

/* Begins the next file. ERR_INVALID: the vault does not list files of this
 * name. */
enum err upload_start(struct upload *u, const char *name) MUST_CHECK;

/* Writes its next bytes. ERR_TOO_LARGE, or ERR_FULL if the quota or the disk is
 * exhausted. */
enum err upload_data(struct upload *u, const void *p, size_t n) MUST_CHECK;

/* Ends the file. ERR_INVALID: its content is not a supported media type. */
enum err upload_end(struct upload *u) MUST_CHECK;

/* Names every file, adding a number if the name is taken, and adds its row.
 * *ret is an array of u->n media. */
enum err upload_finish(struct upload *u, struct media **ret) MUST_CHECK;

/* Removes all temporary files of a failed upload before the client reads the
 * error. Also valid on a zeroed *u, without upload_begin(). */
void upload_abandon(struct upload *u);

#endif
