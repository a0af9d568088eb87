#include "config.h"

#include "http/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/body.h"
#include "http/parameters.h"

#define SIZE 65536
#define MAX_BOUNDARY 70
#define MAX_HEADERS (SIZE / 4)
#define MAX_PARAMETERS 16

struct reader {
	struct http_request *request;
	const struct multipart_limits *limits;
	const struct multipart_handler *handler;
	struct why *why;
	char *buf; /* bytes read and not yet used are from start to end */
	size_t start, end;
	bool ended;
	char mark[4 + MAX_BOUNDARY]; /* CR LF - - boundary */
	size_t mark_len;
};

static enum err
too_large(struct reader *rd)
{
	return why_with(rd->why, WHY_BODY_TOO_LARGE,
	    .most = (int64_t)rd->limits->body);
}

/* Fills the rest of the buffer, unless the body ends first. */
static enum err
fill(struct reader *rd)
{
	size_t got;
	enum err e;

	memmove(rd->buf, rd->buf + rd->start, rd->end - rd->start);
	rd->end -= rd->start;
	rd->start = 0;
	while (rd->end < SIZE && !rd->ended) {
		e = http_body_read(rd->request, rd->buf + rd->end,
		    SIZE - rd->end, &got, rd->why);
		if (e != ERR_OK)
			return e;
		if (rd->request->body_read > rd->limits->body)
			return too_large(rd);
		rd->end += got;
		rd->ended = got == 0;
	}
	return ERR_OK;
}

/* Makes n bytes available in the buffer, unless the body ends first. */
static enum err
need(struct reader *rd, size_t n)
{
	if (rd->end - rd->start >= n || rd->ended)
		return ERR_OK;
	return fill(rd);
}

static enum err
emit(struct reader *rd, size_t n, bool wanted)
{
	enum err e = ERR_OK;

	if (wanted && n > 0)
		e = rd->handler->data(rd->handler->arg, rd->buf + rd->start, n);
	rd->start += n;
	return e;
}

/* Passes on (or skips) everything up to the next mark and consumes the mark. A
 * mark that is cut off by the end of the buffer is kept for the next round. */
static enum err
pass_to_mark(struct reader *rd, bool wanted)
{
	const char *at;
	size_t have;
	enum err e;

	for (;;) {
		if ((e = need(rd, rd->mark_len)) != ERR_OK)
			return e;
		have = rd->end - rd->start;
		if (have < rd->mark_len)
			return why_set(rd->why, WHY_MULTIPART_CUT_OFF);
		at = memmem(rd->buf + rd->start, have, rd->mark, rd->mark_len);
		if (at != NULL)
			break;
		e = emit(rd, have - (rd->mark_len - 1), wanted);
		if (e != ERR_OK)
			return e;
	}
	e = emit(rd, (size_t)(at - rd->buf) - rd->start, wanted);
	rd->start += rd->mark_len;
	return e;
}

/* Reads what follows a mark: "--" ends the body; else padding and CR LF. */
static enum err
pass_line(struct reader *rd, bool *ret_last)
{
	size_t n = 0;
	enum err e;

	if ((e = need(rd, MAX_HEADERS)) != ERR_OK)
		return e;
	*ret_last = rd->end - rd->start >= 2 &&
	    memcmp(rd->buf + rd->start, "--", 2) == 0;
	if (*ret_last)
		return ERR_OK;
	while (n < MAX_HEADERS && rd->start < rd->end &&
	    (rd->buf[rd->start] == ' ' || rd->buf[rd->start] == '\t')) {
		rd->start++;
		n++;
	}
	if (rd->end - rd->start < 2 ||
	    memcmp(rd->buf + rd->start, "\r\n", 2) != 0)
		return why_set(rd->why, WHY_MULTIPART_BOUNDARY);
	/* The CR LF stays: it also ends the headers if there are none. */
	return ERR_OK;
}

/* The value, if the line is the field of that name. */
static const char *
field(const char *line, const char *name)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	return line + strspn(line, " \t");
}

static enum err
read_disposition(struct reader *rd, const char *value,
    struct multipart_part *part)
{
	struct http_parameter p[MAX_PARAMETERS];
	const char *filename;
	int n;

	if (part->name != NULL || strncasecmp(value, "form-data", 9) != 0 ||
	    (value[9] != ';' && value[9] != ' ' && value[9] != '\t'))
		return why_set(rd->why, WHY_MULTIPART_NOT_FORM_DATA);
	n = http_parameters(rd->request->arena, value, true, p, MAX_PARAMETERS);
	if (n < 0)
		return why_set(rd->why, WHY_MULTIPART_DISPOSITION);
	part->name = http_parameter(p, n, "name");
	filename = http_parameter(p, n, "filename");
	if (part->name == NULL)
		return why_set(rd->why, WHY_MULTIPART_NO_NAME);
	if (filename != NULL)
		part->filename = filename;
	return ERR_OK;
}

