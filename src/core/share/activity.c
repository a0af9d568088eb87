#include "config.h"

#include "core/share/activity.h"

#include <arpa/inet.h>
#include <string.h>

#include "db/collection_db.h"
#include "db/notification_db.h"
#include "db/share_db.h"

/* Whether it is an IPv4 address in IPv6 notation (::ffff:192.0.2.1). */
static bool
is_mapped(const unsigned char b[16])
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(b, prefix, sizeof(prefix)) == 0;
}

static const char *
shorten(struct arena *a, const char *address)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char b[16];
	const char *s = NULL;

	if (inet_pton(AF_INET, address, b) == 1) {
		b[3] = 0;
		s = inet_ntop(AF_INET, b, text, sizeof(text));
	} else if (inet_pton(AF_INET6, address, b) == 1) {
		if (is_mapped(b)) {
			b[15] = 0;
			s = inet_ntop(AF_INET, b + 12, text, sizeof(text));
		} else {
			memset(b + 6, 0, sizeof(b) - 6);
			s = inet_ntop(AF_INET6, b, text, sizeof(text));
		}
	}
	return s != NULL ? arena_strdup(a, s) : NULL;
}

const char *
activity_address(struct env *env)
{
	int how = env->base->conf->activity_address;

	if (env->address[0] == '\0' || how == CONF_ADDRESS_NONE)
		return NULL;
	return how == CONF_ADDRESS_FULL ? env->address :
					  shorten(env->arena, env->address);
}

enum err
activity_log(struct env *env, uint64_t share_id, uint64_t actor,
    const char *action, const char *details)
{
	return share_db_log(&env->db, share_id, actor, activity_address(env),
	    action, details);
}

enum err
activity_tend(struct env *env)
{
	int64_t keep = env->base->conf->activity_keep;
	const struct db *db = &env->db;
	enum err e;

	if ((e = share_db_activity_expire(db, keep)) != ERR_OK ||
	    (e = notification_db_expire(db, keep)) != ERR_OK)
		return e;
	return collection_db_expire(db, keep);
}
