#include "config.h"

#include "core/pool/pack.h"

#include <string.h>

void
pack_put(struct buf *b, const struct db_row *row, const void *from)
{
	const struct db_column *c;
	const char *s;

	buf_mem(b, from, row->size);
	for (c = row->columns; c->name != NULL; c++) {
		AN(c->kind != DB_BYTES);
		if (c->kind != DB_TEXT)
			continue;
		memcpy(&s, (const char *)from + c->offset, sizeof(s));
		if (s != NULL)
			buf_mem(b, s, strlen(s) + 1);
	}
}

const char *
pack_get(const char *p, const struct db_row *row, void *into)
{
	const struct db_column *c;
	const char *s;

	memcpy(into, p, row->size);
	p += row->size;
	for (c = row->columns; c->name != NULL; c++) {
		if (c->kind != DB_TEXT)
			continue;
		memcpy(&s, (char *)into + c->offset, sizeof(s));
		if (s == NULL)
			continue;
		memcpy((char *)into + c->offset, &p, sizeof(p));
		p += strlen(p) + 1;
	}
	return p;
}
