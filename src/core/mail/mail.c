#include "config.h"

#include "core/mail/mail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/ops/lease.h"
#include "core/auth/throttle.h"
#include "db/user_db.h"
#include "net/message.h"

#define HOUR 3600
#define FRAME_TEXTS 4
#define SUBJECT_LINE "Subject:"

/* ---- making a mail ---- */

static enum err
read_template(struct env *env, const char *path, const char **ret)
{
	char *text = arena_alloc(env->arena, MAIL_TEMPLATE_MOST + 2);
	ssize_t n = -1;
	size_t len = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return why_log(&env->why, ERR_INTERNAL, "%s: %s", path,
		    strerror(errno));
	while (len <= MAIL_TEMPLATE_MOST &&
	    (n = read(fd, text + len, MAIL_TEMPLATE_MOST + 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0 || len > MAIL_TEMPLATE_MOST || !text_utf8(text, len))
		return why_log(&env->why, ERR_INTERNAL,
		    "%s: it cannot be read, is too long or no UTF-8", path);
	*ret = text;
	return ERR_OK;
}

static enum err
render(struct env *env, const char *path, const char *source, bool html,
    const struct mail_data *data, const char **ret)
{
	struct why why = { .retry_after = 0 };
	struct buf b;
	enum err e;

	buf_init(&b, env->arena, MESSAGE_BODY_MOST);
	e = mail_template_render(&b, source, html, data, &why);
	if (e != ERR_OK)
		return why_log(&env->why, ERR_INTERNAL, "%s: %s", path,
		    why.detail[0] != '\0' ? why.detail : err_text(e));
	*ret = buf_str(&b);
	return ERR_OK;
}

/* Splits the subject off: the first line of the plain text template. */
static enum err
split_subject(struct env *env, const char *path, const char *source,
    const char **ret_subject, const char **ret_text)
{
	const char *s = source + strlen(SUBJECT_LINE);
	size_t n;

	if (!text_starts(source, SUBJECT_LINE))
		return why_log(&env->why, ERR_INTERNAL,
		    "%s: its first line is no \"" SUBJECT_LINE " …\"", path);
	n = strcspn(s, "\n");
	*ret_subject = arena_strndup(env->arena, s, n);
	*ret_text = s + n;
	return ERR_OK;
}

static enum err
render_plain(struct env *env, const char *path, const struct mail_data *data,
    const char **ret_subject, const char **ret_text)
{
	const char *source, *subject = "", *text = "";
	enum err e;

	if ((e = read_template(env, path, &source)) != ERR_OK ||
	    (e = split_subject(env, path, source, &subject, &text)) != ERR_OK ||
	    (e = render(env, path, subject, false, data, &subject)) != ERR_OK ||
	    (e = render(env, path, text, false, data, &text)) != ERR_OK)
		return e;
	*ret_text = text + strspn(text, "\r\n");
	*ret_subject =
	    message_one_line(env->arena, subject, MESSAGE_SUBJECT_MOST);
	return ERR_OK;
}

static enum err
render_html(struct env *env, const char *path, const struct mail_data *data,
    const char **ret)
{
	const char *source;
	enum err e = read_template(env, path, &source);

	return e != ERR_OK ? e : render(env, path, source, true, data, ret);
}

/* Adds the texts that all mails have; the mail's own take precedence. */
static struct mail_data
with_frame(struct env *env, const struct mail *m)
{
	const struct conf *conf = env->base->conf;
	const struct mail_text frame[FRAME_TEXTS] = {
		{ "site", conf->site_name },
		{ "base_url", conf->site_base_url },
		{ "recipient", m->recipient },
		{ "unsubscribe", m->unsubscribe },
	};
	struct mail_data data = m->data;
	struct mail_text *texts =
	    arena_array(env->arena, data.n + FRAME_TEXTS, sizeof(*texts));

	if (data.n > 0)
		memcpy(texts, data.texts, data.n * sizeof(*texts));
	memcpy(texts + data.n, frame, sizeof(frame));
	data.texts = texts;
	data.n += FRAME_TEXTS;
	return data;
}

enum err
mail_make(struct env *env, const struct mail *m, const struct uuid *uuid,
    const char **ret_subject, const char **ret_message)
{
	const struct conf *conf = env->base->conf;
	const char *folder = conf->mail_templates;
	struct mail_data data = with_frame(env, m);
	struct message out = { .id = *uuid,
		.date = clock_now(),
		.from_name = conf->site_name,
		.to = m->recipient,
		.unsubscribe = m->unsubscribe };
	size_t n;
	enum err e;

	if ((e = mail_address_check(env->arena, &env->why, ABOUT_EMAIL,
		 conf->mail_from, &out.from)) != ERR_OK)
		return ERR_INTERNAL;
	if ((e = render_plain(env,
		 arena_printf(env->arena, "%s/%s.txt", folder, m->kind), &data,
		 &out.subject, &out.text)) != ERR_OK ||
	    (e = render_html(env,
		 arena_printf(env->arena, "%s/%s.html", folder, m->kind), &data,
		 &out.html)) != ERR_OK)
		return e;
	*ret_subject = out.subject;
	e = message_build(env->arena, &out, ret_message, &n, &env->why);
	return e == ERR_OK ? ERR_OK : ERR_INTERNAL;
}

enum err
mail_check_template(struct env *env, const char *kind)
{
	const struct mail m = { .kind = kind, .recipient = "nobody@localhost" };
	const struct uuid none = { { 0 } };
	const char *subject, *message;

	return mail_make(env, &m, &none, &subject, &message);
}

/* ---- the queue ---- */

static enum err
add_shares(struct env *env, const struct mail *m, uint64_t id)
{
	enum err e;

	for (size_t i = 0; i < m->nshares; i++) {
		e = outbox_db_add_share(&env->db, id, m->shares[i]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

enum err
mail_queue(struct env *env, const struct mail *m, uint64_t *ret_id)
{
	struct outbox_new row = { .uuid = uuid_random(),
		.user_id = m->user_id,
		.kind = m->kind,
		.recipient = m->recipient,
		.subject = "",
		.message = "" };
	const struct db *db = &env->db;
	enum err e;

	if (!mail_conf_enabled(env->base->conf))
		return why_set(&env->why, WHY_NO_MAIL_SITE);
	/* A mail with a token is made only when it is sent, so that the token
	 * is not stored. */
	if (strcmp(m->kind, MAIL_RESET) != 0) {
		e = mail_make(env, m, &row.uuid, &row.subject, &row.message);
		if (e != ERR_OK)
			return e;
	}
	if ((e = outbox_db_add(db, &row, ret_id)) != ERR_OK ||
	    (e = add_shares(env, m, *ret_id)) != ERR_OK)
		return e;
	return job_db_add_ahead(db, JOB_MAIL, *ret_id);
}

static enum err
limited(struct env *env, uint64_t seconds)
{
	env->why.retry_after = (unsigned)seconds;
	return why_with(&env->why, WHY_MAIL_LIMIT,
	    .most = env->base->conf->mail_hourly);
}

enum err
mail_allow(struct env *env, uint64_t user_id, uint64_t n)
{
	uint64_t most = (uint64_t)env->base->conf->mail_hourly;
	const struct db *db = &env->db;
	uint64_t count, seconds = HOUR;
	enum err e;

	if ((e = user_db_lock(db, user_id)) != ERR_OK ||
	    (e = outbox_db_count(db, user_id, &count)) != ERR_OK)
		return e;
	if (n <= most && count <= most - n)
		return ERR_OK;
	if (n <= most) {
		e = outbox_db_room_in(db, user_id, count + n - most, &seconds);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
	}
	return limited(env, seconds);
}

/* ---- status ---- */

enum err
mail_of_share(struct env *env, uint64_t user_id, uint64_t share_id,
    struct mail_row **ret, size_t *ret_n)
{
	return outbox_db_of_share(&env->db, user_id, share_id, ret, ret_n);
}

enum err
mail_of_user(struct env *env, uint64_t user_id, uint64_t before, uint64_t limit,
    struct mail_row **ret, size_t *ret_n)
{
	return outbox_db_of_user(&env->db, user_id, before, limit, ret, ret_n);
}

enum err
mail_list(struct env *env, bool all, db_row_fn *fn, void *arg)
{
	return outbox_db_list(&env->db, all, fn, arg);
}

struct change {
	struct env *env;
	uint64_t user_id;
	uint64_t id;
};

static enum err
retry(const struct db *db, void *arg)
{
	struct change *c = arg;
	enum err e = outbox_db_retry(db, c->user_id, c->id);

	return e != ERR_OK ? e : job_db_add_ahead(db, JOB_MAIL, c->id);
}

static enum err
drop(const struct db *db, void *arg)
{
	struct change *c = arg;
	enum err e = outbox_db_drop(db, c->user_id, c->id);

	return e != ERR_OK ? e : job_db_remove(db, JOB_MAIL, c->id);
}

static enum err
run_change(struct change *c, db_tx_fn *fn, enum reason refused)
{
	enum err e = db_transaction(&c->env->db, fn, c);

	if (e == ERR_NOT_FOUND)
		return why_set(&c->env->why, WHY_NO_MAIL);
	if (e == ERR_CONFLICT)
		return why_set(&c->env->why, refused);
	return e;
}

enum err
mail_retry(struct env *env, uint64_t user_id, uint64_t id)
{
	struct change c = { env, user_id, id };
	enum err e;

	/* Each retry counts, since it may reach the recipient again. */
	if (user_id != 0) {
		e = throttle_use(env,
		    arena_printf(env->arena, "mail\n%" PRIu64, user_id), false,
		    (uint64_t)env->base->conf->mail_hourly, HOUR);
		if (e != ERR_OK)
			return e;
	}
	return run_change(&c, retry, WHY_MAIL_NOT_RETRIED);
}

enum err
mail_drop(struct env *env, uint64_t user_id, uint64_t id)
{
	struct change c = { env, user_id, id };

	return run_change(&c, drop, WHY_MAIL_NOT_DROPPED);
}
