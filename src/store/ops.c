#include "config.h"

#include "store/ops.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define RETRY_SECONDS 5

enum err
store_away(struct why *why)
{
	why->retry_after = RETRY_SECONDS;
	return ERR_RETRY;
}

enum err
store_failed(struct why *why, const char *call, const char *path)
{
	int err = errno;

	(void)why_log(why, ERR_INTERNAL, "%s %s: %s", call, log_quote(path),
	    strerror(err));
	switch (err) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP: /* a symbolic link in the path: Vitrine makes none */
	case EXDEV:
	case ENXIO: /* a socket, or a device without a driver */
	case ENODEV:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_CONFLICT;
	case ENOSPC:
	case EDQUOT:
	case EFBIG: /* larger than the file system allows */
		return ERR_FULL;
	case EROFS:
	case EIO:
	case EACCES:
	case EPERM:
	case ESTALE:
	case EAGAIN: /* openat2 under a concurrent rename */
		return store_away(why);
	default:
		return ERR_INTERNAL;
	}
}

const char *
store_root(const struct store *s)
{
	return s->root;
}

const char *
store_web_root(const struct store *s)
{
	return s->ops->web_root(s);
}

enum err
store_ping(struct store *s, struct why *why)
{
	return s->ops->ping(s, why);
}

enum err
store_mkdir(struct store *s, const char *path, struct why *why)
{
	return s->ops->mkdir(s, path, why);
}

enum err
store_stamp(struct store *s, const char *folder, struct store_stamp *ret,
    struct why *why)
{
	return s->ops->stamp(s, folder, ret, why);
}

enum err
store_list(struct store *s, const char *folder, store_list_fn *fn, void *arg,
    struct why *why)
{
	return s->ops->list(s, folder, fn, arg, why);
}

enum err
store_read(struct store *s, const char *path, int *ret_fd,
    struct store_info *ret, struct why *why)
{
	return s->ops->read(s, path, ret_fd, ret, why);
}

enum err
store_stat(struct store *s, const char *path, struct store_info *ret,
    struct why *why)
{
	return s->ops->stat(s, path, ret, why);
}

enum err
store_move(struct store *s, const char *from, const char *to, struct why *why)
{
	return s->ops->move(s, from, to, why);
}

enum err
store_remove(struct store *s, const char *path, struct why *why)
{
	return s->ops->remove(s, path, why);
}

/* ---- new objects ---- */

void
store_drop(struct store_temp *t)
{
	if (t->fd < 0)
		return;
	close(t->fd);
	t->fd = -1;
	if (!t->committed)
		t->store->ops->drop(t);
}

static void
drop_temp(void *arg)
{
	store_drop(arg);
}

enum err
store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why)
{
	struct store_temp *t = arena_new_struct(a, struct store_temp);
	enum err e;

	t->store = s;
	t->fd = -1;
	if ((e = s->ops->temp(t, why)) != ERR_OK)
		return e;
	arena_defer(a, drop_temp, t);
	*ret = t;
	return ERR_OK;
}

enum err
store_write(struct store_temp *t, const void *p, size_t n, struct why *why)
{
	const char *q = p;

	while (n > 0) {
		ssize_t w = write(t->fd, q, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return store_failed(why, "write", t->name);
		q += w;
		n -= (size_t)w;
	}
	return ERR_OK;
}

static enum err
commit(struct store_temp *t, const char *path, bool replace,
    struct store_info *ret, struct why *why)
{
	enum err e = t->store->ops->commit(t, path, replace, ret, why);

	if (e == ERR_OK)
		t->committed = true;
	return e;
}

enum err
store_commit(struct store_temp *t, const char *path, struct store_info *ret,
    struct why *why)
{
	return commit(t, path, false, ret, why);
}

enum err
store_replace(struct store_temp *t, const char *path, struct why *why)
{
	return commit(t, path, true, NULL, why);
}
