#include "config.h"

#include "core/vault/category.h"

#include <stdbool.h>
#include <string.h>

#define MAX_CATEGORIES 32

/* Names and folders become parts of paths and of JSON keys. */
static bool
plain(const char *s)
{
	size_t n = strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return n > 0 && n <= 32 && s[n] == '\0';
}

static enum err
add(struct categories *c, struct category *v, char *word, struct why *why)
{
	char *colon = strchr(word, ':');

	if (colon == NULL || c->n == MAX_CATEGORIES)
		return why_setting(why, "categories",
		    "\"%s\" must be name:Folder, with at most %d of them", word,
		    MAX_CATEGORIES);
	*colon = '\0';
	if (!plain(word) || !plain(colon + 1) || strcmp(word, "all") == 0 ||
	    category_by_name(c, word) != NULL ||
	    category_by_folder(c, colon + 1) != NULL)
		return why_setting(why, "categories",
		    "\"%s\" is malformed or a duplicate: name and folder take "
		    "up to 32 of a-z, A-Z, 0-9, - and _, and the name must "
		    "not be \"all\"",
		    word);
	v[c->n].name = word;
	v[c->n].folder = colon + 1;
	c->n++;
	return ERR_OK;
}

enum err
categories_parse(struct arena *a, const char *text, struct categories **ret,
    struct why *why)
{
	struct categories *c = arena_new_struct(a, struct categories);
	struct category *v = arena_array(a, MAX_CATEGORIES, sizeof(*v));
	char *words = arena_strdup(a, text), *rest = words, *word;
	enum err e;

	c->v = v;
	while ((word = strsep(&rest, " \t")) != NULL)
		if (*word != '\0' && (e = add(c, v, word, why)) != ERR_OK)
			return e;
	if (category_by_name(c, CATEGORY_UPLOAD) == NULL)
		return why_setting(why, "categories",
		    "must have a category \"upload\"");
	*ret = c;
	return ERR_OK;
}

const struct category *
category_by_name(const struct categories *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return &c->v[i];
	return NULL;
}

const struct category *
category_by_folder(const struct categories *c, const char *folder)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].folder, folder) == 0)
			return &c->v[i];
	return NULL;
}
