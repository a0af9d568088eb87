/* Files and directories below a root, for the fs backend. As system calls do,
 * each returns -1 and sets errno when it fails. */
#ifndef STORE_BENEATH_H
#define STORE_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/* openat2() that neither leaves the directory nor follows a symbolic link. */
int beneath_open(int root, const char *path, int flags, mode_t mode);

/* Opens the directory that a path is in; *ret_name is the path's last part. */
int beneath_parent(int root, const char *path, const char **ret_name);

/* Closes, and keeps errno. */
void beneath_close(int fd);

/* Makes a directory of mode 0750 and those above it, durably. Those that
 * exist are fine. EEXIST: something else is in the way. */
int beneath_mkdir(int root, const char *path);

/* Renames, and syncs both directories. EEXIST: `to` is there, and is not to be
 * replaced. */
int beneath_rename(int root, const char *from, const char *to, bool replace);

/* Removes a file, and syncs its directory. */
int beneath_unlink(int root, const char *path);

#endif
