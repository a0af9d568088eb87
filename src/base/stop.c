#include "config.h"

#include "base/stop.h"

static volatile sig_atomic_t asked;

static void
on_stop(int sig)
{
	(void)sig;
	asked = 1;
}

void
stop_catch(struct stop *ret)
{
	const struct sigaction sa = { .sa_handler = on_stop };
	sigset_t both;

	asked = 0;
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	sigprocmask(SIG_BLOCK, &both, &ret->old);
	ret->waiting = ret->old;
	sigdelset(&ret->waiting, SIGTERM);
	sigdelset(&ret->waiting, SIGINT);
	sigaction(SIGTERM, &sa, &ret->old_term);
	sigaction(SIGINT, &sa, &ret->old_int);
}

bool
stop_asked(void)
{
	sigset_t pending;

	if (!asked && sigpending(&pending) == 0 &&
	    (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT)))
		asked = 1;
	return asked;
}

void
stop_release(const struct stop *s)
{
	sigprocmask(SIG_SETMASK, &s->old, NULL);
	sigaction(SIGTERM, &s->old_term, NULL);
	sigaction(SIGINT, &s->old_int, NULL);
}
