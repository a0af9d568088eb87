/* Lists folders of the storage for the looks. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/ops/doctor_look.h"
#include "store/fs.h"

bool
doctor_open(struct doctor *d, const char *path, struct doctor_folder *ret)
{
	struct env *env = &d->env;
	enum err e;
	int fd;

	e = fs_folder(env->base->store, path, &fd, &env->why);
	if (e == ERR_OK) {
		ret->dir = fdopendir(fd);
		if (ret->dir == NULL) {
			e = why_log(&env->why, ERR_INTERNAL, "%s",
			    strerror(errno));
			close(fd);
		}
	}
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		doctor_found(d, FINDING_NOT_CHECKED, false, path,
		    "The folder cannot be opened: %s",
		    doctor_reason(&env->why, e));
	ret->d = d;
	AN(strlen(path) < sizeof(ret->path));
	memcpy(ret->path, path, strlen(path) + 1);
	return e == ERR_OK;
}

const char *
doctor_next(struct doctor_folder *f)
{
	struct dirent *entry;

	arena_reset(f->d->scratch);
	doctor_steps(f->d, "files", 1);
	do {
		errno = 0;
		entry = readdir(f->dir);
	} while (entry != NULL &&
	    (strcmp(entry->d_name, ".") == 0 ||
		strcmp(entry->d_name, "..") == 0));
	if (entry == NULL && errno != 0)
		doctor_found(f->d, FINDING_NOT_CHECKED, false, f->path,
		    "The folder cannot be read completely: %s",
		    strerror(errno));
	return entry != NULL ? entry->d_name : NULL;
}

void
doctor_close(struct doctor_folder *f)
{
	closedir(f->dir);
}

const char *
doctor_subject(struct doctor_folder *f, const char *name)
{
	return arena_printf(f->d->scratch, "%s/%s", f->path, name);
}
