#include "config.h"

#include "http/file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "http/conditions.h"

#define CHUNK 65536

/* Streams the span. If the file shrinks in the meantime the answer ends early,
 * which the client notices by its Content-Length. */
static void
stream(struct http_response *resp, int fd, const struct http_span *span)
{
	char *p = arena_alloc(resp->req->arena, CHUNK);
	uint64_t at = span->start, left = span->length;

	while (left > 0) {
		size_t n = left < CHUNK ? (size_t)left : CHUNK;
		ssize_t got = pread(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			log_warn("file-cut-short",
			    "at=%" PRIu64 " left=%" PRIu64 " errno=%d", at,
			    left, got < 0 ? errno : 0);
			resp->failed = true;
			return;
		}
		if (!http_response_write(resp, p, (size_t)got))
			return;
		at += (uint64_t)got;
		left -= (uint64_t)got;
	}
}

/* mod_xsendfile takes the path unencoded, and a header cannot carry control
 * characters or blanks at its end. */
static bool
fits_header(const char *path)
{
	size_t n = strlen(path);

	return n > 0 && path[n - 1] != ' ' && !text_has_control(path);
}

/* Lets the web server send the file if it can. The server then evaluates the
 * range and makes the 206 itself. */
static bool
hand_over(struct http_response *resp, const struct http_file *file)
{
	const struct http_request *r = resp->req;
	const char *way = r->io->param(r->io->arg, "VITRINE_SENDFILE");
	struct buf b;

	if (way == NULL || file->root == NULL)
		return false;
	buf_init(&b, r->arena, HTTP_MAX_TARGET);
	if (strcmp(way, "x-accel-redirect") == 0) {
		buf_lit(&b, "/-/storage/");
		buf_urlpath(&b, file->accel_path);
		way = "X-Accel-Redirect";
	} else if (strcmp(way, "x-sendfile") == 0 && fits_header(file->root) &&
	    fits_header(file->accel_path)) {
		buf_putf(&b, "%s/%s", file->root, file->accel_path);
		way = "X-Sendfile";
	} else {
		return false;
	}
	if (buf_failed(&b))
		return false;
	http_response_text(resp, way, buf_str(&b));
	return true;
}

static void
set_validators(struct http_response *resp, const struct http_validator *v)
{
	char date[30];

	clock_format_http(v->mtime, date);
	http_response_text(resp, "ETag", v->etag);
	http_response_text(resp, "Last-Modified", date);
}

void
http_file_send(struct http_response *resp, const struct http_file *file)
{
	struct http_validator v;
	struct http_span span;
	bool handed;

	http_validator_of(&v, file->size, file->mtime);
	resp->status = http_conditions(resp->req, &v, &span);
	set_validators(resp, &v);
	if (resp->status != 200 && resp->status != 206) {
		if (resp->status == 416)
			http_response_header(resp, "Content-Range",
			    "bytes */%" PRIu64, v.size);
		http_response_send(resp);
		return;
	}
	resp->from_start = resp->req->method == HTTP_GET && span.start == 0;
	http_response_text(resp, "Content-Type", file->type);
	handed = resp->req->method == HTTP_GET && hand_over(resp, file);
	/* nginx adds its own Accept-Ranges to a 200. */
	if (resp->status == 206 || !http_response_has(resp, "X-Accel-Redirect"))
		http_response_header(resp, "Accept-Ranges", "bytes");
	if (handed) {
		resp->status = 200;
		http_response_stream(resp);
		return;
	}
	if (resp->status == 206)
		http_response_header(resp, "Content-Range",
		    "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, span.start,
		    span.start + span.length - 1, v.size);
	http_response_header(resp, "Content-Length", "%" PRIu64, span.length);
	http_response_stream(resp);
	if (resp->req->method != HTTP_HEAD)
		stream(resp, file->fd, &span);
}
