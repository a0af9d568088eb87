/* Whether the site can be reached at base_url, and whether this pool answers
 * there. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/sec.h"
#include "base/text.h"
#include "core/ops/doctor_look.h"
#include "core/ops/proof.h"
#include "net/fetch.h"

#define PATIENCE (5 * CLOCK_SECOND)
#define ANSWER_MOST 65536
#define NONCE_BYTES 24
#define TITLE_MOST 60

struct probe {
	struct doctor *d;
	const char *nonce;
	struct fetched answer;
};

static enum err
ask(struct doctor *d, const char *path, bool head, struct fetched *ret)
{
	struct env *env = &d->env;
	struct fetch f = { .timeout_ms = PATIENCE,
		.most = ANSWER_MOST,
		.head = head,
		.any_peer = d->any_peer,
		.loopback = d->loopback };

	f.url = arena_printf(env->arena, "%s%s", env->base->conf->site_base_url,
	    path);
	memset(ret, 0, sizeof(*ret));
	return fetch_get(env->arena, &f, ret, &env->why);
}

/*
 * Sends the request as a client would; if that fails, without verifying the
 * certificate; then to this host's loopback, since it may not be able to reach
 * its own public address. Reports the first failure.
 */
static enum err
reach(struct doctor *d, const char *path, struct fetched *ret)
{
	bool tls = text_starts(d->env.base->conf->site_base_url, "https://");
	struct why first;
	enum err e = ask(d, path, false, ret);

	first = d->env.why;
	if (e == ERR_RETRY && tls) {
		d->any_peer = true;
		e = ask(d, path, false, ret);
	}
	if (e == ERR_OK && d->any_peer)
		doctor_found(d, FINDING_SITE_CERTIFICATE, false,
		    d->env.base->conf->site_base_url,
		    "This host does not trust the site's certificate: %s",
		    doctor_reason(&first, ERR_RETRY));
	if (e == ERR_RETRY) {
		d->loopback = true;
		e = ask(d, path, false, ret);
	}
	d->env.why = first;
	return e;
}

/* ---- the answer ---- */

/* The title of an HTML page; "" if there is none that can be shown. */
static const char *
title(struct arena *a, const char *body)
{
	const char *p = strcasestr(body, "<title>"), *end;
	const char *text;

	if (p == NULL || (end = strchr(p + 7, '<')) == NULL)
		return "";
	p += 7;
	text = arena_strndup(a, p,
	    (size_t)(end - p) < TITLE_MOST ? (size_t)(end - p) : TITLE_MOST);
	return text_utf8(text, strlen(text)) && !text_has_control(text) ? text :
									  "";
}

/* The text of a member of a flat JSON object that a pool wrote, or NULL. */
static const char *
member(struct arena *a, const char *body, const char *name)
{
	const char *start = strstr(body, arena_printf(a, "\"%s\":\"", name));
	const char *end;

	if (start == NULL)
		return NULL;
	start += strlen(name) + 4;
	end = strchr(start, '"');
	return end != NULL ? arena_strndup(a, start, (size_t)(end - start)) :
			     NULL;
}

static bool
is_of_a_pool(const struct probe *p)
{
	return p->answer.status == 200 &&
	    member(p->d->env.arena, p->answer.body, "status") != NULL;
}

/* Reports the pool's own failure, with the reason if database or storage are
 * unavailable to this process, too. */
static void
tell_unwell(struct probe *p)
{
	unsigned both = DATABASE | STORE;

	if ((p->d->have & both) == both)
		doctor_found(p->d, FINDING_SITE_NO_POOL, false,
		    p->d->env.base->conf->site_base_url,
		    "The pool reports that database or storage are unavailable");
}

