#include "config.h"

#include "api/dialect_words.h"

/* What a dialect says otherwise than reasons.def. 0 and NULL: the same. */
struct wording {
	enum reason reason;
	int status;
	const char *field;
	const char *sentence;
};

struct table {
	const char *const *fields; /* by what a reason is about */
	const char *const *names;  /* that sentences use; NULL: the fields */
	const struct wording *words;
	size_t nwords;
	int member_status;     /* for ERR_INVALID about a field; 0: 400 */
	const char *not_found; /* without a reason; NULL: as usual */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Seeds 000 and 001, and what is ours. */
static const char *const message_fields[ABOUT__MAX] = {
	[ABOUT_CATEGORY] = "category",
	[ABOUT_CONSENT] = "consent",
	[ABOUT_CURRENT_PASSWORD] = "current",
	[ABOUT_CURSOR] = "cursor",
	[ABOUT_DATE_RANGE] = "dateRange",
	[ABOUT_EMAIL] = "email",
	[ABOUT_EXPIRY] = "expiresAt",
	[ABOUT_FILE] = "file",
	[ABOUT_FILE_PATH] = "filePath",
	[ABOUT_ID] = "id",
	[ABOUT_LIMIT] = "limit",
	[ABOUT_NAME] = "name",
	[ABOUT_NEW_PASSWORD] = "new",
	[ABOUT_PASSWORD] = "password",
	[ABOUT_REPORT] = "reason",
	[ABOUT_SCOPES] = "scopes",
	[ABOUT_SEARCH] = "search",
	[ABOUT_TAG] = "tag",
	[ABOUT_TAGS] = "tags",
	[ABOUT_TITLE] = "title",
	[ABOUT_TOKEN] = "token",
};

/* Seed 002. */
static const char *const error_fields[ABOUT__MAX] = {
	[ABOUT_CAN_VIEW] = "permissions.can_view",
	[ABOUT_CURSOR] = "cursor",
	[ABOUT_DESCRIPTION] = "description",
	[ABOUT_EXPIRY] = "expires_at",
	[ABOUT_ID] = "id",
	[ABOUT_MEDIA] = "media_id",
	[ABOUT_NAME] = "name",
	[ABOUT_NOTE] = "note",
	[ABOUT_PASSWORD] = "password",
	[ABOUT_PERMISSIONS] = "permissions",
	[ABOUT_RECIPIENT] = "recipient_username",
	[ABOUT_RECIPIENT_ID] = "recipient_user_id",
	[ABOUT_RECIPIENT_TYPE] = "recipient_type",
	[ABOUT_SHARES] = "share_ids",
	[ABOUT_TARGET] = "target_id",
	[ABOUT_TARGETS] = "target_ids",
};

/* Seed 003. */
static const char *const link_fields[ABOUT__MAX] = {
	[ABOUT_ADDRESSES] = "recipients",
	[ABOUT_EXPIRY] = "expiry_date",
	[ABOUT_FILE_NAME] = "payload.filename",
	[ABOUT_ID] = "id",
	[ABOUT_LINKS] = "shareable_link_ids",
	[ABOUT_MESSAGE] = "message",
};

#define LINK_GONE "Link not found or has expired"

static const struct wording link_words[] = {
	{ WHY_BAD_LINK_ID, 400, NULL, NULL },
	{ WHY_JSON_DUPLICATE, 400, NULL, NULL },
	{ WHY_NO_LINKS, 400, NULL, NULL },
	{ WHY_NO_MEDIA, 400, "payload.media_id", "asset not found" },
	/* Seed 003 has one message for all of these, also for the owner. */
	{ WHY_LINK_TARGET_GONE, 0, NULL, LINK_GONE },
	{ WHY_LINK_EXPIRED, 0, NULL, LINK_GONE },
	{ WHY_LINK_REVOKED, 0, NULL, LINK_GONE },
	{ WHY_LINK_EXHAUSTED, 0, NULL, LINK_GONE },
};

/* Seed 004, which knows no share that belongs to someone else. */
static const char *const asset_fields[ABOUT__MAX] = {
	[ABOUT_ADDRESSES] = "externalUsers.email",
	[ABOUT_CAN_VIEW] = "sharedPermissions",
	[ABOUT_EXPIRY] = "expirationDate",
	[ABOUT_GUESTS] = "externalUsers",
	[ABOUT_ID] = "id",
	[ABOUT_NAME] = "name",
	[ABOUT_NOTE] = "note",
	[ABOUT_PASSWORD] = "password",
	[ABOUT_PERMISSIONS] = "sharedPermissions",
	[ABOUT_RECIPIENT_ID] = "nomadUsers.id",
	[ABOUT_RECIPIENT_TYPE] = "sharedType",
	[ABOUT_RECIPIENTS] = "nomadUsers",
	[ABOUT_SHARE] = "id",
	[ABOUT_TARGET] = "assetId",
	[ABOUT_TARGETS] = "sharedContents",
};

static const struct wording asset_words[] = {
	{ WHY_SHARE_NOT_YOURS, 404, NULL, "Share not found" },
};

/* The fields of the forms … */
static const char *const page_fields[ABOUT__MAX] = {
	[ABOUT_CATEGORY] = "category",
	[ABOUT_CONSENT] = "consent",
	[ABOUT_CURSOR] = "cursor",
	[ABOUT_DATE_RANGE] = "dateRange",
	[ABOUT_DESCRIPTION] = "description",
	[ABOUT_EMAIL] = "email",
	[ABOUT_EXPIRY] = "expires_at",
	[ABOUT_FILE] = "file",
	[ABOUT_ID] = "id",
	[ABOUT_LIMIT] = "limit",
	[ABOUT_MEDIA] = "media_id",
	[ABOUT_NAME] = "name",
	[ABOUT_NOTE] = "note",
	[ABOUT_PASSWORD] = "password",
	[ABOUT_PERMISSIONS] = "permissions",
	[ABOUT_RECIPIENT] = "username",
	[ABOUT_SEARCH] = "search",
	[ABOUT_TAG] = "tag",
	[ABOUT_TAGS] = "tags",
	[ABOUT_TARGET] = "target_id",
	[ABOUT_TARGETS] = "target_ids",
	[ABOUT_TOKEN] = "token",
};

/* … and what the forms call them. */
static const char *const page_names[ABOUT__MAX] = {
	[ABOUT_DESCRIPTION] = "The description",
	[ABOUT_EXPIRY] = "The last day",
	[ABOUT_NAME] = "The name",
	[ABOUT_NOTE] = "The message",
	[ABOUT_PASSWORD] = "The password",
	[ABOUT_SEARCH] = "The search",
};

static const struct wording page_words[] = {
	{ WHY_CONSENT_NEEDED, 0, NULL,
	    "Confirm that you agree to make this public" },
	{ WHY_TAG_NEEDED, 0, NULL, "Choose at least one tag" },
};

static const struct table tables[DIALECT__MAX] = {
	[MESSAGE] = { .fields = message_fields },
	[ERROR] = { .fields = error_fields },
	[LINKS] = { .fields = link_fields,
	    .words = link_words,
	    .nwords = COUNT(link_words),
	    .member_status = 422,
	    .not_found = LINK_GONE },
	[PROBLEM] = { .fields = asset_fields,
	    .words = asset_words,
	    .nwords = COUNT(asset_words) },
	[PAGE] = { .fields = page_fields,
	    .names = page_names,
	    .words = page_words,
	    .nwords = COUNT(page_words) },
};

static const struct wording *
find(const struct table *t, enum reason reason)
{
	static const struct wording none = { WHY_NONE, 0, NULL, NULL };

	for (size_t i = 0; i < t->nwords; i++)
		if (t->words[i].reason == reason)
			return &t->words[i];
	return &none;
}

static const char *
name_of(const struct table *t, const struct why *why, const char *field)
{
	if (t->names != NULL && t->names[why->about] != NULL)
		return t->names[why->about];
	return field != NULL ? field : about_name(why->about);
}

void
dialect_words_find(enum dialect d, const struct why *why, enum err e,
    struct dialect_words *ret)
{
	const struct table *t = &tables[d];
	enum reason reason = why_reason(why, e);
	const struct wording *w;

	*ret = (struct dialect_words){ .status = err_status(e),
		.name = "",
		.sentence = err_text(e) };
	if (reason == WHY_NONE) {
		if (e == ERR_NOT_FOUND && t->not_found != NULL)
			ret->sentence = t->not_found;
		return;
	}
	w = find(t, reason);
	ret->field = why->field[0] != '\0' ? why->field :
	    w->field != NULL		   ? w->field :
					     t->fields[why->about];
	ret->name = name_of(t, why, ret->field);
	ret->sentence =
	    w->sentence != NULL ? w->sentence : reason_sentence(reason);
	if (w->status != 0)
		ret->status = w->status;
	else if (e == ERR_INVALID && ret->field != NULL &&
	    t->member_status != 0)
		ret->status = t->member_status;
}
