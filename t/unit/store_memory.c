#include "config.h"

#include "store_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/ops.h"

#define MOST 1000

struct object {
	char path[256]; /* "": unused */
	int fd;
	uint64_t version;
	struct timespec changed;
};

struct memory {
	struct store store;
	struct object v[MOST];
	uint64_t versions;
};

static struct object *
find(struct store *s, const char *path)
{
	struct memory *m = (struct memory *)s;

	for (size_t i = 0; i < MOST; i++)
		if (strcmp(m->v[i].path, path) == 0)
			return &m->v[i];
	return NULL;
}

static enum err
describe(const struct object *o, struct store_info *ret, struct why *why)
{
	struct stat st;

	if (fstat(o->fd, &st) != 0)
		return store_failed(why, "stat", o->path);
	*ret = (struct store_info){ (uint64_t)st.st_size, o->changed,
		o->changed, o->version };
	return ERR_OK;
}

static const char *
memory_web_root(const struct store *s)
{
	(void)s;
	return NULL;
}

static enum err
memory_ping(struct store *s, struct why *why)
{
	(void)s, (void)why;
	return ERR_OK;
}

static enum err
memory_mkdir(struct store *s, const char *path, struct why *why)
{
	(void)s, (void)path, (void)why;
	return ERR_OK;
}

static enum err
memory_stamp(struct store *s, const char *folder, struct store_stamp *ret,
    struct why *why)
{
	(void)s, (void)folder, (void)why;
	*ret = (struct store_stamp){ .known = false };
	return ERR_OK;
}

static enum err
memory_list(struct store *s, const char *folder, store_list_fn *fn, void *arg,
    struct why *why)
{
	struct memory *m = (struct memory *)s;
	size_t n = strlen(folder);
	struct store_info info;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < MOST; i++) {
		const char *name = m->v[i].path + n + 1;

		if (strncmp(m->v[i].path, folder, n) != 0 ||
		    m->v[i].path[n] != '/' || name[0] == '.' ||
		    strchr(name, '/') != NULL)
			continue;
		if ((e = describe(&m->v[i], &info, why)) == ERR_OK)
			e = fn(arg, name, &info);
	}
	return e;
}

static enum err
memory_stat(struct store *s, const char *path, struct store_info *ret,
    struct why *why)
{
	const struct object *o = path[0] == '\0' ? NULL : find(s, path);

	if (o != NULL)
		return describe(o, ret, why);
	errno = ENOENT;
	return store_failed(why, "stat", path);
}

static enum err
memory_read(struct store *s, const char *path, int *ret_fd,
    struct store_info *ret, struct why *why)
{
	enum err e = memory_stat(s, path, ret, why);
	const struct object *o = find(s, path);
	char name[32];
	int fd;

	if (e != ERR_OK || o == NULL)
		return e;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", o->fd);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) < 0)
		return store_failed(why, "open", path);
	*ret_fd = fd;
	return ERR_OK;
}

static enum err
memory_move(struct store *s, const char *from, const char *to, struct why *why)
{
	struct object *o = find(s, from);

	errno = o == NULL ? ENOENT : EEXIST;
	if (o == NULL || find(s, to) != NULL)
		return store_failed(why, "move", from);
	snprintf(o->path, sizeof(o->path), "%s", to);
	return ERR_OK;
}

static enum err
memory_remove(struct store *s, const char *path, struct why *why)
{
	struct object *o = find(s, path);

	(void)why;
	if (o != NULL) {
		close(o->fd);
		o->path[0] = '\0';
	}
	return ERR_OK;
}

static enum err
memory_temp(struct store_temp *t, struct why *why)
{
	snprintf(t->name, sizeof(t->name), "memory");
	t->fd = memfd_create(t->name, MFD_CLOEXEC);
	return t->fd >= 0 ? ERR_OK : store_failed(why, "create", t->name);
}

static enum err
memory_commit(struct store_temp *t, const char *path, bool replace,
    struct store_info *ret, struct why *why)
{
	struct memory *m = (struct memory *)t->store;
	struct object *o = find(t->store, path);
	struct store_info info;

	if (o != NULL && !replace) {
		errno = EEXIST;
		return store_failed(why, "commit", path);
	}
	if (o != NULL)
		close(o->fd);
	else
		o = find(t->store, "");
	AN(o != NULL);
	snprintf(o->path, sizeof(o->path), "%s", path);
	o->fd = dup(t->fd);
	o->version = ++m->versions;
	clock_gettime(CLOCK_REALTIME, &o->changed);
	return describe(o, ret != NULL ? ret : &info, why);
}

static void
memory_drop(struct store_temp *t)
{
	(void)t;
}

static const struct store_ops memory_ops = {
	.web_root = memory_web_root,
	.ping = memory_ping,
	.mkdir = memory_mkdir,
	.stamp = memory_stamp,
	.list = memory_list,
	.read = memory_read,
	.stat = memory_stat,
	.move = memory_move,
	.remove = memory_remove,
	.temp = memory_temp,
	.commit = memory_commit,
	.drop = memory_drop,
};

static void
close_all(void *arg)
{
	struct memory *m = arg;

	for (size_t i = 0; i < MOST; i++)
		if (m->v[i].path[0] != '\0')
			close(m->v[i].fd);
}

struct store *
memory_open(struct arena *a)
{
	struct memory *m = arena_new_struct(a, struct memory);

	m->store.ops = &memory_ops;
	m->store.root = "memory";
	arena_defer(a, close_all, m);
	return &m->store;
}
