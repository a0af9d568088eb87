#include "config.h"

#include "api/paging.h"

#include <inttypes.h>
#include <string.h>

static enum err
read_offset(struct call *c, uint64_t *ret)
{
	const char *text = http_query(c->req, "offset");

	*ret = 0;
	if (text == NULL || strcmp(text, "0") == 0 ||
	    decimal_parse(text, INT64_MAX, ret))
		return ERR_OK;
	return why_with(&c->env.why, WHY_TOO_SMALL, .field = "offset",
	    .least = 0);
}

enum err
paging_cursor(struct call *c, uint64_t per_page, struct share_page *ret)
{
	struct share_page p = { .limit = per_page + 1 };
	enum err e = call_cursor(c, &p.before);

	if (e == ERR_OK)
		*ret = p;
	return e;
}

enum err
paging_read(struct call *c, struct share_page *ret)
{
	uint64_t offset, limit;
	enum err e;

	if ((e = read_offset(c, &offset)) != ERR_OK ||
	    (e = call_query_number(c, "limit", PAGE_LIMIT_MOST, PAGE_LIMIT,
		 &limit)) != ERR_OK ||
	    (e = paging_cursor(c, limit, ret)) != ERR_OK)
		return e;
	ret->offset = offset;
	return ERR_OK;
}

size_t
paging_shown(const struct share_page *p, size_t n)
{
	return n < p->limit ? n : p->limit - 1;
}

void
paging_headers(struct call *c, const struct share_page *p, size_t n,
    uint64_t last, uint64_t total)
{
	http_response_header(c->resp, "X-Total-Count", "%" PRIu64, total);
	if (n < p->limit)
		return;
	http_response_header(c->resp, "Link",
	    "<%s%s?limit=%" PRIu64 "&cursor=%" PRIu64 ">; rel=\"next\"",
	    c->env.base->conf->site_base_url, c->req->target, p->limit - 1,
	    last);
}
