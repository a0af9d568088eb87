#include "config.h"

#include "prog/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "prog/notify.h"

#define SECOND INT64_C(1000000) /* of clock_tick() */
#define FIRST_DELAY (SECOND / 10)
#define LONGEST_DELAY (30 * SECOND)
#define LONG_LIFE (10 * SECOND) /* replaced at once if it lived longer */
#define DEFAULT_DRAIN 30

enum kid_state { KID_NONE, KID_STARTING, KID_SERVING, KID_LEAVING };

struct kid {
	pid_t pid;
	enum kid_state state;
	size_t group;
	unsigned generation; /* the number of reloads before it started */
	int64_t started;
	int64_t kill_at; /* when it gets SIGKILL, once it is stopped */
};

struct crew {
	int64_t next_start;
	unsigned early_deaths; /* in a row */
	bool done;	       /* its children are no longer needed */
};

struct pool {
	const struct pool_group *groups;
	size_t ngroups;
	struct crew *crews;
	struct kid *kids;
	size_t nkids;
	const struct pool_work *work;
	sigset_t signals, old_mask;
	unsigned generation;
	bool stopping;
	bool closing; /* only the groups marked `last` are left */
	bool ever_served;
	int result;
};

static pid_t supervisor; /* of this child; 0: none */

void
supervise_ready(void)
{
	const union sigval none = { 0 };

	if (supervisor != 0)
		(void)sigqueue(supervisor, SIGRTMIN, none);
}

static void
set_action(int sig, void (*handler)(int))
{
	const struct sigaction sa = { .sa_handler = handler };

	sigaction(sig, &sa, NULL);
}

/* The child's side of a fork. */
static void __attribute__((noreturn))
run_child(struct pool *p, size_t group, pid_t parent)
{
	set_action(SIGTERM, SIG_DFL);
	set_action(SIGINT, SIG_DFL);
	set_action(SIGHUP, SIG_IGN);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
	supervisor = parent;
	if (p->groups[group].last) {
		sigaddset(&p->old_mask, SIGTERM);
		sigaddset(&p->old_mask, SIGINT);
	}
	sigprocmask(SIG_SETMASK, &p->old_mask, NULL);
	for (size_t i = 0; i < p->ngroups; i++)
		if (i != group && p->groups[i].listen_fd >= 0)
			close(p->groups[i].listen_fd);
	exit(p->work->child(p->work->arg, &p->groups[group]));
}

static void
put_off(struct pool *p, size_t group)
{
	struct crew *c = &p->crews[group];
	int64_t delay = FIRST_DELAY;

	for (unsigned i = 0; i < c->early_deaths && delay < LONGEST_DELAY; i++)
		delay *= 2;
	c->early_deaths++;
	c->next_start =
	    clock_tick() + (delay < LONGEST_DELAY ? delay : LONGEST_DELAY);
}

static void
start_kid(struct pool *p, size_t group)
{
	pid_t parent = getpid(), pid;
	struct kid *k = p->kids;

	while (k < p->kids + p->nkids && k->state != KID_NONE)
		k++;
	/* All entries are in use by children that are exiting. */
	if (k == p->kids + p->nkids)
		return;
	pid = fork();
	if (pid == 0)
		run_child(p, group, parent);
	if (pid < 0) {
		log_error("fork", "errno=%d", errno);
		put_off(p, group);
		return;
	}
	k->pid = pid;
	k->state = KID_STARTING;
	k->group = group;
	k->generation = p->generation;
	k->started = clock_tick();
	log_info("child-start", "child=%d group=%s", (int)pid,
	    p->groups[group].name);
}

static void
dismiss(struct pool *p, struct kid *k)
{
	unsigned drain = p->groups[k->group].drain;

	k->state = KID_LEAVING;
	k->kill_at =
	    clock_tick() + (drain != 0 ? drain : DEFAULT_DRAIN) * SECOND;
	kill(k->pid, SIGTERM);
}

/* Stops the children of the groups that exit first, or of those that exit
 * last. */
static void
dismiss_all(struct pool *p, bool last)
{
	for (size_t i = 0; i < p->nkids; i++) {
		struct kid *k = &p->kids[i];

		if ((k->state == KID_STARTING || k->state == KID_SERVING) &&
		    p->groups[k->group].last == last)
			dismiss(p, k);
	}
}

static void
stop(struct pool *p)
{
	p->stopping = true;
	dismiss_all(p, false);
}

static struct kid *
kid_of(struct pool *p, pid_t pid)
{
	for (size_t i = 0; i < p->nkids; i++)
		if (p->kids[i].state != KID_NONE && p->kids[i].pid == pid)
			return &p->kids[i];
	return NULL;
}

