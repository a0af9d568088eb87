/*
 * What a backend of the store does; only backends include this. Each function
 * does what store.h says of the function of the same name.
 *
 * None of them needs more than an object store over HTTP offers: a folder is
 * only the start of a path, never moved and never opened; a list may come in
 * pages; an object may be downloaded to be read and is uploaded when it is
 * committed; a move may be a copy and a removal.
 */
#ifndef STORE_OPS_H
#define STORE_OPS_H

#include "store/store.h"

struct store_ops {
	const char *(*web_root)(const struct store *s);
	enum err (*ping)(struct store *s, struct why *why);
	enum err (*mkdir)(struct store *s, const char *path, struct why *why);
	enum err (*stamp)(struct store *s, const char *folder,
	    struct store_stamp *ret, struct why *why);
	enum err (*list)(struct store *s, const char *folder, store_list_fn *fn,
	    void *arg, struct why *why);
	enum err (*read)(struct store *s, const char *path, int *ret_fd,
	    struct store_info *ret, struct why *why);
	enum err (*stat)(struct store *s, const char *path,
	    struct store_info *ret, struct why *why);
	enum err (*move)(struct store *s, const char *from, const char *to,
	    struct why *why);
	enum err (*remove)(struct store *s, const char *path, struct why *why);
	/* Opens t->fd and sets t->name; the rest of *t is set. */
	enum err (*temp)(struct store_temp *t, struct why *why);
	/* replace: an object of that path gives way. */
	enum err (*commit)(struct store_temp *t, const char *path, bool replace,
	    struct store_info *ret, struct why *why);
	/* Removes what a temporary file has left beside its descriptor, which
	 * is closed. */
	void (*drop)(struct store_temp *t);
};

/* A backend's own struct begins with it. */
struct store {
	const struct store_ops *ops;
	const char *root;
};

/* What errno comes to, for a call on that path: sets why, returns the error. */
enum err store_failed(struct why *why, const char *call, const char *path);

/* The same as a storage that is away: to be tried again. */
enum err store_away(struct why *why);

#endif
