/* The results of calls, and the reasons of failures. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/*
 * The result of a call. In brackets is the HTTP status that it has by default;
 * struct why has the text for the client.
 */
enum err {
	ERR_OK = 0,
	ERR_INVALID,	/* the input breaks a rule (400) */
	ERR_UNAUTH,	/* not signed in, or a wrong password (401) */
	ERR_FORBIDDEN,	/* signed in, but not allowed (403) */
	ERR_NOT_FOUND,	/* does not exist, or must look like it (404) */
	ERR_METHOD,	/* the route does not support the method (405) */
	ERR_CONFLICT,	/* conflicts with a unique key or a state (409) */
	ERR_TOO_LARGE,	/* over a limit in bytes (413) */
	ERR_MEDIA_TYPE, /* unsupported content type (415) */
	ERR_LIMITED,	/* too many requests; why.retry_after is set (429) */
	ERR_INTERNAL,	/* a bug, or a failure of the system (500) */
	ERR_RETRY,	/* database, storage or helper unavailable (503) */
	ERR_UNCERTAIN,	/* lost during a commit: it may have happened (503) */
	ERR_FULL,	/* the quota or the disk is full (507) */
	ERR__MAX
};

/* The reasons of failures; reasons.def has their sentences. */
enum reason {
	WHY_NONE,
#define REASON(reason, err, about, sentence) WHY_##reason,
#include "base/reasons.def"
	WHY__MAX
};

/* What a reason is about; each API has its own name for it. */
enum about {
#define ABOUT(subject, name) ABOUT_##subject,
#include "base/reasons.def"
	ABOUT__MAX
};

/* The values of the placeholders in a reason's sentence. */
struct why_details {
	const char *field; /* the input's path, if an API parsed it itself */
	enum about about;  /* overrides that of reasons.def */
	const char *word;
	int64_t number, least, most;
};

/* Why a call failed. Zeroed at the start of a request; a later reason replaces
 * an earlier one. A reason applies only to the result that it was recorded
 * with, so the reason of an earlier, harmless failure is not mistaken for it.
 */
struct why {
	enum reason reason;
	enum err err; /* the result it was recorded with */
	enum about about;
	char field[64]; /* "": named by `about` */
	char word[256];
	int64_t number, least, most;
	char detail[512];     /* for the log */
	unsigned retry_after; /* seconds, for ERR_LIMITED and ERR_RETRY */
};

/* Records the reason and returns its result, so that a failure is one return
 * statement. */
enum err why_set(struct why *why, enum reason reason);

/* The same with details, as designated initializers: why_with(why,
 * WHY_TOO_LONG, .about = ABOUT_NAME, .most = 64). The texts are copied. */
#define why_with(why, reason, ...) \
	why_set_details(why, reason, &(struct why_details){ __VA_ARGS__ })
enum err why_set_details(struct why *why, enum reason reason,
    const struct why_details *details);

/* Records a fault of the configuration: the setting, and a clause that says
 * what it must be. Returns ERR_INVALID. */
enum err why_setting(struct why *why, const char *setting, const char *fmt, ...)
    PRINTF(3, 4);

/* Records a detail for the log and returns e; the client sees a reason, where
 * one is set too, or the plain sentence for e. */
enum err why_log(struct why *why, enum err e, const char *fmt, ...)
    PRINTF(3, 4);

/* Forgets everything, before one more of several independent tries. */
void why_clear(struct why *why);

/* The reason for the result e, or WHY_NONE. */
enum reason why_reason(const struct why *why, enum err e);

/* The reason's class, subject and sentence with its placeholders. */
enum err reason_err(enum reason reason);
enum about reason_about(enum reason reason);
const char *reason_sentence(enum reason reason);

/* The subject's name unless an API has its own. */
const char *about_name(enum about about);

#define WHY_SENTENCE 768 /* bytes, enough for any sentence */

/* Writes the sentence with its placeholders replaced, {field} by `field`. Cuts
 * it between characters if it does not fit. */
void why_format(char *out, size_t n, const char *sentence,
    const struct why *why, const char *field);

/* The sentence of the reason for e, written to out; NULL: there is none. */
const char *why_public(const struct why *why, enum err e,
    char out[WHY_SENTENCE]);

/* Why a program failed with e, for its user: the reason's sentence, else the
 * detail, else err_text(e). Written to out. Returns out. */
const char *why_sentence(const struct why *why, enum err e,
    char out[WHY_SENTENCE]);

/* The English sentence for e, never NULL. */
const char *err_text(enum err e);

/* The default HTTP status for e. */
int err_status(enum err e);

/* Prints a message and aborts, for what cannot happen. Never compiled out. */
void die(const char *fmt, ...) PRINTF(1, 2) __attribute__((noreturn));

#define AN(x) \
	do { \
		if (!(x)) \
			die("%s:%d: %s", __FILE__, __LINE__, #x); \
	} while (0)

#endif
