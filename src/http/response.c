#include "config.h"

#include "http/response.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"

#define HEADERS_CAP 16384

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 507, "Insufficient Storage" },
};

const char *
http_status_text(int status)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Status";
}

void
http_response_init(struct http_response *resp, struct http_request *req,
    size_t body_cap)
{
	memset(resp, 0, sizeof(*resp));
	resp->req = req;
	resp->status = 200;
	buf_init(&resp->headers, req->arena, HEADERS_CAP);
	buf_init(&resp->body, req->arena, body_cap);
}

void
http_response_clear(struct http_response *resp)
{
	AN(!resp->sent);
	resp->status = 200;
	buf_clear(&resp->headers);
	buf_clear(&resp->body);
}

/* A name must be a token of RFC 9110; names are literals, so any other is a
 * bug. */
static bool
is_token(const char *s)
{
	const char *c = s;

	for (; *c != '\0'; c++)
		if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
			(*c >= '0' && *c <= '9') ||
			strchr("!#$%&'*+-.^_`|~", *c) != NULL))
			return false;
	return c > s;
}

/* Returns the position where the value begins. */
static size_t
begin_header(struct http_response *resp, const char *name)
{
	AN(!resp->sent && is_token(name));
	buf_raw(&resp->headers, name);
	buf_lit(&resp->headers, ": ");
	return resp->headers.len;
}

static void
end_header(struct buf *b, size_t start)
{
	size_t end;

	for (end = start; end < b->len; end++) {
		char c = b->data[end];

		if (text_is_control(c) && c != '\t')
			break;
	}
	if (b->len > end) {
		b->len = end;
		b->data[end] = '\0';
	}
	buf_lit(b, "\r\n");
}

void
http_response_header(struct http_response *resp, const char *name,
    const char *fmt, ...)
{
	size_t start = begin_header(resp, name);
	va_list ap;

	va_start(ap, fmt);
	buf_vputf(&resp->headers, fmt, ap);
	va_end(ap);
	end_header(&resp->headers, start);
}

void
http_response_text(struct http_response *resp, const char *name,
    const char *value)
{
	size_t start = begin_header(resp, name);

	buf_raw(&resp->headers, value);
	end_header(&resp->headers, start);
}

bool
http_response_has(const struct http_response *resp, const char *name)
{
	const char *s = buf_str(&resp->headers);
	size_t n = strlen(name);

	while (*s != '\0') {
		if (strncasecmp(s, name, n) == 0 && s[n] == ':')
			return true;
		s = strchr(s, '\n');
		if (s == NULL)
			break;
		s++;
	}
	return false;
}

/* A cookie's value, with all but RFC 6265's cookie-octets percent-encoded. */
static void
put_cookie_value(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c <= 0x20 || c >= 0x7f || strchr("\",;\\", c) != NULL)
			buf_putf(b, "%%%02X", c);
		else
			buf_char(b, *s);
	}
}

void
http_response_cookie(struct http_response *resp, const char *name,
    const char *value, int64_t max_age, const char *path)
{
	struct buf b;

	AN(is_token(name));
	buf_init(&b, resp->req->arena, 4096);
	buf_raw(&b, name);
	buf_lit(&b, "=");
	put_cookie_value(&b, value);
	buf_lit(&b, "; Path=");
	buf_raw(&b, path != NULL ? path : "/");
	if (max_age >= 0)
		buf_putf(&b, "; Max-Age=%" PRId64, max_age);
	buf_lit(&b, "; HttpOnly; SameSite=Lax");
	if (resp->req->https)
		buf_lit(&b, "; Secure");
	/* A truncated cookie would lose its attributes. */
	AN(!buf_failed(&b));
	http_response_text(resp, "Set-Cookie", buf_str(&b));
}

/* U+202A to U+202E and U+2066 to U+2069 change the reading direction, which can
 * make "gpj.exe" look like a picture. */
