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

/* The size of a quoted value, with its final NUL. */
#define LOG_QUOTED 1024

/* s (NULL: "") in double quotes, with quotes and control characters escaped,
 * cut to fit. Returns ret. */
const char *log_quote_into(char ret[LOG_QUOTED], const char *s);

/* The same in a buffer of its own, which is valid to the end of the block that
 * log_quote() is called in. */
#define log_quote(s) log_quote_into((char[LOG_QUOTED]){ "" }, (s))

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
