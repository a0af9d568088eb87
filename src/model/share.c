#include "config.h"

#include "model/share.h"

static const char *const origin_words[] = {
	[ORIGIN_CODE] = "code",
	[ORIGIN_SHARE] = "share",
	[ORIGIN_LINK] = "link",
	[ORIGIN_ASSET] = "asset",
};

const struct words share_origins = WORDS(origin_words);

static const char *const recipient_words[] = {
	[RECIPIENT_LINK] = "public_link",
	[RECIPIENT_USER] = "user",
};

const struct words recipient_types = WORDS(recipient_words);

static const char *const target_type_words[] = {
	[SHARE_MEDIA] = "media",
	[SHARE_SET] = "set",
	[SHARE_COLLECTION] = "collection",
};

const struct words share_target_types = WORDS(target_type_words);

static const char *const community_words[] = {
	[COMMUNITY_MAKING] = "making",
	[COMMUNITY_READY] = "ready",
	[COMMUNITY_HIDDEN] = "hidden",
};

const struct words community_states = WORDS(community_words);

const char *
share_status_name(enum share_status s)
{
	switch (s) {
	case SHARE_REVOKED:
		return "revoked";
	case SHARE_EXPIRED:
		return "expired";
	case SHARE_EXHAUSTED:
		return "exhausted";
	case SHARE_ACTIVE:
		break;
	}
	return "active";
}

enum share_status
share_status(const struct share *s)
{
	return s->own_state < s->chain_state ? s->own_state : s->chain_state;
}

unsigned
share_permissions(const struct share *s)
{
	return (s->can_view ? CAN_VIEW : 0) |
	    (s->can_download ? CAN_DOWNLOAD : 0) |
	    (s->can_edit ? CAN_EDIT : 0) | (s->can_reshare ? CAN_RESHARE : 0);
}

bool
share_is_link(const struct share *s)
{
	return !uuid_is_nil(&s->token);
}

bool
share_has_limit(const struct share *s)
{
	return s->max_uses > 0 || s->limits > 0;
}

bool
share_is_open(const struct share *s, bool visiting)
{
	enum share_status status = share_status(s);

	return status == SHARE_ACTIVE ||
	    (status == SHARE_EXHAUSTED && visiting);
}

const char *
share_name(const struct share *s)
{
	return s->name != NULL ? s->name : s->target_name;
}

const char *
share_item_name(const struct share_item *i)
{
	return i->title != NULL ? i->title : i->file_name;
}
