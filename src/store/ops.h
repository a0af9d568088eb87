/*
 * The functions that a backend implements. Each does what store.h says about
 * the function of the same name. Only src/store includes this.
 *
 * An object store over HTTP can implement all of them: a folder is just the
 * beginning of a path and is never moved or opened; a list may come in pages;
 * an object may be downloaded for reading and uploaded when it is committed; a
 * move may be a copy and a removal.
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
	/* Opens t->fd and sets t->name; the caller has set the rest of *t. */
	enum err (*temp)(struct store_temp *t, struct why *why);
	/* replace: an object that has the path is replaced. */
	enum err (*commit)(struct store_temp *t, const char *path, bool replace,
	    struct store_info *ret, struct why *why);
	/* Removes a temporary file, whose descriptor is closed already. */
	void (*drop)(struct store_temp *t);
};

/* A backend's own struct begins with this one. */
struct store {
	const struct store_ops *ops;
	const char *root;
};

/* Translates errno after a failed call on that path: sets why and returns the
 * error. */
enum err store_failed(struct why *why, const char *call, const char *path);

/* Sets why->retry_after and returns ERR_RETRY, for an unavailable storage. */
enum err store_away(struct why *why);

#endif
