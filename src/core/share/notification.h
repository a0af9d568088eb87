/* Notifications of shares (seed 002). */
#ifndef CORE_SHARE_NOTIFICATION_H
#define CORE_SHARE_NOTIFICATION_H

#include "core/env.h"
#include "db/share_db.h"
#include "model/share.h"
#include "model/user.h"

#define NOTIFY_CREATED "share_created"
#define NOTIFY_UPDATED "share_updated"
#define NOTIFY_REVOKED "share_revoked"
#define NOTIFY_FIRST_ACCESS "first_access"
#define NOTIFY_PASSWORD_FAILED "password_failed"
#define NOTIFY_LIMIT_REACHED "limit_reached"

/* Notifies the recipients of a share and of its reshares; call it within the
 * transaction that changes the share. */
enum err notification_to_recipients(struct env *env, uint64_t share_id,
    const char *kind) MUST_CHECK;

/* Notifies one account. */
enum err notification_to_user(struct env *env, uint64_t share_id,
    uint64_t user_id, const char *kind) MUST_CHECK;

/* Notifies the share's owner, unless they have an unread notification of the
 * same kind for it. */
enum err notification_to_owner(struct env *env, uint64_t share_id,
    uint64_t owner_id, const char *kind) MUST_CHECK;

/* A number that grows with every change of the caller's notifications. */
enum err notification_version(struct env *env, const struct caller *c,
    uint64_t *ret) MUST_CHECK;

/* The caller's unread notifications, newest first. *ret_total is the number of
 * all of them. */
enum err notification_list(struct env *env, const struct caller *c,
    const struct share_page *p, struct notification **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* The number of the caller's unread notifications. */
enum err notification_count(struct env *env, const struct caller *c,
    uint64_t *ret) MUST_CHECK;

/* Marks one or all of the caller's notifications as read; repeating it is fine.
 * ERR_NOT_FOUND: the caller has no notification of that id. */
enum err notification_read(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;
enum err notification_read_all(struct env *env,
    const struct caller *c) MUST_CHECK;

#endif
