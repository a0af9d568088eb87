/* Files and directories below a root, for the fs backend. Like system calls,
 * the functions return -1 and set errno on failure. */
#ifndef STORE_BENEATH_H
#define STORE_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/* openat2() that cannot leave the root and does not follow symbolic links. */
int beneath_open(int root, const char *path, int flags, mode_t mode);

/* Opens a path's parent directory; *ret_name is the path's last part. */
int beneath_parent(int root, const char *path, const char **ret_name);

/* Closes without changing errno. */
void beneath_close(int fd);

/* Makes a directory and its missing parents (mode 0750), durably; 0 if it
 * exists already. EEXIST: the name belongs to something else. */
int beneath_mkdir(int root, const char *path);

/* Renames and syncs both directories. EEXIST: `to` exists and replace is
 * false. */
int beneath_rename(int root, const char *from, const char *to, bool replace);

/* Removes a file and syncs its directory. */
int beneath_unlink(int root, const char *path);

#endif
