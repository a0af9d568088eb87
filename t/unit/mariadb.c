#include "config.h"

#include "mariadb.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <mysql.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_ARGS 24

/* Servers refuse to run as root. */
static const struct passwd *
server_user(void)
{
	const struct passwd *pw;

	if (geteuid() != 0)
		return NULL;
	if ((pw = getpwnam("mysql")) == NULL)
		pw = getpwnam("nobody");
	AN(pw != NULL);
	return pw;
}

static pid_t
spawn(const struct mariadb *m, const char *const *args)
{
	const struct passwd *pw = server_user();
	char log[128];
	pid_t pid;
	int fd;

	snprintf(log, sizeof(log), "%s/log", m->dir);
	AN((pid = fork()) >= 0);
	if (pid > 0)
		return pid;
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	/* Not by --user: changing the user later would undo the prctl(). */
	if (pw != NULL &&
	    (setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 ||
		setuid(pw->pw_uid) != 0))
		_exit(126);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(args[0], (char *const *)(uintptr_t)args);
	_exit(127);
}

static void
install(struct mariadb *m)
{
	char data[128], tmp[128];
	const char *const args[] = { "mariadb-install-db", "--no-defaults",
		data, tmp, "--auth-root-authentication-method=normal",
		"--skip-test-db", NULL };
	int status;
	pid_t pid;

	snprintf(data, sizeof(data), "--datadir=%s/data", m->dir);
	snprintf(tmp, sizeof(tmp), "--tmpdir=%s", m->dir);
	pid = spawn(m, args);
	AN(waitpid(pid, &status, 0) == pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die("mariadb-install-db failed, see %s/log", m->dir);
}

static bool
try_sql(const struct mariadb *m, const char *sql)
{
	MYSQL *my = mysql_init(NULL);
	const bool ok = mysql_real_connect(my, NULL, "root", "", NULL, 0,
			    m->socket, 0) != NULL &&
	    mysql_query(my, sql) == 0;

	mysql_close(my);
	return ok;
}

void
mariadb_start(struct mariadb *m)
{
	char data[128], sock[128], pid[128], tmp[128];
	/* Every commit reaches the kernel, which a kill -9 does not lose. */
	const char *const args[] = { "mariadbd", "--no-defaults", data, sock,
		pid, tmp, "--skip-networking", "--skip-log-bin",
		"--skip-name-resolve", "--performance-schema=OFF",
		"--innodb-buffer-pool-size=32M",
		"--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0",
		"--innodb-flush-method=nosync", NULL };
	int i;

	snprintf(data, sizeof(data), "--datadir=%s/data", m->dir);
	snprintf(sock, sizeof(sock), "--socket=%s", m->socket);
	snprintf(pid, sizeof(pid), "--pid-file=%s/pid", m->dir);
	/* Not shared: a server that starts removes others' temporary tables. */
	snprintf(tmp, sizeof(tmp), "--tmpdir=%s", m->dir);
	m->pid = spawn(m, args);
	for (i = 0; i < 600; i++) {
		if (try_sql(m, "DO 0"))
			return;
		if (waitpid(m->pid, NULL, WNOHANG) != 0)
			break;
		usleep(50000);
	}
	die("mariadbd does not start, see %s/log", m->dir);
}

static void
create_database(struct mariadb *m)
{
	char sql[80];

	snprintf(m->database, sizeof(m->database), "vitrine_unit_%d",
	    (int)getpid());
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", m->database);
	if (!try_sql(m, sql))
		die("cannot make a database on %s", m->socket);
}

void
mariadb_new(struct mariadb *m)
{
	const struct passwd *pw = server_user();

	memset(m, 0, sizeof(*m));
	snprintf(m->dir, sizeof(m->dir), "/tmp/vitrine-db-XXXXXX");
	AN(mkdtemp(m->dir) != NULL);
	AN(chmod(m->dir, 0755) == 0);
	if (pw != NULL)
		AN(chown(m->dir, pw->pw_uid, pw->pw_gid) == 0);
	snprintf(m->socket, sizeof(m->socket), "%s/s", m->dir);
	install(m);
	mariadb_start(m);
	create_database(m);
}

void
mariadb_get(struct mariadb *m)
{
	const char *socket = getenv("VITRINE_TEST_SOCKET");

	if (socket == NULL || socket[0] == '\0') {
		mariadb_new(m);
		return;
	}
	memset(m, 0, sizeof(*m));
	AN(strlen(socket) < sizeof(m->socket));
	memcpy(m->socket, socket, strlen(socket));
	create_database(m);
}

static void
end(struct mariadb *m, int sig)
{
	AN(m->pid > 0);
	kill(m->pid, sig);
	/* A server that another process has started is not ours to wait for. */
	while (waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	m->pid = 0;
}

void
mariadb_kill(struct mariadb *m)
{
	end(m, SIGKILL);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
mariadb_put(struct mariadb *m)
{
	char sql[80];

	if (m->dir[0] == '\0') {
		snprintf(sql, sizeof(sql), "DROP DATABASE %s", m->database);
		AN(try_sql(m, sql));
		return;
	}
	if (m->pid != 0)
		end(m, SIGKILL);
	AN(nftw(m->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

struct conf
mariadb_conf(const struct mariadb *m)
{
	return (struct conf){ .database_socket = m->socket,
		.database_host = "",
		.database_name = m->database,
		.database_user = "root",
		.database_password_file = "" };
}
