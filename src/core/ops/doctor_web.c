/* The web server: whether it can reach the sockets and read the storage, and
 * whether it passes on clients' addresses. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/ops/doctor_look.h"
#include "db/doctor_db.h"

/* This number from one address is no longer a coincidence. */
#define MANY 20
#define OWNERS 3

static bool
find_web(struct doctor *d, struct principal *ret)
{
	const char *name = d->env.base->conf->web_account;

	return name[0] != '\0' && principal_find(d->env.arena, name, ret);
}

enum err
look_web_account(struct doctor *d)
{
	const char *name = d->env.base->conf->web_account;
	struct principal web;

	if (name[0] != '\0' && !find_web(d, &web))
		doctor_found(d, FINDING_WEB_ACCOUNT, false, name,
		    "This host has no account of that name");
	return ERR_OK;
}

/* ---- the sockets ---- */

static bool
is_answered(const char *path, bool *ret_refused)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd, r;

	*ret_refused = false;
	if (strlen(path) >= sizeof(sa.sun_path))
		return false;
	memcpy(sa.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	r = connect(fd, (const struct sockaddr *)&sa, sizeof(sa));
	*ret_refused = r != 0 && errno == ECONNREFUSED;
	close(fd);
	return r == 0;
}

static void
look_socket(struct doctor *d, const char *path)
{
	struct principal web;
	struct stat st;
	const char *at;
	bool refused;

	if (stat(path, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		/* If the site works without it, mod_fcgid is used. */
		if (!d->proven)
			doctor_found(d, FINDING_SOCKET_MISSING, false, path,
			    "The pool's socket does not exist");
		return;
	}
	if (!is_answered(path, &refused) && refused)
		doctor_found(d, FINDING_SOCKET_CLOSED, false, path,
		    "No process is listening on the pool's socket");
	if (find_web(d, &web) &&
	    !principal_reaches(d->env.arena, &web, path, R_OK | W_OK, &at))
		doctor_found(d, FINDING_SOCKET_ACCESS, false, path,
		    "The web server's account %s cannot use it: no access to "
		    "%s",
		    web.name, at);
}

enum err
look_sockets(struct doctor *d)
{
	char *words =
		 arena_strdup(d->env.arena, d->env.base->conf->web_sockets),
	     *word;

	while ((word = strsep(&words, " \t")) != NULL)
		if (*word != '\0')
			look_socket(d, word);
	return ERR_OK;
}

/* ---- the storage ---- */

enum err
look_web_access(struct doctor *d)
{
	static const char *const folders[] = { "general", "user-media/users" };
	struct arena *a = d->env.arena;
	struct principal web;
	struct stat st;
	const char *at, *path, *root = store_web_root(d->env.base->store);

	if (root == NULL || !find_web(d, &web))
		return ERR_OK;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		path = arena_printf(a, "%s/%s", root, folders[i]);
		if (principal_reaches(a, &web, path, R_OK | X_OK, &at) ||
		    at[0] == '\0' || stat(at, &st) != 0)
			continue;
		doctor_found(d, FINDING_WEB_ACCESS, false, folders[i],
		    "The web server's account %s, which sends the files, "
		    "cannot read %s (%s)",
		    web.name, at, access_text(a, &st));
	}
	return ERR_OK;
}

/* ---- clients' addresses ---- */

static bool
is_one(const struct doctor_addresses *v)
{
	return v->n >= MANY && v->addresses == 1 && v->owners >= OWNERS;
}

enum err
look_addresses(struct doctor *d)
{
	struct env *env = &d->env;
	struct doctor_addresses s = { 0 }, v = { 0 };
	enum err e;

	if ((e = doctor_db_sessions(&env->db, &s)) != ERR_OK ||
	    (e = doctor_db_visits(&env->db, &v)) != ERR_OK)
		return e;
	if (is_one(&s))
		doctor_found(d, FINDING_ONE_ADDRESS, false, s.address,
		    "The last %" PRIu64 " sessions, of %" PRIu64 " accounts, "
		    "all come from this address",
		    s.n, s.owners);
	else if (is_one(&v))
		doctor_found(d, FINDING_ONE_ADDRESS, false, v.address,
		    "The last %" PRIu64 " visits, to %" PRIu64 " shares, all "
		    "come from this address",
		    v.n, v.owners);
	return ERR_OK;
}
