/* A store without folders, local files or a place that a web server could read:
 * what its table of functions asks of a backend, and no more. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/store.h"

/* An empty one. It lives until the arena is reset. */
struct store *memory_open(struct arena *a);

#endif
