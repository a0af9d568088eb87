#include "config.h"

#include "core/mail/send.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sec.h"
#include "base/text.h"
#include "core/mail/mail.h"
#include "core/auth/reset.h"
#include "net/maildir.h"
#include "net/smtp.h"

#define PASSWORD_MOST_BYTES 1024
#define LEASE_GRACE 30	 /* seconds, added to the mail server's time limit */
#define PAUSE_MOST 3600	 /* seconds */
#define RECORD_TRIES 20	 /* tries to record the result, … */
#define RECORD_PAUSE 500 /* … and ms between them */

#define BROKEN_DOWN \
	"The line or the worker broke down while it was being sent; it may " \
	"have arrived"
#define AWAY "The mail server cannot be reached"

struct sending {
	struct env *env;
	const struct job_run *run;
	struct mail_row mail;
	uint32_t attempt;
	bool ours; /* this worker marked it as being sent */
	const char *to;
	const char *subject;
	const char *message;
	int64_t later;
};

/* ---- before sending ---- */

static enum err
found_in_midst(const struct db *db, struct sending *s)
{
	log_warn("mail_unknown", "mail=%" PRIu64 " attempt=%u", s->mail.id,
	    s->mail.attempts);
	return outbox_db_end(db, s->mail.id, s->mail.attempts, MAIL_UNKNOWN,
	    BROKEN_DOWN);
}

/* Marks the mail if the job still belongs to this worker. Locks the row before
 * the job, in the same order as a retry or a drop. */
static enum err
begin(const struct db *db, void *arg)
{
	struct sending *s = arg;
	enum err e;

	s->ours = false;
	s->mail = (struct mail_row){ .id = 0 };
	e = outbox_db_lock(db, s->run->job->ref_id, &s->mail);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e == ERR_OK)
		e = lease_hold(s->env, s->run,
		    LEASE_GRACE + s->env->base->conf->mail_timeout);
	if (e != ERR_OK)
		return e;
	switch (s->mail.state) {
	case MAIL_QUEUED:
		break;
	case MAIL_SENDING:
		return found_in_midst(db, s);
	case MAIL_SENT:
	case MAIL_FAILED:
	case MAIL_UNKNOWN:
	case MAIL_DROPPED:
		return ERR_OK;
	}
	if (s->mail.stopped)
		return outbox_db_drop(db, 0, s->mail.id);
	s->ours = true;
	s->attempt = s->mail.attempts + 1;
	return outbox_db_begin(db, s->mail.id);
}

/* ---- the mail server, or the folder ---- */

/* Reads the first line of the password file. */
static enum err
read_password(struct env *env, const char **ret)
{
	const char *path = env->base->conf->mail_password_file;
	char *text = arena_alloc(env->arena, PASSWORD_MOST_BYTES + 1);

	if (!sec_read_line(path, text, PASSWORD_MOST_BYTES + 1))
		return why_log(&env->why, ERR_INTERNAL,
		    "mail.password_file: %s", strerror(errno));
	*ret = text;
	return ERR_OK;
}

static enum err
hand_to_server(struct sending *s, const char *from)
{
	struct env *env = s->env;
	const struct conf *conf = env->base->conf;
	struct smtp server = { .url = conf->mail_server,
		.helo = mail_conf_helo(env->arena, conf),
		.tls = (enum smtp_tls)conf->mail_tls,
		.ca_file =
		    conf->mail_ca_file[0] != '\0' ? conf->mail_ca_file : NULL,
		.timeout_ms = conf->mail_timeout * CLOCK_SECOND };
	enum err e;

	if (conf->mail_user[0] != '\0') {
		server.user = conf->mail_user;
		e = read_password(env, &server.password);
		if (e != ERR_OK)
			return e;
	}
	return smtp_send(&server, from, s->to, s->message, strlen(s->message),
	    &env->why);
}

static enum err
hand_over(struct sending *s)
{
	struct env *env = s->env;
	const struct conf *conf = env->base->conf;
	const char *dir = mail_conf_maildir(conf), *from;
	enum err e;

	e = mail_address_check(env->arena, &env->why, ABOUT_EMAIL,
	    conf->mail_from, &from);
	if (e != ERR_OK)
		return ERR_INTERNAL;
	if (dir != NULL)
		return maildir_send(dir, from, s->to, s->message,
		    strlen(s->message), &env->why);
	return hand_to_server(s, from);
}

/* Makes the mail's text. ERR_NOT_FOUND: it has no recipient any more. */
static enum err
make(struct sending *s)
{
	if (strcmp(s->mail.kind, MAIL_RESET) == 0)
		return reset_make(s->env, &s->mail, &s->to, &s->subject,
		    &s->message);
	s->to = s->mail.recipient;
	s->subject = s->mail.subject;
	s->message = s->mail.message;
	return ERR_OK;
}

