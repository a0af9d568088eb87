/*
 * The media's storage: a directory. Paths are relative to its root
 * ("user-media/users/1/Uploads/a.jpg", "general/…"). A path cannot leave the
 * root, and symbolic links are never followed (openat2, RESOLVE_BENEATH).
 *
 * Results: ERR_NOT_FOUND; ERR_CONFLICT (the name is taken); ERR_FULL (no space
 * left, or the disk quota is reached); ERR_RETRY (the storage is unavailable or
 * read-only); ERR_INTERNAL. On failure why->detail holds the path and the
 * cause.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"

struct store;

/* Opens the root; it is closed when the arena is reset. */
enum err store_open(struct arena *a, const char *root, struct store **ret,
    struct why *why) MUST_CHECK;

/* The folders below the root, which "vitrine init" makes; ends with NULL. */
extern const char *const store_places[];

/* The root's path. */
const char *store_root(const struct store *s);

/* Makes a folder and its missing parents (0750), durably. ERR_OK if it exists
 * already; ERR_CONFLICT if the name belongs to something else. */
enum err store_mkdir(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* Opens a regular file for reading; the caller closes it. */
enum err store_read(struct store *s, const char *path, int *ret_fd,
    struct stat *ret_st, struct why *why) MUST_CHECK;

/* Opens a folder; the caller closes it. */
enum err store_folder(struct store *s, const char *path, int *ret_fd,
    struct stat *ret_st, struct why *why) MUST_CHECK;

/*
 * Calls fn for every regular file of an opened folder, in no particular order.
 * Links, folders and names that begin with a dot are skipped. Stops at the
 * first result of fn that is not ERR_OK and returns it. fd stays open.
 */
typedef enum err store_list_fn(void *arg, const char *name,
    const struct stat *st);
enum err store_list(int fd, store_list_fn *fn, void *arg,
    struct why *why) MUST_CHECK;

/* A file in tmp/ that is being written. It is removed when the arena is reset
 * unless store_commit() has moved it to its final name. */
struct store_temp {
	struct store *store;
	int fd;
	char name[64];
	bool done;
};

enum err store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why) MUST_CHECK;

/* Writes all n bytes. */
enum err store_write(struct store_temp *t, const void *p, size_t n,
    struct why *why) MUST_CHECK;

/* Closes the file, and removes it unless store_commit() has moved it. Needed
 * only where the file must be gone before the arena is reset, for example
 * before the client has its answer. May be called more than once. */
void store_drop(struct store_temp *t);

/* Moves the file to its final name, durably: fsync, rename, fsync of the
 * folder. ERR_CONFLICT: the name is taken; the file stays temporary. */
enum err store_commit(struct store_temp *t, const char *path,
    struct why *why) MUST_CHECK;

/* Renames a file, durably. ERR_CONFLICT: `to` exists. */
enum err store_move(struct store *s, const char *from, const char *to,
    struct why *why) MUST_CHECK;

/* Removes a file. ERR_OK if it does not exist. */
enum err store_remove(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* Checks that the storage is writable, for /healthz. */
enum err store_ping(struct store *s, struct why *why) MUST_CHECK;

#endif