/* A child of the group that serves and is of an older generation, or NULL. */
static struct kid *
older(struct pool *p, size_t group)
{
	for (size_t i = 0; i < p->nkids; i++)
		if (p->kids[i].group == group &&
		    p->kids[i].state == KID_SERVING &&
		    p->kids[i].generation != p->generation)
			return &p->kids[i];
	return NULL;
}

/* The number of the group's children that serve or are starting. */
static unsigned
live_in(const struct pool *p, size_t group, bool starting_only)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->nkids; i++)
		if (p->kids[i].group == group &&
		    (p->kids[i].state == KID_STARTING ||
			(p->kids[i].state == KID_SERVING && !starting_only)))
			n++;
	return n;
}

/* Whether each group has a child that serves. */
static bool
all_serve(const struct pool *p)
{
	for (size_t g = 0; g < p->ngroups; g++) {
		size_t i = 0;

		if (p->crews[g].done)
			continue;
		while (i < p->nkids &&
		    (p->kids[i].group != g || p->kids[i].state != KID_SERVING))
			i++;
		if (i == p->nkids)
			return false;
	}
	return true;
}

/* Handles a child's report that it is ready; a reload stops an older one. */
static void
on_ready(struct pool *p, pid_t pid)
{
	struct kid *k = kid_of(p, pid), *old;

	if (k == NULL || k->state != KID_STARTING)
		return;
	k->state = KID_SERVING;
	p->ever_served = true;
	p->crews[k->group].early_deaths = 0;
	if (all_serve(p))
		notify_ready();
	old = older(p, k->group);
	if (old != NULL &&
	    live_in(p, k->group, false) > p->groups[k->group].workers)
		dismiss(p, old);
}

/* Gives up the reload by making the children that serve count as current. Those
 * started later use the configuration then in force. */
static void
end_reload(struct pool *p, const struct kid *failed)
{
	log_error("reload-failed", "child=%d note=%s", (int)failed->pid,
	    log_quote("the old processes keep running"));
	for (size_t i = 0; i < p->nkids; i++)
		p->kids[i].generation = p->generation;
}

