/* Free space on the file systems, and the clock by which they date files. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "core/ops/doctor_look.h"
#include "db/doctor_db.h"

#define MOST_DISKS 8
#define CLOCKS_APART (1 * CLOCK_SECOND) /* more would confuse the sync */

/* When a disk is low or full: by the free part, unless there is space for a
 * number of uploads of the largest size; and by the number of free inodes. */
#define LOW_PART 10 /* percent */
#define LOW_UPLOADS 10
#define LOW_FILES 100000
#define FULL_PART 2
#define FULL_UPLOADS 1
#define FULL_FILES 10000

struct disks {
	struct doctor *d;
	dev_t seen[MOST_DISKS];
	size_t n;
};

static bool
is_below(uint64_t free, uint64_t all, uint64_t part, uint64_t enough)
{
	return (double)free < (double)all * (double)part / 100 && free < enough;
}

static void
tell(struct disks *v, const char *path, const struct statvfs *s)
{
	struct doctor *d = v->d;
	uint64_t most = (uint64_t)d->env.base->conf->upload_max_size;
	uint64_t free = (uint64_t)s->f_bavail * s->f_frsize;
	uint64_t all = (uint64_t)s->f_blocks * s->f_frsize;
	bool full, low;

	full = is_below(free, all, FULL_PART, FULL_UPLOADS * most);
	low = is_below(free, all, LOW_PART, LOW_UPLOADS * most);
	if (full || low)
		doctor_found(d, full ? FINDING_DISK_FULL : FINDING_DISK_LOW,
		    false, path, "%" PRIu64 " MB of %" PRIu64 " MB are free",
		    free >> 20, all >> 20);
	full = is_below(s->f_favail, s->f_files, FULL_PART, FULL_FILES);
	low = is_below(s->f_favail, s->f_files, LOW_PART, LOW_FILES);
	if (full || low)
		doctor_found(d, full ? FINDING_DISK_FULL : FINDING_DISK_LOW,
		    false, path,
		    "%" PRIu64 " of %" PRIu64 " inodes (files) are free",
		    (uint64_t)s->f_favail, (uint64_t)s->f_files);
}

/* Checks each file system once, and skips missing folders. */
static void
look_at(struct disks *v, const char *path)
{
	struct statvfs s;
	struct stat st;

	if (path == NULL || stat(path, &st) != 0 || statvfs(path, &s) != 0)
		return;
	for (size_t i = 0; i < v->n; i++)
		if (v->seen[i] == st.st_dev)
			return;
	if (v->n == MOST_DISKS)
		return;
	v->seen[v->n++] = st.st_dev;
	tell(v, path, &s);
}

/* The data folder of a database on this host. */
static const char *
database_folder(struct doctor *d)
{
	struct env *env = &d->env;
	const char *folder = NULL;

	if ((d->have & DATABASE) == 0 ||
	    env->base->conf->database_socket[0] == '\0' ||
	    doctor_db_folder(&env->db, &folder) != ERR_OK)
		return NULL;
	return folder;
}

/* Checks the disks of the storage, of the database, and of the web servers'
 * temporary uploads. */
enum err
look_disk(struct doctor *d)
{
	const char *tmp = getenv("TMPDIR");
	struct disks v = { .d = d };

	look_at(&v, d->env.base->conf->storage_root);
	look_at(&v, database_folder(d));
	look_at(&v, tmp != NULL ? tmp : "/tmp");
	look_at(&v, "/var/tmp");
	look_at(&v, "/var/lib/nginx");
	look_at(&v, "/var/lib/nginx/body");
	return ERR_OK;
}

/* Compares the time of a new temporary file with the host's clock before and
 * after. The kernel dates files in ticks. */
enum err
look_storage_clock(struct doctor *d)
{
	struct env *env = &d->env;
	struct store_temp *t;
	int64_t before, after, apart = 0, time;
	struct stat st;
	enum err e;

	before = clock_now();
	if ((e = store_temp(env->base->store, env->arena, &t, &env->why)) !=
		ERR_OK ||
	    (e = store_write(t, "x", 1, &env->why)) != ERR_OK) {
		/* The looks at the storage and the disks report that. */
		return e == ERR_FULL || e == ERR_RETRY ? ERR_OK : e;
	}
	if (fstat(t->fd, &st) != 0)
		return why_log(&env->why, ERR_INTERNAL, "fstat: %s",
		    strerror(errno));
	after = clock_now();
	time = clock_of(st.st_mtim);
	if (time < before)
		apart = time - before;
	else if (time > after)
		apart = time - after;
	if (apart < -CLOCKS_APART || apart > CLOCKS_APART)
		doctor_found(d, FINDING_CLOCK_STORAGE, false, "",
		    "New files in the storage are dated %s %s this host's "
		    "clock",
		    doctor_span(env->arena,
			(apart < 0 ? -apart : apart) / CLOCK_SECOND),
		    apart < 0 ? "behind" : "ahead of");
	return ERR_OK;
}
