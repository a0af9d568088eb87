/*
 * The media's storage: a directory. Paths are relative to its root
 * ("user-media/users/1/Uploads/a.jpg", "general/…"); none leaves it, and no
 * symbolic link is ever followed (openat2, RESOLVE_BENEATH).
 *
 * Results: ERR_NOT_FOUND; ERR_CONFLICT (there is such a file); ERR_FULL (no
 * space, or over the disk quota); ERR_RETRY (the storage is away or read-only);
 * ERR_INTERNAL. why->detail tells path and cause.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"

struct store;

/* Opens the root. It lives until the arena is reset. */
enum err store_open(struct arena *a, const char *root, struct store **ret,
    struct why *why) MUST_CHECK;

/* The folders in the root, "vitrine init" makes them; the last is NULL. */
extern const char *const store_places[];

/* The root's path. */
const char *store_root(const struct store *s);

/* Makes a folder and those above it (0750), durably; there already is fine.
 * ERR_CONFLICT: something else has that name. */
enum err store_mkdir(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* Opens a regular file for reading; the caller closes it. */
enum err store_read(struct store *s, const char *path, int *ret_fd,
    struct stat *ret_st, struct why *why) MUST_CHECK;

/* Opens a folder; the caller closes it. */
enum err store_folder(struct store *s, const char *path, int *ret_fd,
    struct stat *ret_st, struct why *why) MUST_CHECK;

/*
 * Calls fn for every regular file of an opened folder, in no order; names
 * that are links, folders, or begin with a dot are passed over. fd is not
 * closed. fn's result ends the listing unless it is ERR_OK.
 */
typedef enum err store_list_fn(void *arg, const char *name,
    const struct stat *st);
enum err store_list(int fd, store_list_fn *fn, void *arg,
    struct why *why) MUST_CHECK;

/* A file that is being written, in tmp/. Dropped when the arena is reset,
 * unless store_commit() has given it its name. */
struct store_temp {
	struct store *store;
	int fd;
	char name[64];
	bool done;
};

enum err store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why) MUST_CHECK;

/* All n bytes. */
enum err store_write(struct store_temp *t, const void *p, size_t n,
    struct why *why) MUST_CHECK;

/* Closes the file, and removes it unless store_commit() has named it. Needed
 * only by callers that cannot wait for the arena: whoever has been answered must
 * not find it. Harmless when repeated. */
void store_drop(struct store_temp *t);

/* Makes it durable under its name: fsync, rename, fsync of the folder.
 * ERR_CONFLICT: the name is taken, and the file is still a temporary one. */
enum err store_commit(struct store_temp *t, const char *path,
    struct why *why) MUST_CHECK;

/* Renames a file and makes that durable. ERR_CONFLICT: `to` is there. */
enum err store_move(struct store *s, const char *from, const char *to,
    struct why *why) MUST_CHECK;

/* Removes a file; one that is not there is fine. */
enum err store_remove(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* Whether something can be written: for /healthz. */
enum err store_ping(struct store *s, struct why *why) MUST_CHECK;

#endif
