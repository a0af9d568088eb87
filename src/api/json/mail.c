#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "core/mail/mail.h"

#define LIST_MOST 100
#define LIST_USUAL 30

static void
write_mail(struct json_out *w, const struct mail_row *m)
{
	jw_object(w, NULL);
	jw_uint(w, "id", m->id);
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

enum err
handle_mail_list(struct call *c)
{
	uint64_t before, limit;
	struct mail_row *mails;
	struct json_out w;
	size_t n;
	enum err e;

	if ((e = call_query_number(c, "before", INT64_MAX, INT64_MAX,
		 &before)) != ERR_OK ||
	    (e = call_query_number(c, "limit", LIST_MOST, LIST_USUAL,
		 &limit)) != ERR_OK ||
	    (e = mail_of_user(&c->env, c->caller.user.id, before, limit, &mails,
		 &n)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++)
		write_mail(&w, &mails[i]);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_mail_retry(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MAIL_ID, &id)) != ERR_OK ||
	    (e = mail_retry(&c->env, c->caller.user.id, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}

enum err
handle_mail_drop(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MAIL_ID, &id)) != ERR_OK ||
	    (e = mail_drop(&c->env, c->caller.user.id, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}
