/* The form that creates a share. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/create.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"
#include "api/call.h"
#include "api/dialect.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/pages/offer.h"
#include "base/clock.h"
#include "core/share/notification.h"
#include "http/body.h"

/* The form's input; no text is NULL. */
struct filled {
	bool account; /* shared with an account rather than by link */
	bool download, edit, reshare;
	const char *username, *name, *note, *password, *end, *date, *uses;
};

static const struct {
	const char *value, *text;
	int64_t days; /* 0: never */
} ends[] = {
	{ "never", "Never", 0 },
	{ "day", "After 1 day", 1 },
	{ "week", "After 7 days", 7 },
	{ "month", "After 30 days", 30 },
	{ "date", "After a date…", 0 },
};

#define ENDS (sizeof(ends) / sizeof(ends[0]))

/* ---- the form ---- */

static void
put_choice(struct buf *b, const char *value, const char *text, bool chosen)
{
	buf_putf(b,
	    "<label><input type=\"radio\" name=\"to\" value=\"%s\"%s> "
	    "%s</label>\n",
	    value, chosen ? " checked" : "", text);
}

static void
put_recipient(struct buf *b, const struct filled *f)
{
	buf_lit(b,
	    "<fieldset class=\"pick recipient\">\n"
	    "<legend>Share with</legend>\n");
	put_choice(b, "link", "Anyone with the link", !f->account);
	put_choice(b, "account", "Someone with an account", f->account);
	buf_lit(b,
	    "</fieldset>\n<label class=\"by-account\">User name\n"
	    "<input name=\"username\" maxlength=\"64\" "
	    "autocomplete=\"off\" autocapitalize=\"none\" "
	    "spellcheck=\"false\"");
	html_attr(b, "value", f->username);
	buf_lit(b, "></label>\n");
}

static void
put_box(struct buf *b, const char *name, const char *class, const char *text,
    bool ticked)
{
	buf_putf(b,
	    "<label class=\"check%s\"><input type=\"checkbox\" name=\"%s\" "
	    "value=\"yes\"%s> %s</label>\n",
	    class, name, ticked ? " checked" : "", text);
}

static void
put_rights(struct buf *b, const struct offer *o, const struct filled *f)
{
	if ((o->may & CAN_DOWNLOAD) != 0)
		put_box(b, "download", "", "Can download", f->download);
	if ((o->may & CAN_EDIT) != 0)
		put_box(b, "edit", " by-account",
		    o->type == SHARE_COLLECTION ?
			"Can edit: add and remove files" :
			"Can edit title and caption",
		    f->edit);
	if ((o->may & CAN_RESHARE) != 0)
		put_box(b, "reshare", " by-account", "Can reshare", f->reshare);
}

static void
put_texts(struct buf *b, const struct offer *o, const struct filled *f)
{
	if (o->type == SHARE_SET) {
		buf_lit(b,
		    "<label>Title (optional)\n"
		    "<input name=\"name\" maxlength=\"255\" dir=\"auto\"");
		html_attr(b, "value", f->name);
		buf_lit(b, "></label>\n");
	}
	buf_lit(b,
	    "<label>Message (optional)\n"
	    "<textarea name=\"note\" rows=\"3\" maxlength=\"4000\" "
	    "dir=\"auto\">\n");
	buf_html(b, f->note);
	buf_lit(b,
	    "</textarea></label>\n"
	    "<label class=\"by-link\">Password (optional)\n"
	    "<input name=\"password\" type=\"password\" "
	    "autocomplete=\"new-password\" maxlength=\"1024\"></label>\n");
}

static void
put_limits(struct buf *b, const struct filled *f)
{
	buf_lit(b, "<label>Expires\n<select name=\"end\">\n");
	for (size_t i = 0; i < ENDS; i++)
		buf_putf(b, "<option value=\"%s\"%s>%s</option>\n",
		    ends[i].value,
		    strcmp(f->end, ends[i].value) == 0 ? " selected" : "",
		    ends[i].text);
	buf_lit(b,
	    "</select></label>\n<label class=\"by-date\">Last day\n"
	    "<input type=\"date\" name=\"date\"");
	html_attr(b, "value", f->date);
	buf_lit(b,
	    "></label>\n<label>Maximum visits (optional)\n"
	    "<input type=\"number\" name=\"uses\" "
	    "min=\"1\" step=\"1\" inputmode=\"numeric\"");
	html_attr(b, "value", f->uses);
	buf_lit(b, "></label>\n");
}

static enum err
write_form(struct call *c, const struct offer *o, const struct filled *f,
    const char *wrong)
{
	struct html_head head = { .title = "Share", .private_page = true };
	struct buf *b;
	enum err e;

	e = notification_count(&c->env, &c->caller, &head.unread);
	if (e != ERR_OK)
		return e;
	b = html_begin(c, wrong != NULL ? 400 : 200, &head);
	buf_lit(b, "<div class=\"middle\">\n<h1>Share</h1>\n");
	html_wrong(b, wrong);
	offer_show(c, b, o);
	buf_lit(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/shares/new\"");
	buf_raw(b, wrong != NULL ? " aria-describedby=\"wrong\">\n" : ">\n");
	offer_fields(b, o);
	put_recipient(b, f);
	put_rights(b, o, f);
	put_texts(b, o, f);
	put_limits(b, f);
	buf_lit(b, "<button>Share</button>\n</form>\n</div>\n");
	return html_end(c);
}

