#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "core/auth/auth.h"
#include "core/mail/address.h"
#include "core/auth/reset.h"

struct reset_body {
	struct json_text email;
};

static const struct json_field reset_fields[] = {
	JSON_FIELD(struct reset_body, email, "email", JSON_TEXT, 1,
	    4 * MAIL_ADDRESS_MOST, 0),
};

static enum err
missing(struct call *c, const char *field)
{
	return why_with(&c->env.why, WHY_MISSING, .field = field);
}

enum err
handle_reset(struct call *c)
{
	struct reset_body in = { 0 };
	struct json_out w;
	enum err e;

	e = call_json(c, false, reset_fields, 1, &in);
	if (e != ERR_OK)
		return e;
	if (in.email.seen != JSON_THERE)
		return missing(c, "email");
	if ((e = reset_ask(&c->env, in.email.s)) != ERR_OK)
		return e;
	call_json_begin(c, 202, &w);
	jw_object(&w, NULL);
	jw_text(&w, "message",
	    "If an account has this address, a mail is on its way to it");
	jw_end(&w);
	return call_json_done(c);
}

struct confirm_body {
	struct json_text token;
	struct json_text password;
};

static const struct json_field confirm_fields[] = {
	JSON_FIELD(struct confirm_body, token, "token", JSON_TEXT, 1, 256, 0),
	JSON_FIELD(struct confirm_body, password, "password", JSON_TEXT, 1,
	    PASSWORD_MOST, 0),
};

enum err
handle_reset_confirm(struct call *c)
{
	struct confirm_body in = { 0 };
	enum err e;

	e = call_json(c, false, confirm_fields, 2, &in);
	if (e != ERR_OK)
		return e;
	if (in.token.seen != JSON_THERE)
		return missing(c, "token");
	if (in.password.seen != JSON_THERE)
		return missing(c, "password");
	e = reset_confirm(&c->env, in.token.s, in.password.s);
	return e != ERR_OK ? e : call_no_content(c);
}
