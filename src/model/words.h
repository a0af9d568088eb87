/* Words of the database and the APIs as enums: one list for each. */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The enumerators of an enum, from 1 to n - 1, have these words; 0 is for
 * "none" and has no word. */
struct words {
	const char *const *word; /* word[0] is NULL */
	unsigned n;
};

#define WORDS(list) \
	{ \
		(list), sizeof(list) / sizeof((list)[0]) \
	}

/* The word of an enumerator, NULL for 0. Another number is a fault in the
 * source: that dies. */
const char *words_word(const struct words *w, unsigned value);

/* The enumerator with this word, which need not end in a NUL; false: the list
 * does not have it. */
bool words_find(const struct words *w, const char *word, size_t length,
    unsigned *ret);

#endif
