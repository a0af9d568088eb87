#include "config.h"

#include "core/community/check.h"

#include <string.h>

#include "core/community/source.h"
#include "core/community/tag.h"

static enum err
check_tags(struct env *env, const struct share_request *r)
{
	size_t most = (size_t)env->base->conf->community_max_tags;
	struct tag tag = { 0 };
	enum err e;

	if (r->ntags > most)
		return why_with(&env->why, WHY_TOO_MANY_TAGS,
		    .most = (int64_t)most);
	for (size_t i = 0; i < r->ntags; i++) {
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->tags[i], r->tags[k]) == 0)
				return why_with(&env->why, WHY_DUPLICATE_TAG,
				    .word = r->tags[i]);
		e = community_tag_find(env, r->tags[i], &tag);
		if (e == ERR_NOT_FOUND)
			return why_with(&env->why, WHY_UNKNOWN_TAG,
			    .word = r->tags[i]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

bool
community_needs_consent(const struct media *m, enum media_type type)
{
	return community_is_upload(m) && media_type_is_image(type);
}

enum err
community_check(struct env *env, const struct media *m, enum media_type type,
    const struct share_request *r)
{
	if (type == MEDIA_UNKNOWN)
		return why_set(&env->why, WHY_NOT_PUBLISHABLE);
	if (community_needs_consent(m, type)) {
		if (!r->consent)
			return why_set(&env->why, WHY_CONSENT_NEEDED);
		if (r->ntags == 0)
			return why_set(&env->why, WHY_TAG_NEEDED);
	}
	return check_tags(env, r);
}
