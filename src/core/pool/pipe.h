/*
 * A pipe through which the processes of a pool pass messages of one size, at
 * most PIPE_BUF bytes, to one of them. A message is passed completely or not
 * at all.
 */
#ifndef CORE_POOL_PIPE_H
#define CORE_POOL_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Creates a pipe; called before the pool forks. ret[0] is read from, ret[1] is
 * written to; neither blocks. False on failure, with errno set. */
bool pipe_open(int ret[2]);

/* Writes a message, waiting at most wait us for room. False: there was none, or
 * no process reads from the pipe any more. */
bool pipe_put(int fd, const void *message, size_t size, int64_t wait);

/* Reads waiting messages, at most `most`, and returns their number, which may be
 * 0. Does not wait. */
size_t pipe_take(int fd, void *messages, size_t size, size_t most);

#endif
