/*
 * The backend whose root is a directory. Paths are resolved beneath it, and no
 * symbolic link is ever followed (openat2, RESOLVE_BENEATH). A new object is a
 * file in tmp/ that is synced, renamed and has both folders synced; a folder is
 * a directory of mode 0750.
 *
 * What goes to this directory without the store, all of it fs's own concern:
 *
 *   core/ops/doctor_*   owner, mode, disk and foreign files: fs_folder()
 *   prog/owner          the account that owns the root, before it is opened
 *   prog/admin_doctor   the group of the root
 *   base/slots          locks of this host in slots/, which hold no bytes
 *   the web server      general/ by itself, the rest by store_web_root()
 */
#ifndef STORE_FS_H
#define STORE_FS_H

#include "store/store.h"

/* Opens the root. It lives until the arena is reset. */
enum err fs_open(struct arena *a, const char *root, struct store **ret,
    struct why *why) MUST_CHECK;

/* Makes the root and the folders in it, for "vitrine init". What exists is
 * kept. ERR_INVALID: the root cannot be made; why->detail is for the
 * administrator. */
enum err fs_init(struct arena *a, const char *root, struct why *why) MUST_CHECK;

/* The folders in the root; the last is NULL. */
extern const char *const fs_places[];

/* Opens a folder, for "vitrine doctor" alone; the caller closes it. The store
 * must be one of fs_open(). */
enum err fs_folder(struct store *s, const char *path, int *ret_fd,
    struct why *why) MUST_CHECK;

#endif
