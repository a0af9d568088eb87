/*
 * The pool: a process that holds the listening sockets and keeps children on
 * them, each of which serves by itself.
 */
#ifndef PROG_SUPERVISE_H
#define PROG_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <sysexits.h>

#include "base/error.h"

/* A child that would fail again until somebody changes something exits with
 * this. */
#define SUPERVISE_HOPELESS EX_CONFIG

/* Children that share one socket. */
struct pool_group {
	const char *name; /* for the log */
	int listen_fd;	  /* -1: none */
	unsigned workers;
	bool last;	/* kept until all others have gone, then told to leave;
			 * starts with SIGTERM and SIGINT blocked, so that it
			 * does before that what it is for */
	bool once;	/* not replaced when it has returned 0; with
			 * SUPERVISE_HOPELESS it ends the pool at any time */
	unsigned drain; /* seconds for the request at hand when a child is to
			 * leave; SIGKILL then. 0: 30 */
};

/*
 * Keeps groups[i].workers children on each socket, until SIGTERM or SIGINT:
 * then the children get SIGTERM, and 0 is returned when the last is gone. A
 * child that returns (recycling) or dies is replaced, with growing back-off
 * when it dies before it served; SUPERVISE_HOPELESS is passed on when the
 * first children exit with it.
 *
 * On SIGHUP reload() is called, in this process: children inherit what it
 * makes, and so do those that replace others later. When it returns false, all
 * stays as it is. Else all children are replaced, one after the other, each by
 * a new one that serves before the old one is told to leave; a new one that
 * fails to start ends the reload, and the old ones stay.
 *
 * A service manager that waits (prog/notify.h) is notified when each group has
 * a child that serves.
 *
 * child() runs in the new process, with its group's socket alone open, default
 * signals (SIGHUP ignored), and SIGTERM when the parent dies; its result is the
 * exit code. It calls supervise_ready() when it can serve.
 */
struct pool_work {
	int (*child)(void *arg, const struct pool_group *group);
	bool (*reload)(void *arg);
	void *arg;
};

int supervise(const struct pool_group *groups, size_t n,
    const struct pool_work *work);

/* Tells the parent that this child serves from now on. Does nothing in a
 * process that no supervise() has started. */
void supervise_ready(void);

#endif
