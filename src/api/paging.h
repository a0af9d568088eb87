/* Lists in pages: offset, limit and cursor of a query, and the headers that
 * tell of the rest (seed 002). */
#ifndef API_PAGING_H
#define API_PAGING_H

#include "api/call.h"
#include "db/share_db.h"

#define PAGE_LIMIT 50
#define PAGE_LIMIT_MOST 500

/* Reads them; one more is asked for than is shown, to know whether there is a
 * next page. */
enum err paging_read(struct call *c, struct share_page *ret) MUST_CHECK;

/* The same for a page of HTML: its cursor alone, so many to a page. */
enum err paging_cursor(struct call *c, uint64_t per_page,
    struct share_page *ret) MUST_CHECK;

/* How many of n rows are shown. */
size_t paging_shown(const struct share_page *p, size_t n);

/* X-Total-Count and, where there are more than `shown` of n rows, Link with
 * rel="next"; last is the id of the last row that is shown. */
void paging_headers(struct call *c, const struct share_page *p, size_t n,
    uint64_t last, uint64_t total);

#endif
