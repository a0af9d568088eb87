/* Paged lists: the query's offset, limit and cursor, and the response headers
 * for the total and the next page (seed 002). */
#ifndef API_PAGING_H
#define API_PAGING_H

#include "api/call.h"
#include "db/share_db.h"

#define PAGE_LIMIT 50
#define PAGE_LIMIT_MOST 500

/* Reads offset, limit and cursor. ret->limit is one more than the page shows,
 * to find out whether there is a next page. */
enum err paging_read(struct call *c, struct share_page *ret) MUST_CHECK;

/* The same with the cursor alone and a fixed page size, for HTML pages. */
enum err paging_cursor(struct call *c, uint64_t per_page,
    struct share_page *ret) MUST_CHECK;

/* The number of rows to show of the n that were read. */
size_t paging_shown(const struct share_page *p, size_t n);

/* Sets X-Total-Count and, if the n rows read include one of the next page, Link
 * with rel="next". last: the id of the last row shown, as the next cursor. */
void paging_headers(struct call *c, const struct share_page *p, size_t n,
    uint64_t last, uint64_t total);

#endif
