#include "config.h"

#include "model/words.h"

#include <string.h>

#include "base/error.h"

const char *
words_word(const struct words *w, unsigned value)
{
	AN(value < w->n);
	return w->word[value];
}

bool
words_find(const struct words *w, const char *word, size_t length,
    unsigned *ret)
{
	for (unsigned i = 1; i < w->n; i++)
		if (strlen(w->word[i]) == length &&
		    memcmp(w->word[i], word, length) == 0) {
			*ret = i;
			return true;
		}
	return false;
}
