/* The vault's categories and their folders. */
#ifndef CORE_VAULT_CATEGORY_H
#define CORE_VAULT_CATEGORY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

#define CATEGORY_UPLOAD "upload"

struct category {
	const char *name;   /* "smart-caption" */
	const char *folder; /* "Captions" */
};

struct categories {
	size_t n;
	const struct category *v;
};

/* Reads "name:Folder name:Folder …". ERR_INVALID: malformed, a duplicate, named
 * "all" (which stands for every category), or without upload; why->detail is a
 * clause about [vault] categories. */
enum err categories_parse(struct arena *a, const char *text,
    struct categories **ret, struct why *why) MUST_CHECK;

/* Finds a category by its name or folder; NULL: there is none. */
const struct category *category_by_name(const struct categories *c,
    const char *name);
const struct category *category_by_folder(const struct categories *c,
    const char *folder);

#endif
