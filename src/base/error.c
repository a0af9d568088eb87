#include "config.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
	int status;
	const char *text;
} errs[ERR__MAX] = {
	[ERR_OK] = { 200, "OK" },
	[ERR_INVALID] = { 400, "The request is not valid" },
	[ERR_UNPROCESSED] = { 422, "A parameter is missing or mistyped" },
	[ERR_UNAUTH] = { 401, "Unauthorized" },
	[ERR_FORBIDDEN] = { 403, "Forbidden" },
	[ERR_NOT_FOUND] = { 404, "Not found" },
	[ERR_METHOD] = { 405, "Method not allowed" },
	[ERR_CONFLICT] = { 409, "Conflict" },
	[ERR_TOO_LARGE] = { 413, "The request is too large" },
	[ERR_MEDIA_TYPE] = { 415, "Unsupported content type" },
	[ERR_LIMITED] = { 429, "Too many tries, please wait" },
	[ERR_INTERNAL] = { 500, "Internal server error" },
	[ERR_RETRY] = { 503, "Temporarily unavailable, please try again" },
	[ERR_UNCERTAIN] = { 503,
	    "The connection to the database was lost while saving; "
	    "look whether it was done before you try again" },
	[ERR_FULL] = { 507, "There is no room left" },
};

/* What was cut to fit may end within a character, and would be no UTF-8. */
static void
end_whole(char *s)
{
	size_t n = strlen(s), k = n;

	while (k > 0 && n - k < 3 && ((unsigned char)s[k - 1] & 0xc0) == 0x80)
		k--;
	if (k > 0 && !text_utf8(s + k - 1, n - k + 1))
		s[k - 1] = '\0';
}

enum err
why_set(struct why *why, enum err e, const char *field, const char *fmt, ...)
{
	va_list ap;

	if (why->text[0] != '\0')
		return e;
	snprintf(why->field, sizeof(why->field), "%s", field ? field : "");
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	end_whole(why->field);
	end_whole(why->text);
	return e;
}

enum err
why_log(struct why *why, enum err e, const char *fmt, ...)
{
	va_list ap;

	if (why->detail[0] != '\0')
		return e;
	va_start(ap, fmt);
	vsnprintf(why->detail, sizeof(why->detail), fmt, ap);
	va_end(ap);
	end_whole(why->detail);
	return e;
}

void
why_clear(struct why *why)
{
	memset(why, 0, sizeof(*why));
}

const char *
err_text(enum err e)
{
	AN(e < ERR__MAX);
	return errs[e].text;
}

int
err_status(enum err e)
{
	AN(e < ERR__MAX);
	return errs[e].status;
}

void
die(const char *fmt, ...)
{
	va_list ap;

	fputs("panic: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
