/* Accounts, their credentials and permissions. */
#ifndef MODEL_USER_H
#define MODEL_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "model/words.h"

enum role { ROLE_USER = 1, ROLE_MODERATOR, ROLE_ADMIN };

extern const struct words roles;

/* A moderator, or an administrator. */
bool role_moderates(enum role role);

struct user {
	uint64_t id;
	struct uuid uuid;
	const char *username;
	const char *display_name;
	const char *email;
	enum role role;
	const char *password_hash;
	uint32_t generation;
	uint64_t quota;	     /* bytes; 0: no limit */
	int64_t disabled_at; /* CLOCK_NONE: active */
	int64_t created_at;
};

/* Whether the text is a valid user name: 1 to 64 letters, digits, dots, dashes
 * and underscores. Other texts must not be looked up: the database's collation
 * would match a different spelling. */
bool user_name_is_valid(const char *name);

/* What an API key may do. */
enum scope {
	SCOPE_MEDIA_READ = 1 << 0,
	SCOPE_MEDIA_WRITE = 1 << 1,
	SCOPE_MEDIA_GENERATED = 1 << 2,
	SCOPE_SHARES = 1 << 3,
	SCOPE_LINKS = 1 << 4,
	SCOPE_COMMUNITY = 1 << 5,
	SCOPE_ALL = (1 << 6) - 1,
	/* For a key made without scopes. media:generated must be asked for,
	 * since generated media get no watermark. */
	SCOPE_DEFAULT = SCOPE_ALL & ~SCOPE_MEDIA_GENERATED,
};

/* The bit of a scope such as "media:read"; 0: no such scope. */
unsigned scope_of_name(const char *name);

/* Parses "a,b"; "" gives no scopes. False if one is unknown or empty. */
bool scopes_parse(const char *text, unsigned *ret);

/* The scopes as "media:read,shares", in a static buffer. */
const char *scopes_format(unsigned scopes);

/* The scopes of a signed-in person: all, except that only moderators may mark
 * a file as generated. */
unsigned scopes_of_role(enum role role);

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

/* How a caller signed in. */
enum credential { CRED_NONE, CRED_SESSION, CRED_TOKEN, CRED_KEY };

/* Who makes a request. user.id is 0 for an anonymous caller. */
struct caller {
	enum credential credential;
	unsigned scopes; /* the key's, or else the role's */
	uint64_t session_id;
	bool renewed; /* the session was extended: send its cookie again */
	struct user user;
};

#endif
