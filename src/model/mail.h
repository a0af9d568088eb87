/* A mail on its way, as its sender and the administrator see it. */
#ifndef MODEL_MAIL_H
#define MODEL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct mail_row {
	uint64_t id;
	struct uuid uuid;     /* in its Message-ID */
	const char *username; /* of its sender: NULL for the site, and where
				 * the sender himself asks */
	const char *kind;     /* links, reset, … */
	const char *recipient;
	const char *subject; /* "" until it is made */
	const char *message; /* the whole of it; for the worker alone, */
	bool stopped;	     /* whom this tells: its sender is disabled */
	/*
	 * queued   to be sent when it is due
	 * sending  in a worker's hands
	 * sent     the mail server has it
	 * failed   given up; last_error tells why
	 * unknown  a worker, or the mail server's line, broke down in the
	 *          midst of it: it may have been sent. Somebody must decide
	 * dropped  somebody gave it up
	 */
	const char *state;
	uint32_t attempts;	/* in all */
	uint32_t tries;		/* since it was queued last */
	const char *last_error; /* NULL: none */
	int64_t created_at;
	int64_t due_at;	 /* of the next try */
	int64_t sent_at; /* CLOCK_NONE: not */
};

#endif