static void
log_end(const struct pool *p, const struct kid *k, int status)
{
	bool fine = (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	    k->state == KID_LEAVING;

	log_line(fine ? LOG_INFO : LOG_ERROR, "child-end",
	    "child=%d group=%s %s=%d seconds=%lld", (int)k->pid,
	    p->groups[k->group].name, WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	    (long long)((clock_tick() - k->started) / SECOND));
}

/* Whether a child's exit ends the pool: the first children cannot start, or the
 * child of a `once` group found that they must not run. */
static bool
is_hopeless(const struct pool *p, const struct kid *k, int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == SUPERVISE_HOPELESS &&
	    (p->groups[k->group].once ||
		(k->state == KID_STARTING && !p->ever_served));
}

/* Marks a `once` group as done. The child's exit may be noticed before its
 * report that it was ready. */
static void
finish(struct pool *p, struct kid *k)
{
	p->crews[k->group].done = true;
	for (size_t i = 0; i < p->nkids; i++)
		if (p->kids[i].group == k->group && &p->kids[i] != k &&
		    (p->kids[i].state == KID_STARTING ||
			p->kids[i].state == KID_SERVING))
			dismiss(p, &p->kids[i]);
}

static void
on_end(struct pool *p, struct kid *k, int status)
{
	bool zero = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	bool finished =
	    p->groups[k->group].once && zero && k->state != KID_LEAVING;

	log_end(p, k, status);
	if (finished)
		finish(p, k);
	else if (k->state == KID_STARTING && older(p, k->group) != NULL)
		end_reload(p, k);
	if (k->state != KID_LEAVING && !(k->state == KID_SERVING && zero) &&
	    clock_tick() - k->started < LONG_LIFE)
		put_off(p, k->group);
	if (is_hopeless(p, k, status) && !p->stopping) {
		p->result = SUPERVISE_HOPELESS;
		stop(p);
	}
	k->state = KID_NONE;
}

static void
reap(struct pool *p)
{
	struct kid *k;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if ((k = kid_of(p, pid)) != NULL)
			on_end(p, k, status);
}

/* Starts the group's missing children or, in a reload, the next replacement.
 * True if some are still missing. */
static bool
man_group(struct pool *p, size_t group)
{
	unsigned workers = p->groups[group].workers;
	unsigned live = live_in(p, group, false);

	if (p->crews[group].done)
		return false;
	if (clock_tick() < p->crews[group].next_start)
		return true;
	if (live == workers && live_in(p, group, true) == 0 &&
	    older(p, group) != NULL)
		start_kid(p, group);
	for (; live < workers; live++)
		start_kid(p, group);
	return live_in(p, group, false) < workers;
}

static void
kill_late(struct pool *p)
{
	int64_t now = clock_tick();

	for (size_t i = 0; i < p->nkids; i++) {
		struct kid *k = &p->kids[i];

		if (k->state != KID_LEAVING || now < k->kill_at)
			continue;
		log_warn("child-kill", "child=%d", (int)k->pid);
		kill(k->pid, SIGKILL);
		k->kill_at = now + SECOND;
	}
}

/* Whether children are left, of the groups that exit first or of all. */
static bool
any_left(const struct pool *p, bool all)
{
	for (size_t i = 0; i < p->nkids; i++)
		if (p->kids[i].state != KID_NONE &&
		    (all || !p->groups[p->kids[i].group].last))
			return true;
	return false;
}

/* The groups marked `last` must keep running while the others exit. */
static bool
is_needed(const struct pool *p, size_t group)
{
	return !p->stopping || (p->groups[group].last && any_left(p, false));
}

/* Called when the others have exited. If a child of a `last` group is missing
 * at that moment, starts another to finish the work. */
static void
let_last_go(struct pool *p)
{
	for (size_t g = 0; g < p->ngroups; g++)
		if (p->groups[g].last && !p->closing && p->result == 0 &&
		    live_in(p, g, false) == 0)
			start_kid(p, g);
	p->closing = true;
	dismiss_all(p, true);
}

static void
reload(struct pool *p)
{
	if (!p->work->reload(p->work->arg)) {
		log_error("reload-failed", "note=%s",
		    log_quote("the old configuration stays in use"));
		return;
	}
	p->generation++;
	log_info("pool-reload", "generation=%u", p->generation);
}

/* Handles what arrives within a second, or less while a start is delayed. */
static void
wait_for_signal(struct pool *p, bool soon)
{
	struct timespec limit = { .tv_sec = soon ? 0 : 1,
		.tv_nsec = soon ? 50000000 : 0 };
	siginfo_t info;
	int sig = sigtimedwait(&p->signals, &info, &limit);

	if (sig == SIGRTMIN) {
		on_ready(p, info.si_pid);
	} else if ((sig == SIGTERM || sig == SIGINT) && !p->stopping) {
		log_info("pool-stop", "signal=%d", sig);
		stop(p);
	} else if (sig == SIGHUP && !p->stopping) {
		reload(p);
	}
}

static void
run(struct pool *p)
{
	do {
		bool missing = false;

		for (size_t g = 0; g < p->ngroups; g++)
			if (is_needed(p, g))
				missing |= man_group(p, g);
		wait_for_signal(p, missing);
		reap(p);
		kill_late(p);
		if (p->stopping && !any_left(p, false))
			let_last_go(p);
	} while (!p->stopping || any_left(p, true));
}

/* Makes room for all children, a replacement for each, and old ones that are
 * slow to exit. */
static void
init_pool(struct pool *p)
{
	for (size_t i = 0; i < p->ngroups; i++)
		p->nkids += (size_t)p->groups[i].workers * 4;
	p->kids = calloc(p->nkids, sizeof(*p->kids));
	p->crews = calloc(p->ngroups, sizeof(*p->crews));
	if (p->kids == NULL || p->crews == NULL)
		die("out of memory");
	sigemptyset(&p->signals);
	sigaddset(&p->signals, SIGTERM);
	sigaddset(&p->signals, SIGINT);
	sigaddset(&p->signals, SIGHUP);
	sigaddset(&p->signals, SIGCHLD);
	sigaddset(&p->signals, SIGRTMIN);
}

int
supervise(const struct pool_group *groups, size_t n,
    const struct pool_work *work)
{
	struct pool p = { .groups = groups, .ngroups = n, .work = work };
	const struct timespec none = { 0 };

	init_pool(&p);
	sigprocmask(SIG_BLOCK, &p.signals, &p.old_mask);
	/* If SIGCHLD is ignored, the children's exit statuses are lost. */
	set_action(SIGCHLD, SIG_DFL);
	set_action(SIGHUP, SIG_DFL);
	run(&p);
	/* A second SIGTERM that is pending must not kill this process now. */
	while (sigtimedwait(&p.signals, NULL, &none) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &p.old_mask, NULL);
	free(p.kids);
	free(p.crews);
	return p.result;
}
