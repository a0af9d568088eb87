/* Rows of the database as bytes, for what a pool keeps. */
#ifndef CORE_POOL_PACK_H
#define CORE_POOL_PACK_H

#include "base/buf.h"
#include "db/db.h"

/* Appends a row: its struct, then its texts. A row with DB_BYTES cannot be
 * packed: that dies. */
void pack_put(struct buf *b, const struct db_row *row, const void *from);

/* Reads back what pack_put() of this program has written; the texts stay where
 * they are. Returns where the next row begins. */
const char *pack_get(const char *p, const struct db_row *row, void *into);

#endif
