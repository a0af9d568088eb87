/*
 * A site's account is the owner of its storage root. The programs run only as
 * that account, so that it owns all files they make.
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
	bool by_root;  /* the caller is root, and only root can change the
			* configuration */
};

/*
 * Finds the account without changing to it. If the storage root is missing, the
 * account is the caller, unless that is root, who must say whose it will be.
 * ERR_INVALID, and why->detail says what to do: the storage root is missing and
 * the caller is root; it is not a folder; its owner has no account; or the
 * caller is root, and the configuration can be changed by others than root and
 * the account. ERR_FORBIDDEN: the caller is neither root nor the account.
 */
enum err owner_find(const struct conf *conf, const char *config,
    struct owner *ret, struct why *why) MUST_CHECK;

/* If the caller is root and not the account: becomes the account permanently.
 * ERR_INTERNAL: that failed. */
enum err owner_become(const struct owner *o, struct why *why) MUST_CHECK;

/* The same, but seteuid(0) can return to root, until owner_stay(). Programs
 * executed by this process cannot. */
enum err owner_visit(const struct owner *o, struct why *why) MUST_CHECK;

/* Gives up the return to root. */
void owner_stay(void);

#endif
