/* Uploads: streamed into storage, never held in memory. */
#ifndef CORE_VAULT_UPLOAD_H
#define CORE_VAULT_UPLOAD_H

#include "core/env.h"
#include "core/vault/category.h"
#include "model/media.h"
#include "model/user.h"

/* A file that has been received whole. */
struct upload_file {
	struct store_temp *temp;
	const char *name;
	uint64_t size;
	enum media_type type;
	struct upload_file *next;
};

/* One request's uploads. Nothing gets its name before all of them are there,
 * so a request that fails leaves nothing behind. */
struct upload {
	struct env *env;
	const struct caller *caller;
	const struct category *category;
	uint64_t room; /* bytes that the quota leaves; UINT64_MAX: no quota */
	size_t n;
	struct upload_file *first, **last;
	struct upload_file *now; /* that is being received */
	unsigned char head[64];	 /* its first bytes */
};

/* category NULL: upload. ERR_INVALID: unknown; ERR_FORBIDDEN: a category other
 * than upload without the scope media:generated. */
enum err upload_begin(struct env *env, const struct caller *c,
    const char *category, struct upload *ret) MUST_CHECK;

/* The next file. ERR_INVALID: its name is none that the vault lists. */
enum err upload_start(struct upload *u, const char *name) MUST_CHECK;

/* Its next bytes. ERR_TOO_LARGE, ERR_FULL (quota or disk). */
enum err upload_data(struct upload *u, const void *p, size_t n) MUST_CHECK;

/* It is whole. ERR_INVALID: its bytes are no media of ours. */
enum err upload_end(struct upload *u) MUST_CHECK;

/* All are there: each gets its name (with a number when that is taken), then
 * its row. *ret is an array of u->n media. */
enum err upload_finish(struct upload *u, struct media **ret) MUST_CHECK;

/* Removes every temporary file of an upload that failed, so that none is left
 * once the client reads the error. Needs no upload_begin() when *u is zeroed. */
void upload_abandon(struct upload *u);

#endif
