/*
 * A private MariaDB for tests: its own folder, a socket, no TCP, nothing of
 * the machine's. When VITRINE_TEST_SOCKET is set, mariadb_get() uses the
 * server behind it (user root without a password) and a database of its own.
 */
#ifndef UNIT_MARIADB_H
#define UNIT_MARIADB_H

#include <sys/types.h>

#include "base/conf.h"

struct mariadb {
	char dir[80];
	char socket[108];
	char database[32];
	pid_t pid; /* 0: not ours, or not running */
};

/* A running server with an empty database: the one of the environment, or a
 * new one. Dies when that fails. */
void mariadb_get(struct mariadb *m);

/* As mariadb_get(), but always a new one, that may be killed. */
void mariadb_new(struct mariadb *m);

/* Kills the server as a power cut would; starts it again on its data. The
 * server dies with the process that started it. */
void mariadb_kill(struct mariadb *m);
void mariadb_start(struct mariadb *m);

/* Drops the database, stops the server if it is ours, removes its folder. */
void mariadb_put(struct mariadb *m);

/* The [database] settings for it; all others are zero. */
struct conf mariadb_conf(const struct mariadb *m);

#endif
