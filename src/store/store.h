/*
 * Everything below the storage root: media, renditions, published copies,
 * temporary files, trash, marks. One table of functions (store/ops.h) says how;
 * its backend today is a directory (store/fs.h).
 *
 * An object is a file of the store. Its path ("user-media/users/1/Uploads/
 * a.jpg", "general/…") is relative to the root; what precedes the last slash
 * is its folder. Nothing outside the root is ever reached.
 *
 * Results: ERR_NOT_FOUND; ERR_CONFLICT (the path is taken); ERR_FULL (no
 * space, or over the disk quota); ERR_RETRY (the storage is away or read-only);
 * ERR_INTERNAL. why->detail says which path and why.
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
	struct timespec changed; /* the same, or when it got its path */
	uint64_t version;	 /* differs from that of an earlier object of
				  * the same path */
};

/* The root, in words for the administrator: the directory's path. */
const char *store_root(const struct store *s);

/* The directory where a web server finds each object by its path, and so can
 * send it by itself. NULL: there is none, the bytes are to be streamed. */
const char *store_web_root(const struct store *s);

/* Whether something can be written: ERR_OK, or ERR_RETRY with retry_after. */
enum err store_ping(struct store *s, struct why *why) MUST_CHECK;

/* ---- folders ---- */

/* Makes a folder and those above it, durably; does nothing where it exists, or
 * where the backend needs none. ERR_CONFLICT: something else has that path. */
enum err store_mkdir(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* While a folder's stamp stays the same, so does the list of its objects, but
 * for changes within the grain of the storage's clock. */
struct store_stamp {
	bool known; /* false: the backend cannot tell; list it every time */
	uint64_t inode;
	struct timespec mtime;
};

/* ERR_NOT_FOUND: there is no such folder, where the backend has folders. */
enum err store_stamp(struct store *s, const char *folder,
    struct store_stamp *ret, struct why *why) MUST_CHECK;

/*
 * Calls fn for every object directly in a folder, in no order; names that begin
 * with a dot are passed over, and on a file system all but regular files. The
 * listing ends when fn returns anything but ERR_OK, with that result.
 * ERR_NOT_FOUND: as store_stamp(). fn may remove the object that it is given.
 */
typedef enum err store_list_fn(void *arg, const char *name,
    const struct store_info *info);
enum err store_list(struct store *s, const char *folder, store_list_fn *fn,
    void *arg, struct why *why) MUST_CHECK;

/* ---- objects ---- */

/* Opens an object for reading, as a regular file that can be mapped and read at
 * any offset; the caller closes it. A backend that is not local may download it
 * whole for this: ask store_stat() where the bytes are not needed. */
enum err store_read(struct store *s, const char *path, int *ret_fd,
    struct store_info *ret, struct why *why) MUST_CHECK;

enum err store_stat(struct store *s, const char *path, struct store_info *ret,
    struct why *why) MUST_CHECK;

/* Gives an object another path, durably. ERR_CONFLICT: `to` is taken. A whole
 * folder cannot be moved. */
enum err store_move(struct store *s, const char *from, const char *to,
    struct why *why) MUST_CHECK;

/* Removes an object; one that is not there is fine. */
enum err store_remove(struct store *s, const char *path,
    struct why *why) MUST_CHECK;

/* ---- new objects ---- */

/* An object that is being written: a local file until it is committed. Dropped
 * when the arena is reset. */
struct store_temp {
	struct store *store;
	int fd;		/* open for reading and writing; -1: dropped */
	char name[64];	/* the backend's */
	bool committed; /* the file is an object now */
};

enum err store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why) MUST_CHECK;

/* Writes all n bytes. */
enum err store_write(struct store_temp *t, const void *p, size_t n,
    struct why *why) MUST_CHECK;

/* Makes it a durable object with that path; the descriptor stays open. ret
 * (NULL is allowed) describes the object. ERR_CONFLICT: the path is taken, and
 * the file is still a temporary one. */
enum err store_commit(struct store_temp *t, const char *path,
    struct store_info *ret, struct why *why) MUST_CHECK;

/* The same, and an object that has the path is replaced. */
enum err store_replace(struct store_temp *t, const char *path,
    struct why *why) MUST_CHECK;

/* Closes the file, and removes it unless it was committed. Needed only by
 * callers that cannot wait for the arena. Harmless when repeated. */
void store_drop(struct store_temp *t);

#endif
