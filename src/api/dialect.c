#include "config.h"

#include "api/dialect.h"

#include "api/dialect_words.h"

/* The message that a seed prints for any internal error; NULL if the route has
 * none. */
static const char *
seed_text(const struct call *c, enum err e)
{
	unsigned flags = c->route != NULL ? c->route->flags : 0;

	if (e != ERR_INTERNAL && e != ERR_RETRY)
		return NULL;
	if ((flags & FETCHES) != 0)
		return "Failed to fetch user media";
	return (flags & SHARES) != 0 ? "Failed to create share link" : NULL;
}

enum dialect
dialect_of(const struct call *c)
{
	return c->route != NULL ? c->route->dialect : PAGE;
}

void
dialect_answer(const struct call *c, enum err e, struct dialect_answer *ret)
{
	const char *text = seed_text(c, e);
	struct dialect_words words;
	char sentence[WHY_SENTENCE];

	dialect_words_find(dialect_of(c), &c->env.why, e, &words);
	if (text == NULL) {
		why_format(sentence, sizeof(sentence), words.sentence,
		    &c->env.why, words.name);
		text = arena_strdup(c->env.arena, sentence);
	}
	ret->status = words.status;
	ret->field = words.field;
	ret->text = text;
}
