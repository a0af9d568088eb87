/* The log: one line an event on standard error, key=value (logfmt). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/error.h"

/* In the order of [log] level. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Names the program and the least level that is written. */
void log_open(const char *program, enum log_level least);

/* The least level from now on. */
void log_least(enum log_level level);

/* The request that following lines belong to; "" for none. Copied. */
void log_request(const char *id);

/* The current request's id, "" for none. */
const char *log_request_id(void);

/* One line: event is a literal word, then key=value text as the caller
 * formats it; use log_quote() for what comes from outside. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    PRINTF(3, 4);

/* s in double quotes, with what would break a line or a field escaped, in one
 * of four static buffers (cut at 1 KiB). */
const char *log_quote(const char *s);

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