static bool
turns_direction(const unsigned char *p)
{
	return p[0] == 0xe2 &&
	    ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
		(p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

/* Replaces characters that are dangerous in a file name. */
static const char *
clean_filename(struct arena *a, const char *filename)
{
	char *name = arena_strdup(a, filename), *out = name;

	for (const char *s = filename; *s != '\0'; s++) {
		if (turns_direction((const unsigned char *)s)) {
			*out++ = '_';
			s += 2;
		} else {
			*out++ =
			    text_is_control(*s) || *s == '/' || *s == '\\' ?
			    '_' :
			    *s;
		}
	}
	*out = '\0';
	return name;
}

/* The quoted fallback, with '_' for each character that is not plain ASCII or
 * that old clients are known to misread. */
static bool
put_fallback(struct buf *b, const char *name)
{
	bool plain = true;

	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if ((c & 0xc0) == 0x80) {
			plain = false;
			continue;
		}
		if (c >= 0x80 || c == '"' || c == '%') {
			plain = false;
			buf_lit(b, "_");
		} else {
			buf_char(b, *name);
		}
	}
	return plain;
}

void
http_response_disposition(struct http_response *resp, bool attachment,
    const char *filename)
{
	const char *kind = attachment ? "attachment" : "inline", *name;
	struct buf b;

	if (*filename == '\0') {
		http_response_text(resp, "Content-Disposition", kind);
		return;
	}
	name = clean_filename(resp->req->arena, filename);
	buf_init(&b, resp->req->arena, HEADERS_CAP);
	buf_putf(&b, "%s; filename=\"", kind);
	if (put_fallback(&b, name) || !text_utf8(name, strlen(name))) {
		buf_lit(&b, "\"");
	} else {
		buf_lit(&b, "\"; filename*=UTF-8''");
		buf_url(&b, name);
	}
	http_response_text(resp, "Content-Disposition",
	    buf_failed(&b) ? kind : buf_str(&b));
}

static bool
has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

static void
put(struct http_response *resp, const void *p, size_t n)
{
	const struct http_io *io = resp->req->io;

	if (!resp->failed && n > 0 && !io->write(io->arg, p, n))
		resp->failed = true;
}

/* Sends the status line and headers; libfcgi joins them with the body. */
static void
send_head(struct http_response *resp)
{
	struct buf b;

	AN(!resp->sent);
	resp->sent = true;
	buf_init(&b, resp->req->arena, HEADERS_CAP + 1024);
	buf_lit(&b, "Status: ");
	buf_int(&b, resp->status);
	buf_lit(&b, " ");
	buf_raw(&b, http_status_text(resp->status));
	buf_lit(&b, "\r\n");
	buf_mem(&b, buf_str(&resp->headers), resp->headers.len);
	buf_lit(&b, "X-Request-Id: ");
	buf_raw(&b, resp->req->id);
	buf_lit(&b, "\r\n\r\n");
	AN(!buf_failed(&b));
	put(resp, b.data, b.len);
}

/* An answer that exceeds its buffer is a bug, and a truncated one must not be
 * sent. */
static void
refuse_overflow(struct http_response *resp)
{
	if (!buf_failed(&resp->headers) && !buf_failed(&resp->body))
		return;
	log_error("response-too-large", "status=%d", resp->status);
	http_response_clear(resp);
	resp->status = 500;
	http_response_header(resp, "Content-Type", "text/plain");
	buf_lit(&resp->body, "The answer is too large.\n");
}

void
http_response_send(struct http_response *resp)
{
	bool body;

	refuse_overflow(resp);
	body = has_body(resp->status);
	if (body && !http_response_has(resp, "Content-Length"))
		http_response_header(resp, "Content-Length", "%zu",
		    resp->body.len);
	send_head(resp);
	if (body)
		(void)http_response_write(resp, buf_str(&resp->body),
		    resp->body.len);
}

void
http_response_stream(struct http_response *resp)
{
	refuse_overflow(resp);
	send_head(resp);
}

bool
http_response_write(struct http_response *resp, const void *p, size_t n)
{
	AN(resp->sent);
	if (resp->req->method == HTTP_HEAD)
		return !resp->failed;
	put(resp, p, n);
	if (!resp->failed)
		resp->body_sent += n;
	return !resp->failed;
}
