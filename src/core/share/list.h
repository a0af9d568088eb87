/* Lists of shares and of their activity. */
#ifndef CORE_SHARE_LIST_H
#define CORE_SHARE_LIST_H

#include "core/env.h"
#include "db/share_db.h"
#include "model/share.h"
#include "model/user.h"

/* The shares that the caller made or received, newest first. *ret_total is the
 * number of all of them. */
enum err share_list_outgoing(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

enum err share_list_incoming(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* The activity log of a share that the caller made. */
enum err share_list_activity(struct env *env, const struct caller *c,
    const char *id, const struct share_page *p, struct share_activity **ret,
    size_t *ret_n, uint64_t *ret_total) MUST_CHECK;

/* ---- for the administrator ---- */

enum err share_find(struct env *env, const char *id,
    struct share *ret) MUST_CHECK;
enum err share_list_all(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n) MUST_CHECK;

#endif
