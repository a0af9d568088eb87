#include "config.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

static const char *program = "vitrine";
static enum log_level least = LOG_INFO;
static char request[40];

void
log_open(const char *name, enum log_level level)
{
	program = name;
	least = level;
}

void
log_least(enum log_level level)
{
	least = level;
}

void
log_request(const char *id)
{
	size_t n = strnlen(id, sizeof(request) - 1);

	memcpy(request, id, n);
	request[n] = '\0';
}

const char *
log_request_id(void)
{
	return request;
}

void
log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	char line[4096], stamp[CLOCK_TEXT];
	va_list ap;
	int n, m;

	if (level < least)
		return;
	clock_format(clock_now(), stamp);
	n = snprintf(line, sizeof(line),
	    "ts=%s level=%s prog=%s pid=%d %s%s%sevent=%s ", stamp,
	    names[level], program, (int)getpid(),
	    request[0] != '\0' ? "req=" : "", request,
	    request[0] != '\0' ? " " : "", event);
	va_start(ap, fmt);
	m = vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	va_end(ap);
	if (m > 0)
		n += m;
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	/* A single write, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

const char *
log_quote_into(char ret[LOG_QUOTED], const char *s)
{
	size_t n = 0;

	ret[n++] = '"';
	for (; s != NULL && *s != '\0' && n < LOG_QUOTED - 8; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\') {
			ret[n++] = '\\';
			ret[n++] = *s;
		} else if (text_is_control(*s)) {
			n += (size_t)snprintf(ret + n, 5, "\\x%02x", c);
		} else {
			ret[n++] = *s;
		}
	}
	ret[n++] = '"';
	ret[n] = '\0';
	return ret;
}
