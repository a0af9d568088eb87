/* Accounts, and what they sign in with. */
#ifndef MODEL_USER_H
#define MODEL_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct user {
	uint64_t id;
	struct uuid uuid;
	const char *username;
	const char *display_name;
	const char *email;
	const char *role; /* user, moderator or admin */
	const char *password_hash;
	uint32_t generation;
	uint64_t quota;	     /* bytes, 0: none */
	int64_t disabled_at; /* CLOCK_NONE: may sign in */
	int64_t created_at;
};

/* Whether the text can be a user name: 1 to 64 letters, digits, dots, dashes
 * and underscores. Anything else is never looked up, since the database's
 * collation would take other spellings for the same name. */
bool user_name_is_valid(const char *name);

/* Whether the text names a role. */
bool user_role_is_known(const char *role);

/* What an API key may do. */
enum scope {
	SCOPE_MEDIA_READ = 1 << 0,
	SCOPE_MEDIA_WRITE = 1 << 1,
	SCOPE_MEDIA_GENERATED = 1 << 2,
	SCOPE_SHARES = 1 << 3,
	SCOPE_LINKS = 1 << 4,
	SCOPE_COMMUNITY = 1 << 5,
	SCOPE_ALL = (1 << 6) - 1,
	/* A key made without naming scopes: all but media:generated, since
	 * generated media escape the watermark. */
	SCOPE_DEFAULT = SCOPE_ALL & ~SCOPE_MEDIA_GENERATED,
};

/* The bit of "media:read" and so on; 0: there is no such scope. */
unsigned scope_of_name(const char *name);

/* Reads "a,b"; false: one of them is unknown or empty. "" is no scope. */
bool scopes_parse(const char *text, unsigned *ret);

/* "media:read,shares" in a static buffer. */
const char *scopes_format(unsigned scopes);

/* What a signed-in person may do: all, but that only moderators may say of a
 * file that it was generated. */
unsigned scopes_of_role(const char *role);

struct session {
	uint64_t id;
	uint64_t user_id;
	const char *address;
	const char *agent;
	int64_t created_at;
	int64_t last_seen;
	int64_t expires_at;
};

struct api_key {
	uint64_t id;
	uint64_t user_id;
	const char *name;
	const char *scopes;
	int64_t created_at;
	int64_t last_used;
	int64_t expires_at;
	int64_t revoked_at;
};

/* How somebody has shown who he is. */
enum credential { CRED_NONE, CRED_SESSION, CRED_TOKEN, CRED_KEY };

/* Who calls. user.id is 0 for nobody. */
struct caller {
	enum credential credential;
	unsigned scopes; /* a key's own, else those of the role */
	uint64_t session_id;
	bool renewed; /* the session was prolonged, and so its cookie is */
	struct user user;
};

#endif
