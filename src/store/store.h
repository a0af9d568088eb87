/*
 * Everything below the storage root: media, renditions, published copies,
 * temporary files, trash, marks. A backend implements it as a table of
 * functions (store/ops.h); today's backend is a directory (store/fs.h).
 *
 * An object is a file of the store. Its path ("user-media/users/1/Uploads/
 * a.jpg", "general/…") is relative to the root and cannot leave it. The part
 * before the last slash is its folder.
 *
 * Results: ERR_NOT_FOUND; ERR_CONFLICT (the path is taken); ERR_FULL (no space
 * left, or the disk quota is reached); ERR_RETRY (the storage is unavailable or
 * read-only); ERR_INTERNAL. On failure why->detail holds the path and the
 * cause.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"

struct store;

/* An object, as the backend describes it. */
struct store_info {
	uint64_t size;
	struct timespec mtime;	 /* when its bytes last changed */
	struct timespec changed; /* mtime, or when it got its path if later */
	uint64_t version;	 /* differs from that of an earlier object with
				  * the same path */
};

/* The root as shown to the administrator: the directory's path. */
const char *store_root(const struct store *s);

/* The directory in which a web server finds each object by its path, so that it
 * can send the bytes itself. NULL: there is none, so they must be streamed. */
const char *store_web_root(const struct store *s);

/* Checks that the storage is writable. ERR_RETRY, with retry_after set: it is
 * not. */
enum err store_ping(struct store *s, struct why *why) MUST_CHECK;

/* ---- folders ---- */

/* Makes a folder and its missing parents, durably. Does nothing if it exists or
 * the backend needs no folders. ERR_CONFLICT: the path belongs to something
 * else. */
enum err store_mkdir(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* While a folder's stamp does not change, its list of objects does not either,
 * except within the resolution of the storage's clock. */
struct store_stamp {
	bool known; /* false: the backend has no stamps; list it every time */
	uint64_t inode;
	struct timespec mtime;
};

/* ERR_NOT_FOUND: no such folder, if the backend has folders. */
enum err store_stamp(struct store *s, const char *folder,
    struct store_stamp *ret, struct why *why) MUST_CHECK;

/*
 * Calls fn for every object directly in a folder, in no particular order. Skips
 * names that begin with a dot and, on a file system, all but regular files.
 * Stops at the first result of fn that is not ERR_OK and returns it.
 * ERR_NOT_FOUND: as for store_stamp(). fn may remove the object it is called
 * for.
 */
typedef enum err store_list_fn(void *arg, const char *name,
    const struct store_info *info);
enum err store_list(struct store *s, const char *folder, store_list_fn *fn,
    void *arg, struct why *why) MUST_CHECK;

/* ---- objects ---- */

/* Opens an object for reading, as a regular file that can be mapped and read at
 * any offset; the caller closes it. A remote backend may download all of it, so
 * use store_stat() if the bytes are not needed. */
enum err store_read(struct store *s, const char *path, int *ret_fd,
    struct store_info *ret, struct why *why) MUST_CHECK;

enum err store_stat(struct store *s, const char *path, struct store_info *ret,
    struct why *why) MUST_CHECK;

/* Changes an object's path, durably. ERR_CONFLICT: `to` is taken. Folders
 * cannot be moved. */
enum err store_move(struct store *s, const char *from, const char *to,
    struct why *why) MUST_CHECK;

/* Removes an object. ERR_OK if it does not exist. */
enum err store_remove(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* ---- new objects ---- */

/* An object that is being written: a local file until it is committed. It is
 * dropped when the arena is reset. */
struct store_temp {
	struct store *store;
	int fd;		/* open for reading and writing; -1: dropped */
	char name[64];	/* set by the backend */
	bool committed; /* the file is an object now */
};

enum err store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why) MUST_CHECK;

/* Writes all n bytes. */
enum err store_write(struct store_temp *t, const void *p, size_t n,
    struct why *why) MUST_CHECK;

/* Makes it a durable object with that path; the descriptor stays open. ret, if
 * not NULL, describes the object. ERR_CONFLICT: the path is taken; the file
 * stays temporary. */
enum err store_commit(struct store_temp *t, const char *path,
    struct store_info *ret, struct why *why) MUST_CHECK;

/* The same, but replaces an object that has the path. */
enum err store_replace(struct store_temp *t, const char *path,
    struct why *why) MUST_CHECK;

/* Closes the file, and removes it unless it was committed. Needed only where
 * the file must be gone before the arena is reset. May be called more than
 * once. */
void store_drop(struct store_temp *t);

#endif
