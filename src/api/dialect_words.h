/*
 * How each API answers a reason: with which status, about which field, in
 * which sentence. What a dialect has no words for is answered as reasons.def
 * says.
 */
#ifndef API_DIALECT_WORDS_H
#define API_DIALECT_WORDS_H

#include "api/route.h"
#include "base/error.h"

struct dialect_words {
	int status;
	const char *field;    /* NULL: none */
	const char *name;     /* that {field} in the sentence stands for */
	const char *sentence; /* as reasons.def has them */
};

/* The words for the result e and its reason, if it has one. */
void dialect_words_find(enum dialect d, const struct why *why, enum err e,
    struct dialect_words *ret);

#endif
