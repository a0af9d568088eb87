/*
 * Answers with a file: conditions and ranges (RFC 9110, 13 and 14), and the
 * hand-over to the web server where it can send the bytes itself.
 */
#ifndef HTTP_FILE_H
#define HTTP_FILE_H

#include <sys/stat.h>

#include "http/response.h"

struct http_file {
	int fd; /* open for reading; the caller closes it */
	struct stat st;
	const char *type;	/* Content-Type */
	const char *accel_path; /* below the storage root, "user-media/…": what
				 * X-Accel-Redirect names */
	const char *root; /* the storage root: X-Sendfile names root/path */
};

/*
 * Evaluates If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since,
 * If-Range and Range against the file, with the validator that nginx makes of
 * the same file ("%x-%x" of mtime in seconds and size), so that both agree;
 * sets ETag, Last-Modified, Accept-Ranges and Content-Type and sends the
 * answer: 304, 412, 416, 200 or 206.
 *
 * The server tells by the CGI variable VITRINE_SENDFILE what it can do:
 * "x-accel-redirect" (nginx, internal location /-/storage/), "x-sendfile"
 * (Apache's mod_xsendfile, which takes the path unencoded), or nothing: then
 * the bytes are streamed here. Only an answer with bytes is handed over, never
 * one to HEAD, a 304, 412 or 416. A name that a header cannot carry is
 * streamed too.
 * One range is served; a request for several gets the whole (RFC 9110, 14.2).
 * Other headers (Content-Disposition, Cache-Control) are set before.
 */
void http_file_send(struct http_response *resp, const struct http_file *file);

#endif
