#include "config.h"

#include "prog/scribe.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

#include "base/stop.h"
#include "core/share/ledger.h"

int64_t
scribe_write(struct base *b, struct arena *a, bool all)
{
	struct env env;
	int64_t again;

	env_init(&env, b, a);
	again = ledger_tend(&env, all);
	db_clean(b->connection);
	arena_reset(a);
	return again;
}

/* Waits up to that many us for an entry, or for a signal that mask allows. */
static void
wait_for(int pipe, int64_t us, const sigset_t *mask)
{
	struct timespec t = { .tv_sec = (time_t)(us / 1000000),
		.tv_nsec = (long)(us % 1000000) * 1000 };
	struct pollfd p = { .fd = pipe, .events = POLLIN };

	(void)ppoll(&p, 1, us < 0 ? NULL : &t, mask);
}

void
scribe_run(struct base *b, struct arena *a, int pipe)
{
	struct stop stop;

	stop_catch(&stop);
	while (!stop_asked()) {
		int64_t us = scribe_write(b, a, false);

		if (!ledger_receive(b->ledger, pipe))
			wait_for(ledger_is_full(b->ledger) ? -1 : pipe, us,
			    &stop.waiting);
	}
	while (ledger_receive(b->ledger, pipe))
		scribe_write(b, a, false);
	scribe_write(b, a, true);
}
