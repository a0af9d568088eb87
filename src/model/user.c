#include "config.h"

#include "model/user.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const scope_names[] = { "media:read", "media:write",
	"media:generated", "shares", "links", "community" };

static const char *const role_words[] = {
	[ROLE_USER] = "user",
	[ROLE_MODERATOR] = "moderator",
	[ROLE_ADMIN] = "admin",
};

const struct words roles = WORDS(role_words);

#define NSCOPES (sizeof(scope_names) / sizeof(scope_names[0]))

bool
user_name_is_valid(const char *name)
{
	size_t n = strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-");

	return n > 0 && n <= 64 && name[n] == '\0';
}

bool
role_moderates(enum role role)
{
	switch (role) {
	case ROLE_USER:
		return false;
	case ROLE_MODERATOR:
	case ROLE_ADMIN:
		return true;
	}
	return false;
}

static unsigned
scope_of_slice(const char *name, size_t n)
{
	for (size_t i = 0; i < NSCOPES; i++)
		if (strlen(scope_names[i]) == n &&
		    memcmp(scope_names[i], name, n) == 0)
			return 1U << i;
	return 0;
}

unsigned
scope_of_name(const char *name)
{
	return scope_of_slice(name, strlen(name));
}

bool
scopes_parse(const char *text, unsigned *ret)
{
	const char *next = *text != '\0' ? text : NULL;
	unsigned scopes = 0;

	while (next != NULL) {
		size_t n = strcspn(next, ",");
		unsigned scope = scope_of_slice(next, n);

		if (scope == 0)
			return false;
		scopes |= scope;
		next = next[n] == ',' ? next + n + 1 : NULL;
	}
	*ret = scopes;
	return true;
}

unsigned
scopes_of_role(enum role role)
{
	if (role_moderates(role))
		return SCOPE_ALL;
	return SCOPE_ALL & ~(unsigned)SCOPE_MEDIA_GENERATED;
}

const char *
scopes_format(unsigned scopes)
{
	static char text[128];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < NSCOPES; i++)
		if ((scopes & 1U << i) != 0)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%s%s", n > 0 ? "," : "", scope_names[i]);
	return text;
}
