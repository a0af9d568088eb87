/*
 * A pipe through which the processes of a pool pass messages of one size, at
 * most PIPE_BUF bytes, to one of them. A message goes through whole or not at
 * all.
 */
#ifndef CORE_POOL_PIPE_H
#define CORE_POOL_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens one before the pool forks: ret[0] to take from, ret[1] to put into.
 * Neither blocks. False, with errno set. */
bool pipe_open(int ret[2]);

/* Puts a message in. Waits for room at most wait us; false: there was none, or
 * nobody takes from the pipe any more. */
bool pipe_put(int fd, const void *message, size_t size, int64_t wait);

/* Takes what is there, at most `most` messages. Returns their number; 0: there
 * is none. Does not wait. */
size_t pipe_take(int fd, void *messages, size_t size, size_t most);

#endif
