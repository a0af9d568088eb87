/* The log: one line per event on standard error, as key=value (logfmt). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/error.h"

/* In the order of the words of [log] level. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Sets the program's name and the lowest level that is written. */
void log_open(const char *program, enum log_level least);

/* Changes the lowest level that is written. */
void log_least(enum log_level level);

/* Sets the request that the following lines belong to; "" for none. Copied. */
void log_request(const char *id);

/* The current request's id, "" for none. */
const char *log_request_id(void);

/* Writes one line: event is a literal word, followed by key=value text. Use
 * log_quote() for values from outside. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    PRINTF(3, 4);

/* s in double quotes, with quotes and control characters escaped, cut at 1 KiB.
 * The result is in one of four static buffers, used in turn. */
const char *log_quote(const char *s);

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
