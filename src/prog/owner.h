/*
 * The account of a site is the owner of its storage root. Our programs work as
 * that account alone, so that all files they make are its own.
 */
#ifndef PROG_OWNER_H
#define PROG_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/conf.h"

struct owner {
	uid_t uid;
	gid_t gid;
	char name[64]; /* of the account */
	bool by_root;  /* the caller is root, and so is the one who alone can
			* change the configuration */
};

/*
 * Finds the account; nothing changes yet. ERR_INVALID, why->text says what to
 * do: the storage root is missing (to anybody but root, who must not decide
 * whose it will be, that makes the caller the account) or not a folder, or its
 * owner has no account; or, for root, somebody besides root and the account can
 * change the configuration. ERR_FORBIDDEN: the caller is neither root nor the
 * account.
 */
enum err owner_find(const struct conf *conf, const char *config,
    struct owner *ret, struct why *why) MUST_CHECK;

/* Where root is not the account: becomes the account, for good. ERR_INTERNAL:
 * that cannot be done. */
enum err owner_become(const struct owner *o, struct why *why) MUST_CHECK;

/* The same, but root may be root again for a moment, by seteuid(0). What is
 * executed meanwhile may not. */
enum err owner_visit(const struct owner *o, struct why *why) MUST_CHECK;

/* Ends the visit: root does not come back. */
void owner_stay(void);

#endif