enum err
page_share_new(struct call *c)
{
	const struct filled empty = { .download = true,
		.username = "",
		.name = "",
		.note = "",
		.password = "",
		.end = "never",
		.date = "",
		.uses = "" };
	struct offer o;
	enum err e;

	e = offer_read(c, c->req->pairs, c->req->npairs, true, &o);
	return e != ERR_OK ? e : write_form(c, &o, &empty, NULL);
}

/* ---- creating the share ---- */

static const char *
value(const struct offer *o, const char *name)
{
	const char *v = http_pair_value(o->pairs, o->npairs, name);

	return v != NULL ? v : "";
}

static bool
is_ticked(const struct offer *o, const char *name)
{
	return strcmp(value(o, name), "yes") == 0;
}

static void
read_filled(const struct offer *o, struct filled *ret)
{
	ret->account = strcmp(value(o, "to"), "account") == 0;
	ret->download = is_ticked(o, "download");
	ret->edit = is_ticked(o, "edit");
	ret->reshare = is_ticked(o, "reshare");
	ret->username = value(o, "username");
	ret->name = value(o, "name");
	ret->note = value(o, "note");
	ret->password = value(o, "password");
	ret->end = value(o, "end");
	ret->date = value(o, "date");
	ret->uses = value(o, "uses");
}

static enum err
take_end(struct call *c, const struct filled *f, struct share_terms *t)
{
	bool date_only;

	t->expiry_given = true;
	t->expires_at = CLOCK_NONE;
	for (size_t i = 0; i < ENDS; i++)
		if (strcmp(f->end, ends[i].value) == 0 && ends[i].days > 0)
			t->expires_at = clock_now() + ends[i].days * CLOCK_DAY;
	if (strcmp(f->end, "date") != 0)
		return ERR_OK;
	if (!clock_parse(f->date, &t->expires_at, &date_only) || !date_only)
		return why_with(&c->env.why, WHY_BAD_LAST_DAY, .field = "date");
	t->expires_at += CLOCK_DAY - 1; /* through the end of that day */
	return ERR_OK;
}

static const char *
text_or_none(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

static enum err
take_terms(struct call *c, const struct filled *f, struct share_terms *t)
{
	if (f->uses[0] != '\0' &&
	    !decimal_parse(f->uses, INT64_MAX - 1, &t->max_uses))
		return why_with(&c->env.why, WHY_BAD_MAX_VISITS,
		    .field = "uses");
	t->given = CAN_DOWNLOAD | CAN_EDIT | CAN_RESHARE;
	t->permissions = f->download ? CAN_DOWNLOAD : 0;
	if (f->account)
		t->permissions |=
		    (f->edit ? CAN_EDIT : 0) | (f->reshare ? CAN_RESHARE : 0);
	t->name = text_or_none(f->name);
	t->note = text_or_none(f->note);
	if (strlen(f->password) > SHARE_PASSWORD_MOST)
		return why_with(&c->env.why, WHY_TOO_MANY_BYTES,
		    .about = ABOUT_PASSWORD, .most = SHARE_PASSWORD_MOST);
	t->password = f->account ? NULL : text_or_none(f->password);
	return take_end(c, f, t);
}

static enum err
make(struct call *c, const struct offer *o, const struct filled *f,
    struct share *ret)
{
	uint64_t recipient;
	struct share_new n = { .origin = ORIGIN_SHARE,
		.target_type = o->type,
		.ntargets = o->n,
		.targets = o->targets,
		.link = !f->account };
	enum err e;

	if ((e = take_terms(c, f, &n.terms)) != ERR_OK)
		return e;
	if (f->account) {
		e = share_recipients_find(&c->env, &c->caller, NULL,
		    f->username, &recipient);
		if (e != ERR_OK)
			return e;
		n.nrecipients = 1;
		n.recipients = &recipient;
	}
	return share_create(&c->env, &c->caller, &n, ret);
}

enum err
page_share_new_form(struct call *c)
{
	const struct http_pair *form;
	struct share s = { 0 };
	struct filled f;
	struct offer o;
	struct dialect_answer wrong;
	char id[UUID_TEXT];
	size_t n;
	enum err e;

	if ((e = http_form(c->req, c->route->body_limit, &form, &n,
		 &c->env.why)) != ERR_OK ||
	    (e = offer_read(c, form, n, false, &o)) != ERR_OK)
		return e;
	read_filled(&o, &f);
	e = make(c, &o, &f, &s);
	if (e == ERR_INVALID) {
		dialect_answer(c, e, &wrong);
		e = offer_read(c, form, n, true, &o);
		return e != ERR_OK ? e : write_form(c, &o, &f, wrong.text);
	}
	if (e != ERR_OK)
		return e;
	uuid_format(&s.uuid, id);
	return call_redirect(c,
	    arena_printf(c->env.arena, "/shares?done=%s#s%s",
		f.account ? "shared" : "linked", id));
}
