/* vitrine mail … */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/mail/mail.h"
#include "prog/admin.h"

/* Opens the site and warns if no mail can be delivered. */
static void
open_mail(struct admin *a)
{
	struct why why = { 0 };

	admin_open(a);
	if (mail_conf_ready(a->env.base->conf, &why) != ERR_OK)
		fprintf(stderr,
		    "vitrine: [mail] server: %s; this account cannot "
		    "deliver mail there\n",
		    why.detail);
}

struct listing {
	bool json;
	struct json_out w;
};

static void
write_mail(struct json_out *w, const struct mail_row *m)
{
	char uuid[UUID_TEXT];

	uuid_format(&m->uuid, uuid);
	jw_object(w, NULL);
	jw_uint(w, "id", m->id);
	jw_text(w, "uuid", uuid);
	jw_text(w, "sender", m->username);
	jw_text(w, "kind", m->kind);
	jw_text(w, "recipient", m->recipient);
	jw_text(w, "subject", m->subject);
	jw_text(w, "state", words_word(&mail_states, m->state));
	jw_uint(w, "attempts", m->attempts);
	jw_text(w, "error", m->last_error);
	jw_time(w, "createdAt", m->created_at);
	jw_time(w, "dueAt", m->due_at);
	jw_time(w, "sentAt", m->sent_at);
	jw_end(w);
}

static enum err
list_mail(void *arg, const void *row)
{
	const struct mail_row *m = row;
	struct listing *l = arg;
	char when[CLOCK_TEXT];

	if (l->json) {
		write_mail(&l->w, m);
		return ERR_OK;
	}
	clock_format(m->created_at, when);
	printf("%6" PRIu64 "  %-8s %.19s  %-14s %-12s %s%s%s\n", m->id,
	    words_word(&mail_states, m->state), when,
	    m->username != NULL ? m->username : "-", m->kind, m->recipient,
	    m->last_error != NULL ? "\n        " : "",
	    m->last_error != NULL ? m->last_error : "");
	return ERR_OK;
}

int
admin_mail_queue(struct admin *a)
{
	struct listing l = { .json = admin_flag(a, "--json") };
	bool all = admin_flag(a, "--all");
	struct buf b;
	enum err e;

	admin_no_more(a);
	open_mail(a);
	admin_json(a, &b, &l.w);
	jw_array(&l.w, NULL);
	e = mail_list(&a->env, all, list_mail, &l);
	jw_end(&l.w);
	if (e != ERR_OK)
		return admin_failed(a, e);
	return l.json ? admin_print(&b) : 0;
}

static int
change(struct admin *a,
    enum err (*fn)(struct env *env, uint64_t user_id, uint64_t id))
{
	const char *text = admin_word(a, "ID");
	uint64_t id;
	enum err e;

	admin_no_more(a);
	if (!decimal_parse(text, INT64_MAX, &id)) {
		fprintf(stderr, "vitrine: \"%s\" is not a mail id\n", text);
		return 2;
	}
	open_mail(a);
	e = fn(&a->env, 0, id);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

int
admin_mail_retry(struct admin *a)
{
	return change(a, mail_retry);
}

int
admin_mail_drop(struct admin *a)
{
	return change(a, mail_drop);
}
