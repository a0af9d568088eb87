/*
 * The backend whose root is a directory. Paths are resolved beneath it, and
 * symbolic links are never followed (openat2, RESOLVE_BENEATH). A new object is
 * written as a file in tmp/, synced and renamed, and then both directories are
 * synced. A folder is a directory of mode 0750.
 *
 * These access the directory without the store:
 *
 *   core/ops/doctor_*   owner, mode, disk and foreign files: fs_folder()
 *   prog/owner          the account that owns the root, before it is opened
 *   prog/admin_doctor   the root's group
 *   base/slots          this host's locks in slots/, which are empty files
 *   the web server      general/ directly, the rest by store_web_root()
 */
#ifndef STORE_FS_H
#define STORE_FS_H

#include "store/store.h"

/* Opens the root; it is closed when the arena is reset. */
enum err fs_open(struct arena *a, const char *root, struct store **ret,
    struct why *why) MUST_CHECK;

/* Makes the root and its folders, as far as they are missing, for "vitrine
 * init". ERR_INVALID: the root cannot be made; why->detail says why, for the
 * administrator. */
enum err fs_init(struct arena *a, const char *root, struct why *why) MUST_CHECK;

/* The folders below the root; ends with NULL. */
extern const char *const fs_places[];

/* Opens a folder, for "vitrine doctor" only; the caller closes it. The store
 * must come from fs_open(). */
enum err fs_folder(struct store *s, const char *path, int *ret_fd,
    struct why *why) MUST_CHECK;

#endif
