/* Workers, their jobs and the mail queue, as recorded in the database. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/ops/doctor_look.h"
#include "core/mail/conf.h"
#include "core/ops/worker.h"
#include "db/doctor_db.h"
#include "db/worker_db.h"

/* ---- workers ---- */

static bool
is_alive(const struct worker_row *w)
{
	return w->busy || w->age <= WORKER_LOST_AFTER;
}

/* Reports a host whose workers have all stopped; v[0] was seen last. */
static void
tell_lost(struct doctor *d, const struct worker_row *v)
{
	doctor_found(d, FINDING_WORKER_LOST, false, v->host,
	    "Its worker (process %" PRIu32 ") was last seen %s ago", v->pid,
	    doctor_span(d->env.arena, v->age));
}

static void
tell_release(struct doctor *d, const struct worker_row *v)
{
	doctor_found(d, FINDING_WORKER_RELEASE, false, v->host,
	    "Its worker (process %" PRIu32 ") is of release %s, this is %s",
	    v->pid, v->version, VERSION);
}

static void
tell_stopped(struct doctor *d, const struct worker_row *v, size_t n)
{
	const struct worker_row *last = v;

	for (size_t i = 0; i < n; i++)
		if (v[i].age < last->age)
			last = &v[i];
	if (n == 0)
		doctor_found(d, FINDING_WORKER_STOPPED, false, "",
		    "No worker is running: new files are not processed, no mail is "
		    "sent, the trash is not emptied");
	else
		doctor_found(d, FINDING_WORKER_STOPPED, false, last->host,
		    "No worker is running: new files are not processed, no mail is "
		    "sent, the trash is not emptied. One was last seen %s ago",
		    doctor_span(d->env.arena, last->age));
}

/* The rows are sorted by host. */
enum err
look_worker(struct doctor *d)
{
	struct env *env = &d->env;
	struct worker_row *v;
	size_t n, alive = 0;
	enum err e = worker_db_list(&env->db, &v, &n);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		alive += is_alive(&v[i]);
	if (alive == 0) {
		tell_stopped(d, v, n);
		return ERR_OK;
	}
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || strcmp(v[i - 1].host, v[i].host) != 0;
		bool up = false;

		for (size_t k = i;
		     first && k < n && strcmp(v[k].host, v[i].host) == 0; k++)
			up = up || is_alive(&v[k]);
		if (first && !up)
			tell_lost(d, &v[i]);
		if (is_alive(&v[i]) && strcmp(v[i].version, VERSION) != 0)
			tell_release(d, &v[i]);
	}
	return ERR_OK;
}

/* ---- jobs ---- */

static enum err
look_failed(struct doctor *d)
{
	struct env *env = &d->env;
	struct doctor_heap *v;
	size_t n;
	enum err e = doctor_db_failed(&env->db, &v, &n);

	if (e != ERR_OK || n == 0)
		return e;
	if (d->o->fix) {
		e = doctor_db_again(&env->db);
		if (e != ERR_OK)
			return e;
	}
	for (size_t i = 0; i < n; i++)
		doctor_found(d, FINDING_JOB_FAILED, d->o->fix, v[i].kind,
		    "%s of this kind failed, the oldest %s old: %s",
		    doctor_many(env->arena, v[i].n, "job"),
		    doctor_span(env->arena, v[i].age), v[i].error);
	return ERR_OK;
}

static enum err
look_late(struct doctor *d)
{
	struct env *env = &d->env;
	struct doctor_heap *v;
	size_t n;
	enum err e = doctor_db_late(&env->db, &v, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		doctor_found(d, FINDING_JOB_LATE, false, v[i].kind,
		    "%s of this kind waiting for more than a day, the oldest "
		    "for %s",
		    doctor_many(env->arena, v[i].n, "job"),
		    doctor_span(env->arena, v[i].age));
	return e;
}

/* --fix queues failed jobs, which are then no longer failed. */
enum err
look_jobs(struct doctor *d)
{
	enum err e = look_late(d);

	return e == ERR_OK ? look_failed(d) : e;
}

/* ---- mail ---- */

static void
tell_mail(struct doctor *d, const struct doctor_heap *h)
{
	const char *age = doctor_span(d->env.arena, h->age);
	const char *mails = doctor_many(d->env.arena, h->n, "mail");
	bool unknown = strcmp(h->kind, "unknown") == 0;

	if (unknown || strcmp(h->kind, "failed") == 0)
		doctor_found(d, FINDING_MAIL_FAILED, false, h->kind,
		    "%s: %s, the oldest from %s ago: %s",
		    unknown ? "May or may not have been sent" : "Not sent",
		    mails, age,
		    h->error != NULL ? h->error : "no reason was recorded");
	else if (!mail_conf_enabled(d->env.base->conf))
		doctor_found(d, FINDING_MAIL_STUCK, false, h->kind,
		    "Waiting: %s, the oldest for %s, but no mail server is "
		    "configured",
		    mails, age);
	else
		doctor_found(d, FINDING_MAIL_STUCK, false, h->kind,
		    "Waiting: %s, the oldest for %s: %s", mails, age,
		    h->error != NULL ? h->error : "no worker has sent them");
}

enum err
look_mail(struct doctor *d)
{
	struct env *env = &d->env;
	struct doctor_heap *v;
	size_t n;
	enum err e = doctor_db_mails(&env->db, &v, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		tell_mail(d, &v[i]);
	return e;
}
