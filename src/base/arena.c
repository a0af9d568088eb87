#include "config.h"

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef ARENA_MALLOC
#define BLOCK_SIZE 1 /* a block, and so a red zone, for each allocation */
#else
#define BLOCK_SIZE 16384
#endif

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

struct defer {
	struct defer *next;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *blocks;
	struct defer *defers;
	size_t cap;
	size_t held;
};

struct arena *
arena_new(size_t cap)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		die("out of memory");
	a->cap = cap;
	return a;
}

static void
run_defers(struct arena *a)
{
	struct defer *d;

	while ((d = a->defers) != NULL) {
		a->defers = d->next;
		d->fn(d->arg);
	}
}

void
arena_reset(struct arena *a)
{
	struct block *b;

	run_defers(a);
	while ((b = a->blocks) != NULL &&
	    (b->next != NULL || b->size != BLOCK_SIZE)) {
		a->blocks = b->next;
		free(b);
	}
	if (b != NULL) {
		memset(b->data, 0, b->used);
		b->used = 0;
	}
	a->held = b != NULL ? b->size : 0;
}

void
arena_free(struct arena *a)
{
	struct block *b;

	if (a == NULL)
		return;
	run_defers(a);
	while ((b = a->blocks) != NULL) {
		a->blocks = b->next;
		free(b);
	}
	free(a);
}

static struct block *
block_add(struct arena *a, size_t n)
{
	size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
	struct block *b;

	if (size > a->cap - a->held)
		die("arena: %zu bytes over the cap of %zu", size, a->cap);
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		die("out of memory");
	b->size = size;
	a->held += size;
	/* A large block goes behind the current one, which has room left. */
	if (a->blocks != NULL && n > BLOCK_SIZE) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	const size_t align = alignof(max_align_t);
	struct block *b = a->blocks;
	void *p;

	if (n > SIZE_MAX - align)
		die("arena: absurd size");
	n = n == 0 ? align : (n + align - 1) / align * align;
	if (b == NULL || n > b->size - b->used)
		b = block_add(a, n);
	p = b->data + b->used;
	b->used += n;
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die("arena: absurd array");
	return arena_alloc(a, total);
}

void *
arena_memdup(struct arena *a, const void *p, size_t n)
{
	void *q = arena_alloc(a, n);

	if (n > 0)
		memcpy(q, p, n);
	return q;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *q = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(q, s, n);
	q[n] = '\0';
	return q;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char most[256]; /* most texts fit, and need no second pass */
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(most, sizeof(most), fmt, again);
	va_end(again);
	AN(n >= 0);
	if ((size_t)n < sizeof(most))
		return arena_strndup(a, most, (size_t)n);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct defer *d = arena_new_struct(a, struct defer);

	d->fn = fn;
	d->arg = arg;
	d->next = a->defers;
	a->defers = d;
}

static void
close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

void
arena_defer_close(struct arena *a, int fd)
{
	arena_defer(a, close_fd, (void *)(intptr_t)fd);
}
