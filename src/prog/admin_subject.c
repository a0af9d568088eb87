/* vitrine subject …: maps subjects of the external issuer to accounts */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/auth/account.h"
#include "core/auth/issuer.h"
#include "db/auth_db.h"
#include "prog/admin.h"

/* The configured issuer; "" after setting why if there is none. */
static const char *
issuer_url(struct admin *a)
{
	const char *url = a->env.base->issuer->url;

	if (url[0] == '\0')
		(void)why_set(&a->env.why, WHY_NO_ISSUER);
	return url;
}

int
admin_subject_add(struct admin *a)
{
	const char *name = admin_word(a, "USER");
	const char *subject = admin_word(a, "SUBJECT"), *url;
	struct user u = { 0 };
	enum err e;

	admin_no_more(a);
	admin_open(a);
	url = issuer_url(a);
	if (url[0] == '\0')
		return admin_failed(a, ERR_INVALID);
	e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = subject_db_add(&a->env.db, url, subject, u.id);
	if (e == ERR_CONFLICT)
		e = why_set(&a->env.why, WHY_SUBJECT_TAKEN);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

struct subject_list {
	struct json_out w;
	bool json;
};

static enum err
list_subject(void *arg, const void *row)
{
	const struct subject *s = row;
	struct subject_list *l = arg;

	if (!l->json) {
		printf("%-20s %s  %s\n", s->username, s->issuer, s->subject);
		return ERR_OK;
	}
	jw_object(&l->w, NULL);
	jw_text(&l->w, "username", s->username);
	jw_text(&l->w, "issuer", s->issuer);
	jw_text(&l->w, "subject", s->subject);
	jw_time(&l->w, "createdAt", s->created_at);
	jw_end(&l->w);
	return ERR_OK;
}

int
admin_subject_list(struct admin *a)
{
	struct subject_list l = { .json = admin_flag(a, "--json") };
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	admin_json(a, &b, &l.w);
	jw_array(&l.w, NULL);
	e = subject_db_list(&a->env.db, list_subject, &l);
	jw_end(&l.w);
	if (e != ERR_OK)
		return admin_failed(a, e);
	return l.json ? admin_print(&b) : 0;
}

int
admin_subject_remove(struct admin *a)
{
	const char *subject = admin_word(a, "SUBJECT"), *url;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	url = issuer_url(a);
	if (url[0] == '\0')
		return admin_failed(a, ERR_INVALID);
	e = subject_db_remove(&a->env.db, url, subject);
	if (e == ERR_NOT_FOUND)
		e = why_set(&a->env.why, WHY_NO_SUBJECT);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}
