#include "config.h"

#include "core/share/terms.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum err
share_terms_check_text(struct env *env, const char *field, const char *s,
    size_t most, bool lines)
{
	if (s == NULL)
		return ERR_OK;
	if (text_length(s) > most)
		return why_say(&env->why, ERR_INVALID, field,
		    "%s has at most %zu characters", field, most);
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 || *s == 0x7f) &&
		    !(lines && strchr("\t\r\n", *s) != NULL))
			return why_say(&env->why, ERR_INVALID, field,
			    "%s holds control characters", field);
	return ERR_OK;
}

enum err
share_terms_check_expiry(struct env *env, const char *field, int64_t expires_at)
{
	if (expires_at != CLOCK_NONE && expires_at <= clock_now())
		return why_say(&env->why, ERR_INVALID, field,
		    "%s lies in the past", field);
	return ERR_OK;
}

enum err
share_terms_check(struct env *env, const struct share_terms *t)
{
	enum err e;

	if ((t->given & CAN_VIEW) != 0 && (t->permissions & CAN_VIEW) == 0)
		return why_say(&env->why, ERR_INVALID, "permissions.can_view",
		    "A share that may not be viewed is none; revoke it");
	if ((e = share_terms_check_text(env, "name", t->name, SHARE_NAME_MOST,
		 false)) != ERR_OK ||
	    (e = share_terms_check_text(env, "note", t->note, SHARE_NOTE_MOST,
		 true)) != ERR_OK)
		return e;
	return t->expiry_given ?
	    share_terms_check_expiry(env, "expires_at", t->expires_at) :
	    ERR_OK;
}