/* ---- after sending ---- */

static int64_t
pause_after(const struct conf *conf, uint32_t tries)
{
	int64_t pause = conf->mail_pause;

	while (tries-- > 0 && pause < PAUSE_MOST)
		pause *= 2;
	return pause < PAUSE_MOST ? pause : PAUSE_MOST;
}

/* Schedules another try: the server is unavailable or said "later", or
 * something on this site failed. */
static enum err
put_off(const struct db *db, struct sending *s, const char *reason)
{
	const struct conf *conf = s->env->base->conf;
	int64_t pause = pause_after(conf, s->mail.tries);
	enum err e;

	if (s->mail.tries + 1 >= (uint64_t)conf->mail_tries)
		return outbox_db_end(db, s->mail.id, s->attempt, MAIL_FAILED,
		    reason);
	e = outbox_db_later(db, s->mail.id, s->attempt, reason, pause);
	if (e == ERR_OK)
		s->later = pause;
	return e;
}

/* Records the result. Senders see the mail server's answer, or that it was
 * unavailable; other failures are the site's own and only logged. */
static enum err
record(const struct db *db, struct sending *s, enum err sent, const char *words)
{
	uint64_t id = s->mail.id;

	if (sent == ERR_OK)
		return outbox_db_sent(db, id, s->attempt, s->subject);
	if (sent == ERR_NOT_FOUND)
		return outbox_db_remove(db, id, s->attempt);
	if (sent == ERR_INVALID)
		return outbox_db_end(db, id, s->attempt, MAIL_FAILED, words);
	if (sent == ERR_UNCERTAIN)
		return outbox_db_end(db, id, s->attempt, MAIL_UNKNOWN,
		    BROKEN_DOWN);
	return put_off(db, s, words);
}

/* Retries until the result is recorded, because otherwise the mail would stay
 * "unknown". A decision that someone else made about the mail in the meantime
 * is kept. */
static enum err
record_surely(struct sending *s, enum err sent)
{
	char text[WHY_SENTENCE];
	const char *words = why_public(&s->env->why, sent, text);
	struct why why = { .retry_after = 0 };
	const struct db db = { s->env->db.connection, &why, s->env->arena };
	enum err e = ERR_INTERNAL;

	if (words == NULL)
		words = sent == ERR_INTERNAL ? "It cannot be sent at present" :
					       AWAY;
	for (int i = 0; i < RECORD_TRIES; i++) {
		e = record(&db, s, sent, words);
		if (e != ERR_RETRY && e != ERR_UNCERTAIN && e != ERR_FULL)
			break;
		clock_pause(RECORD_PAUSE);
	}
	s->env->why = why;
	return e == ERR_CONFLICT ? ERR_OK : e;
}

static void
log_end(const struct sending *s, enum err sent, const char *detail)
{
	if (sent == ERR_OK)
		log_info("mail_sent", "mail=%" PRIu64 " attempt=%u", s->mail.id,
		    s->attempt);
	else if (sent != ERR_NOT_FOUND)
		log_warn("mail_not_sent",
		    "mail=%" PRIu64 " attempt=%u kind=%s result=%s why=%s",
		    s->mail.id, s->attempt, s->mail.kind,
		    log_quote(err_text(sent)), log_quote(detail));
}

/* Marking may or may not have succeeded, but the mail was certainly not sent:
 * removes the mark. */
static enum err
take_back(struct sending *s, int64_t *ret_later)
{
	enum err e = record_surely(s, ERR_RETRY);

	*ret_later = s->later > 0 ? s->later : 1;
	return e;
}

enum err
mail_send(struct env *env, const struct job_run *run, int64_t *ret_later)
{
	struct sending s = { .env = env, .run = run };
	enum err e, sent;

	if (!mail_conf_enabled(env->base->conf)) {
		*ret_later = PAUSE_MOST;
		return ERR_OK;
	}
	e = db_transaction(&env->db, begin, &s);
	if (e == ERR_UNCERTAIN && s.ours)
		return take_back(&s, ret_later);
	if (e != ERR_OK || !s.ours)
		return e;
	sent = make(&s);
	if (sent == ERR_OK)
		sent = hand_over(&s);
	log_end(&s, sent, env->why.detail);
	e = record_surely(&s, sent);
	*ret_later = s.later;
	return e;
}

enum err
mail_send_tend(struct env *env)
{
	return outbox_db_tend(&env->db, env->base->conf->mail_keep);
}
