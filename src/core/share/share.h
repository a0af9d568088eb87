/* Shares (seed 002), which lie under all four APIs: made, changed, revoked,
 * listed. What a link opens is link.h's. */
#ifndef CORE_SHARE_SHARE_H
#define CORE_SHARE_SHARE_H

#include "core/env.h"
#include "db/share_db.h"
#include "model/share.h"
#include "model/user.h"

#define SHARE_NOTE_MOST 4000 /* characters */
#define SHARE_NAME_MOST 255
#define SHARE_PASSWORD_MOST 1024 /* bytes */
#define SHARE_RECIPIENTS_MOST 100

/* What can be set of a share and changed later; what is not given stays. */
struct share_terms {
	unsigned given;	      /* the permissions that are told … */
	unsigned permissions; /* … and those of them that are granted */
	bool name_given, note_given, password_given, expiry_given, limit_given;
	const char *name;     /* NULL: none */
	const char *note;     /* NULL: none */
	const char *password; /* NULL: none */
	int64_t expires_at;   /* CLOCK_NONE: never */
	uint64_t max_uses;    /* 0: no limit */
	/* Of a change alone: what it must be, other media, other recipients. */
	bool kind_given;
	bool link;
	size_t ntargets; /* 0: they stay */
	const struct uuid *targets;
	bool recipients_given;
	size_t nrecipients;
	const uint64_t *recipients;
};

/* Whether a time can be an end: it lies ahead. */
enum err share_check_expiry(struct env *env, const char *field,
    int64_t expires_at) MUST_CHECK;

/* Changes a share of the caller's. A new password, other permissions or another
 * limit throw everybody out who is in. ERR_NOT_FOUND: it is revoked. */
enum err share_update(struct env *env, const struct caller *c, const char *id,
    const struct share_terms *t, struct share *ret) MUST_CHECK;

/* Takes a share of the caller's back, and all that pass it on. */
enum err share_revoke(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* All of them or none. ERR_FORBIDDEN: one is not the caller's, or revoked. */
enum err share_revoke_batch(struct env *env, const struct caller *c,
    const struct uuid *ids, size_t n) MUST_CHECK;

/* Takes it back, with its log and notifications, within a transaction of the
 * caller's. actor 0: the administrator. */
enum err share_end(struct env *env, uint64_t id, uint64_t owner_id,
    uint64_t actor) MUST_CHECK;

/* The caller's lists, newest first, and how many there are in all. */
enum err share_list_outgoing(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;
enum err share_list_incoming(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* The log of a share of the caller's. */
enum err share_activity(struct env *env, const struct caller *c, const char *id,
    const struct share_page *p, struct share_activity **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* What it shows, at most `limit`, behind the media `before` of a collection
 * (INT64_MAX: from the start). *ret_before: where the rest begins, 0: that is
 * all. */
enum err share_items(struct env *env, const struct share *s, uint64_t before,
    uint64_t limit, struct share_item **ret, size_t *ret_n,
    uint64_t *ret_before) MUST_CHECK;

/* ---- for the administrator ---- */

enum err share_find(struct env *env, const char *id,
    struct share *ret) MUST_CHECK;
enum err share_list_all(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n) MUST_CHECK;
enum err share_revoke_any(struct env *env, const char *id) MUST_CHECK;

/* Ends it now, for whoever may: actor 0 is the administrator. ERR_NOT_FOUND:
 * it is over already. */
enum err share_expire(struct env *env, const char *id,
    uint64_t actor) MUST_CHECK;

/* Where people open it: base_url/s/{token} of a link, base_url/shares/{id} of
 * what was made to an account. */
const char *share_url(struct env *env, struct arena *a, const struct share *s);

#endif
