/* Stopping at SIGTERM or SIGINT, for programs that wait with ppoll(). */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <signal.h>
#include <stdbool.h>

struct stop {
	sigset_t waiting; /* the signal mask for ppoll() */
	/* What stop_release() restores. */
	sigset_t old;
	struct sigaction old_term, old_int;
};

/* From now on the two signals are delivered only in a wait with the mask
 * ret->waiting, so that none is missed between stop_asked() and the wait. */
void stop_catch(struct stop *ret);

/* Whether one of them has come since stop_catch(), delivered or pending: a
 * ppoll() that finds something to do delivers none. */
bool stop_asked(void);

/* Restores the handlers and the mask of before stop_catch(). */
void stop_release(const struct stop *s);

#endif
