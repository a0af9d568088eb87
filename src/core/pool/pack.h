/* Database rows as bytes, for the pool's cache. */
#ifndef CORE_POOL_PACK_H
#define CORE_POOL_PACK_H

#include "base/buf.h"
#include "db/db.h"

/* Appends a row: its struct, then its texts. Dies on a row with DB_BYTES, which
 * cannot be packed. */
void pack_put(struct buf *b, const struct db_row *row, const void *from);

/* Reads a row that pack_put() of this program wrote. Texts are not copied but
 * point into the buffer. Returns where the next row begins. */
const char *pack_get(const char *p, const struct db_row *row, void *into);

#endif
