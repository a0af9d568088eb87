/* Memory that lives as long as one request and is freed as a whole. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

struct arena;

/* A new, empty arena that may hold up to cap bytes. Exceeding the cap aborts:
 * every input has its own limit, so it would be a bug. */
struct arena *arena_new(size_t cap);

/* Runs the deferred calls, newest first, and frees all memory except one
 * block, which the next request reuses. */
void arena_reset(struct arena *a);

/* Does what arena_reset() does and frees the arena. NULL is allowed. */
void arena_free(struct arena *a);

/* n zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc));

/* Room for n objects of size bytes; aborts when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size)
    __attribute__((malloc));

/* Copies: all of s; its first n bytes; a memory range (not terminated). */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);

char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);

/* Calls fn(arg) when the arena is reset. Register it after the step that it
 * undoes. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* Closes the descriptor when the arena is reset. */
void arena_defer_close(struct arena *a, int fd);

#define arena_new_struct(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
