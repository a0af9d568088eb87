/*
 * Answers with a file: evaluates conditions and ranges (RFC 9110, 13 and 14)
 * and lets the web server send the bytes where it can.
 */
#ifndef HTTP_FILE_H
#define HTTP_FILE_H

#include <time.h>

#include "http/response.h"

struct http_file {
	int fd; /* open for reading; the caller closes it */
	uint64_t size;
	struct timespec mtime;
	const char *type;	/* Content-Type */
	const char *accel_path; /* below the storage root, "user-media/…": what
				 * X-Accel-Redirect names */
	const char *root; /* the storage root: X-Sendfile names root/path; NULL:
			   * the server cannot reach the file */
};

/*
 * Evaluates If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since,
 * If-Range and Range against the file, with the validator that nginx makes of
 * the same file ("%x-%x" of mtime in seconds and size), so that both agree;
 * sets ETag, Last-Modified, Accept-Ranges and Content-Type and sends the
 * answer: 304, 412, 416, 200 or 206.
 *
 * The CGI variable VITRINE_SENDFILE says how the server can send a file itself:
 * "x-accel-redirect" (nginx, internal location /-/storage/) or "x-sendfile"
 * (Apache's mod_xsendfile, which takes the path unencoded). Without it, and for
 * a name that does not fit into a header, the bytes are streamed from here.
 * Only GET answers of 200 or 206 are left to the server.
 * A request for several ranges gets the whole file (RFC 9110, 14.2).
 * Set other headers (Content-Disposition, Cache-Control) before the call.
 */
void http_file_send(struct http_response *resp, const struct http_file *file);

#endif
