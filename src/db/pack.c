#include "config.h"

#include <string.h>

#include "db/db.h"

void
db_pack(struct buf *b, const struct db_column *map, const void *row,
    size_t size)
{
	const char *s;

	buf_mem(b, row, size);
	for (; map->name != NULL; map++) {
		AN(map->kind != DB_BYTES);
		if (map->kind != DB_TEXT)
			continue;
		memcpy(&s, (const char *)row + map->offset, sizeof(s));
		if (s != NULL)
			buf_mem(b, s, strlen(s) + 1);
	}
}

const char *
db_unpack(const char *p, const struct db_column *map, void *row, size_t size)
{
	const char *s;

	memcpy(row, p, size);
	p += size;
	for (; map->name != NULL; map++) {
		if (map->kind != DB_TEXT)
			continue;
		memcpy(&s, (char *)row + map->offset, sizeof(s));
		if (s == NULL)
			continue;
		memcpy((char *)row + map->offset, &p, sizeof(p));
		p += strlen(p) + 1;
	}
	return p;
}
