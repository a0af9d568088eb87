/*
 * The pool: a process that holds the listening sockets and keeps child
 * processes running, each of which serves on its own.
 */
#ifndef PROG_SUPERVISE_H
#define PROG_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <sysexits.h>

#include "base/error.h"

/* The exit status of a child that would fail again until someone fixes the
 * cause. */
#define SUPERVISE_HOPELESS EX_CONFIG

/* Children that share one socket. */
struct pool_group {
	const char *name; /* for the log */
	int listen_fd;	  /* -1: none */
	unsigned workers;
	bool last; /* stopped only after all others have exited. Starts with
		    * SIGTERM and SIGINT blocked, so that it does its work
		    * before it exits */
	bool once; /* not replaced after it returned 0; its
		    * SUPERVISE_HOPELESS ends the pool at any time */
	unsigned drain; /* seconds a child may take for its current request when
			 * it is stopped, before SIGKILL. 0: 30 */
};

/*
 * Keeps groups[i].workers children running on each socket until SIGTERM or
 * SIGINT; then sends SIGTERM to the children and returns 0 when all have
 * exited. A child that returns (recycling) or dies is replaced, with a growing
 * delay if it died before it was ready. Returns SUPERVISE_HOPELESS if the first
 * children exit with it.
 *
 * SIGHUP calls reload() in this process, so that all later children inherit
 * what it sets up. If it returns false nothing changes. Otherwise all children
 * are replaced one by one: an old one is stopped only when its replacement is
 * ready. If a replacement fails to start, the reload ends and the old ones
 * stay.
 *
 * The service manager (prog/notify.h) is notified when each group has a child
 * that is ready.
 *
 * child() runs in the new process with only its group's socket open and default
 * signals (SIGHUP ignored), and gets SIGTERM when the parent dies. Its result
 * is the exit status. It must call supervise_ready() when it can serve.
 */
struct pool_work {
	int (*child)(void *arg, const struct pool_group *group);
	bool (*reload)(void *arg);
	void *arg;
};

int supervise(const struct pool_group *groups, size_t n,
    const struct pool_work *work);

/* Reports to the parent that this child is ready. Does nothing in a process
 * that supervise() has not started. */
void supervise_ready(void);

#endif
