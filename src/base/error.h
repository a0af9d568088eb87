/* The closed set of results, and why a call came to one of them. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/*
 * What a call came to. The HTTP status in brackets is what a dialect makes of
 * it by default; the text for the client lies in struct why.
 */
enum err {
	ERR_OK = 0,
	ERR_INVALID,	 /* the input breaks a rule (400) */
	ERR_UNPROCESSED, /* a parameter is missing or mistyped (422) */
	ERR_UNAUTH,	 /* nobody is signed in, or a password is wrong (401) */
	ERR_FORBIDDEN,	 /* signed in, yet may not (403) */
	ERR_NOT_FOUND,	 /* not there, or not for the caller to know (404) */
	ERR_METHOD,	 /* the route has other methods (405) */
	ERR_CONFLICT,	 /* a unique key or a state stands against it (409) */
	ERR_TOO_LARGE,	 /* over a limit in bytes (413) */
	ERR_MEDIA_TYPE, /* the content type is none that the call takes (415) */
	ERR_LIMITED,	/* too many tries; why.retry_after is set (429) */
	ERR_INTERNAL,	/* a fault of ours (500) */
	ERR_RETRY,	/* database, storage or helper away (503) */
	ERR_UNCERTAIN,	/* lost while committing: it may have happened (503) */
	ERR_FULL,	/* quota or disk (507) */
	ERR__MAX
};

/* Why a call failed. Zeroed at the start of a request; the first to set it
 * wins, since the deepest caller knows most. */
struct why {
	char field[64];	      /* the input's field, or "" */
	char text[256];	      /* for the client: nothing secret */
	char detail[512];     /* for the log */
	unsigned retry_after; /* seconds, for ERR_LIMITED and ERR_RETRY */
};

/* Sets the client's text and the field (NULL: none), unless a reason is there
 * already, and returns e, so that a failure is one return statement. */
enum err why_set(struct why *why, enum err e, const char *field,
    const char *fmt, ...) PRINTF(4, 5);

/* Sets what the log is told; the client sees a plain sentence for e. */
enum err why_log(struct why *why, enum err e, const char *fmt, ...)
    PRINTF(3, 4);

/* Forgets the reason, for a caller who goes on after a failure. */
void why_clear(struct why *why);

/* The plain English sentence for e, never NULL. */
const char *err_text(enum err e);

/* The HTTP status that stands for e. */
int err_status(enum err e);

/* Prints a message and aborts: for what cannot happen. Always on. */
void die(const char *fmt, ...) PRINTF(1, 2) __attribute__((noreturn));

#define AN(x) \
	do { \
		if (!(x)) \
			die("%s:%d: %s", __FILE__, __LINE__, #x); \
	} while (0)

#endif
