#include "config.h"

#include "core/share/terms.h"

#include "base/clock.h"
#include "base/text.h"

enum err
share_terms_check_text(struct env *env, enum about about, const char *s,
    size_t most, bool lines)
{
	if (s == NULL)
		return ERR_OK;
	if (text_length(s) > most)
		return why_with(&env->why, WHY_TOO_LONG, .about = about,
		    .most = (int64_t)most);
	if (lines ? text_lines_have_control(s) : text_has_control(s))
		return why_with(&env->why, WHY_CONTROL_CHARACTERS,
		    .about = about);
	return ERR_OK;
}

enum err
share_terms_check_expiry(struct env *env, int64_t expires_at)
{
	if (expires_at != CLOCK_NONE && expires_at <= clock_now())
		return why_set(&env->why, WHY_IN_PAST);
	return ERR_OK;
}

enum err
share_terms_check(struct env *env, const struct share_terms *t)
{
	enum err e;

	if ((t->given & CAN_VIEW) != 0 && (t->permissions & CAN_VIEW) == 0)
		return why_set(&env->why, WHY_CAN_VIEW_FALSE);
	if ((e = share_terms_check_text(env, ABOUT_NAME, t->name,
		 SHARE_NAME_MOST, false)) != ERR_OK ||
	    (e = share_terms_check_text(env, ABOUT_NOTE, t->note,
		 SHARE_NOTE_MOST, true)) != ERR_OK)
		return e;
	return t->expiry_given ? share_terms_check_expiry(env, t->expires_at) :
				 ERR_OK;
}