/* Parses one header line, given without its CR LF. */
static enum err
read_header(struct reader *rd, const char *line, struct multipart_part *part)
{
	const char *value;

	if (*line == ' ' || *line == '\t' || strchr(line, ':') == NULL)
		return why_set(rd->why, WHY_MULTIPART_HEADER);
	for (const char *s = line; *s != '\0'; s++)
		if (text_is_control(*s) && *s != '\t')
			return why_set(rd->why, WHY_MULTIPART_CONTROL);
	if ((value = field(line, "Content-Disposition")) != NULL)
		return read_disposition(rd, value, part);
	if ((value = field(line, "Content-Type")) != NULL)
		part->type = value;
	if ((value = field(line, "Content-Transfer-Encoding")) != NULL &&
	    strcasecmp(value, "binary") != 0 &&
	    strcasecmp(value, "8bit") != 0 && strcasecmp(value, "7bit") != 0)
		return why_set(rd->why, WHY_MULTIPART_ENCODED);
	return ERR_OK;
}

static enum err
read_headers(struct reader *rd, struct multipart_part *part)
{
	size_t most = rd->limits->headers, n, len;
	char *text, *line, *next;
	const char *at;
	enum err e;

	if (most > MAX_HEADERS)
		most = MAX_HEADERS;
	if ((e = need(rd, most + 4)) != ERR_OK)
		return e;
	len = rd->end - rd->start;
	at = memmem(rd->buf + rd->start, len < most + 4 ? len : most + 4,
	    "\r\n\r\n", 4);
	if (at == NULL)
		return why_set(rd->why, WHY_MULTIPART_HEADERS);
	n = (size_t)(at - rd->buf) - rd->start;
	text = arena_strndup(rd->request->arena, rd->buf + rd->start, n);
	rd->start += n + 4;
	if (!text_utf8(text, n))
		return why_set(rd->why, WHY_MULTIPART_NOT_UTF8);
	/* text begins with the CR LF that ends the boundary's line. */
	for (line = text; n > 0 && line != NULL; line = next) {
		line += 2;
		next = strstr(line, "\r\n");
		if (next != NULL)
			*next = '\0';
		if ((e = read_header(rd, line, part)) != ERR_OK)
			return e;
	}
	return part->name != NULL ? ERR_OK :
				    why_set(rd->why, WHY_MULTIPART_NO_NAME);
}

static enum err
read_part(struct reader *rd)
{
	const struct multipart_handler *h = rd->handler;
	struct multipart_part part = { 0 };
	enum err e;

	if ((e = read_headers(rd, &part)) != ERR_OK)
		return e;
	if ((e = h->begin(h->arg, &part)) != ERR_OK)
		return e;
	/* The CR LF that ends the headers also begins the mark of an empty
	 * part. */
	rd->start -= 2;
	if ((e = need(rd, rd->mark_len)) != ERR_OK)
		return e;
	if (rd->end - rd->start < rd->mark_len ||
	    memcmp(rd->buf + rd->start, rd->mark, rd->mark_len) != 0)
		rd->start += 2;
	if ((e = pass_to_mark(rd, true)) != ERR_OK)
		return e;
	return h->end(h->arg);
}

/* RFC 2046, 5.1.1: 1 to 70 of these, the last not a space. */
static bool
good_boundary(const char *s)
{
	static const char chars[] =
	    "0123456789'()+_,-./:=? "
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t n = strlen(s);

	return n > 0 && n <= MAX_BOUNDARY && s[strspn(s, chars)] == '\0' &&
	    s[n - 1] != ' ';
}

static enum err
start(struct reader *rd)
{
	struct http_request *r = rd->request;
	struct http_parameter p[MAX_PARAMETERS];
	const char *boundary = NULL;
	int n;

	if (!http_content_is(r, "multipart/form-data"))
		return why_set(rd->why, WHY_BODY_NOT_MULTIPART);
	n = http_parameters(r->arena, http_header(r, "Content-Type"), false, p,
	    MAX_PARAMETERS);
	if (n >= 0)
		boundary = http_parameter(p, n, "boundary");
	if (boundary == NULL || !good_boundary(boundary))
		return why_set(rd->why, WHY_MULTIPART_NO_BOUNDARY);
	if (r->content_length >= 0 &&
	    (uint64_t)r->content_length > rd->limits->body)
		return too_large(rd);
	memcpy(rd->mark, "\r\n--", 4);
	rd->mark_len = 4 + strlen(boundary);
	memcpy(rd->mark + 4, boundary, rd->mark_len - 4);
	/* The first boundary may begin the body, without a CR LF before it. */
	rd->buf = arena_alloc(r->arena, SIZE);
	memcpy(rd->buf, "\r\n", 2);
	rd->end = 2;
	return ERR_OK;
}

/* Reads what follows the last part, so that the connection can be kept. */
static enum err
pass_epilogue(struct reader *rd)
{
	enum err e = ERR_OK;

	while (e == ERR_OK && !rd->ended) {
		rd->start = rd->end;
		e = fill(rd);
	}
	return e;
}

enum err
multipart_read(struct http_request *r, const struct multipart_limits *limits,
    const struct multipart_handler *handler, struct why *why)
{
	struct reader rd = { .request = r,
		.limits = limits,
		.handler = handler,
		.why = why };
	bool last = false;
	size_t parts = 0;
	enum err e;

	if ((e = start(&rd)) != ERR_OK)
		return e;
	if ((e = pass_to_mark(&rd, false)) != ERR_OK)
		return e;
	for (;;) {
		if ((e = pass_line(&rd, &last)) != ERR_OK)
			return e;
		if (last)
			return pass_epilogue(&rd);
		if (parts++ == limits->parts)
			return why_with(why, WHY_MULTIPART_PARTS,
			    .most = (int64_t)limits->parts);
		if ((e = read_part(&rd)) != ERR_OK)
			return e;
	}
}
