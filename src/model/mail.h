/* A queued or sent mail, as its sender and the administrator see it. */
#ifndef MODEL_MAIL_H
#define MODEL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "model/words.h"

enum mail_state {
	MAIL_QUEUED = 1, /* to be sent when due */
	MAIL_SENDING,	 /* a worker is sending it */
	MAIL_SENT,	 /* the mail server accepted it */
	MAIL_FAILED,	 /* given up; last_error has the reason */
	/* The worker or the connection died while sending: it may or may not
	 * have been sent, and a person must decide. */
	MAIL_UNKNOWN,
	MAIL_DROPPED, /* discarded by a person */
};

extern const struct words mail_states;

struct mail_row {
	uint64_t id;
	struct uuid uuid;     /* in its Message-ID */
	const char *username; /* the sender's; NULL: sent by the site, or the
			       * sender lists their own mail */
	const char *kind;     /* links, reset, … */
	const char *recipient;
	const char *subject; /* "" until the message is made */
	const char *message; /* complete; set for the worker only */
	bool stopped;	     /* the sender is disabled; for the worker only */
	enum mail_state state;
	uint32_t attempts;	/* in total */
	uint32_t tries;		/* since it was last queued */
	const char *last_error; /* NULL: none */
	int64_t created_at;
	int64_t due_at;	 /* of the next try */
	int64_t sent_at; /* CLOCK_NONE: not sent */
};

#endif