static void
tell_other(struct probe *p)
{
	struct arena *a = p->d->env.arena;
	const char *url = p->d->env.base->conf->site_base_url;
	const char *name = title(a, p->answer.body);
	long status = p->answer.status;

	if (status >= 300 && status < 400 && p->answer.location != NULL)
		doctor_found(p->d, FINDING_SITE_REDIRECT, false, url,
		    "It redirects to %s", p->answer.location);
	else if (is_of_a_pool(p))
		doctor_found(p->d, FINDING_SITE_OTHER_POOL, false, url,
		    "A pool with other secrets or of another release answers");
	else if (status == 503 && p->answer.body[0] == '{')
		tell_unwell(p);
	else if (status == 502 || status == 503 || status == 504)
		doctor_found(p->d, FINDING_SITE_NO_POOL, false, url,
		    "The web server answers with status %ld: it cannot reach "
		    "the pool",
		    status);
	else
		doctor_found(p->d, FINDING_SITE_OTHER, false, url,
		    "Another site answers there, with status %ld%s%s%s", status,
		    name[0] != '\0' ? ", \"" : "", name,
		    name[0] != '\0' ? "\"" : "");
}

/* Checks the second socket, which serves long requests. */
static enum err
look_long(struct doctor *d)
{
	struct fetched answer;
	enum err e = ask(d, "/login", false, &answer);

	if (e != ERR_OK)
		return e;
	if (answer.status != 200)
		doctor_found(d, FINDING_SITE_NO_POOL, false,
		    arena_printf(d->env.arena, "%s/login",
			d->env.base->conf->site_base_url),
		    "Its status is %ld: the web server cannot reach the pool's "
		    "second socket, which serves uploads, lists and passwords",
		    answer.status);
	return ERR_OK;
}

static const char *
random_text(struct arena *a)
{
	unsigned char b[NONCE_BYTES];

	sec_random(b, sizeof(b));
	return sec_base64url(a, b, sizeof(b));
}

static bool
is_proven(struct probe *p)
{
	const struct secrets *s = p->d->env.base->secrets;
	const char *proof = member(p->d->env.arena, p->answer.body, "proof");

	return s != NULL && proof != NULL &&
	    proof_holds(s, p->d->env.arena, p->nonce, proof);
}

enum err
look_site(struct doctor *d)
{
	struct arena *a = d->env.arena;
	struct probe p = { .d = d, .nonce = random_text(a) };
	const char *url = d->env.base->conf->site_base_url;
	enum err e =
	    reach(d, arena_printf(a, "/healthz?nonce=%s", p.nonce), &p.answer);
	struct why why = d->env.why;

	if (e == ERR_TOO_LARGE) {
		doctor_found(d, FINDING_SITE_OTHER, false, url,
		    "Another site answers there, with a large page");
		return ERR_OK;
	}
	if (e == ERR_RETRY) {
		doctor_found(d, FINDING_SITE_UNREACHABLE, false, url, "%s",
		    doctor_reason(&why, e));
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	if (d->loopback)
		doctor_found(d, FINDING_SITE_LOOPBACK, false, url,
		    "This host cannot reach the site by its name (%s), but its "
		    "own web server answers",
		    doctor_reason(&why, e));
	d->proven = is_proven(&p);
	if (d->proven)
		return look_long(d);
	/* Without the secrets there is nothing to compare. */
	if (d->env.base->secrets != NULL || !is_of_a_pool(&p))
		tell_other(&p);
	return ERR_OK;
}

/* ---- files that the web server sends itself ---- */

struct sample {
	struct arena *arena;
	const char *name;
};

/* Ends the listing at the first file. */
static enum err
take_first(void *arg, const char *name, const struct store_info *info)
{
	struct sample *s = arg;

	(void)info;
	s->name = arena_strdup(s->arena, name);
	return ERR_CONFLICT;
}

/* Requests one of the published files, if there are any. */
enum err
look_general(struct doctor *d)
{
	struct env *env = &d->env;
	struct sample s = { .arena = env->arena };
	struct fetched answer;
	const char *path;
	enum err e;

	if (!d->proven)
		return ERR_OK;
	e = store_list(env->base->store, "general", take_first, &s, &env->why);
	if (s.name == NULL)
		return ERR_OK;
	path = arena_printf(env->arena, "/general/%s", s.name);
	if ((e = ask(d, path, true, &answer)) != ERR_OK)
		return e;
	if (answer.status != 200)
		doctor_found(d, FINDING_SITE_GENERAL, false, path + 1,
		    "The web server answers with status %ld for a published "
		    "picture",
		    answer.status);
	return ERR_OK;
}
