#include "config.h"

#include "core/ops/doctor_look.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#define MOST_SHOWN 100 /* findings of one kind */
#define TEXT_MOST 8192
#define PROGRESS_EVERY INT64_C(100000) /* us */

static const struct kind {
	const char *name;
	enum severity severity;
	const char *advice;
	const char *fixed; /* NULL: --fix does not change it */
} kinds[FINDING__MAX] = {
#define LOOK(look, needs, what)
#define F(kind, name, severity, advice, fixed) \
	[FINDING_##kind] = { name, SEVERITY_##severity, advice, fixed },
#include "core/ops/doctor.def"
#undef F
#undef LOOK
};

/* ---- texts ---- */

/* Quotes a word for a shell, even if it is not UTF-8. */
static const char *
quoted(struct arena *a, const char *s)
{
	bool text = text_utf8(s, strlen(s)) && !text_has_control(s);
	struct buf b;

	if (s[0] != '\0' &&
	    s[strspn(s,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%")] == '\0')
		return s;
	buf_init(&b, a, TEXT_MOST);
	buf_raw(&b, text ? "'" : "$'");
	for (; *s != '\0'; s++)
		if (text && *s == '\'')
			buf_lit(&b, "'\\''");
		else if (!text &&
		    (*s <= ' ' || *s > '~' || *s == '\'' || *s == '\\'))
			buf_putf(&b, "\\x%02x", (unsigned char)*s);
		else
			buf_char(&b, *s);
	buf_lit(&b, "'");
	return buf_str(&b);
}

static const char *
path_of(struct doctor *d, const char *subject)
{
	const char *root = d->env.base->conf->storage_root;

	return subject[0] == '/' ?
	    subject :
	    arena_printf(d->arena, "%s/%s", root, subject);
}

/* The text for a word in braces. */
static const char *
word_of(struct doctor *d, const char *word, size_t n, const char *subject)
{
	const struct conf *c = d->env.base->conf;
	const struct {
		const char *word;
		const char *text;
	} words[] = {
		{ "subject", subject },
		{ "path", path_of(d, subject) },
		{ "root", c->storage_root },
		{ "config", conf_path(d->o->config) },
		{ "account", d->account.name },
		{ "group", d->account.group },
		{ "web",
		    c->web_account[0] != '\0' ? c->web_account : "www-data" },
		{ "url", c->site_base_url },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n &&
		    strncmp(words[i].word, word, n) == 0)
			return quoted(d->arena, words[i].text);
	die("doctor.def: {%.*s}", (int)n, word);
}

static const char *
advice_on(struct doctor *d, const char *text, const char *subject)
{
	struct buf b;

	buf_init(&b, d->arena, 2 * TEXT_MOST);
	while (*text != '\0') {
		size_t n = strcspn(text, "{");

		buf_mem(&b, text, n);
		text += n;
		if (*text == '\0')
			break;
		n = strcspn(text + 1, "}");
		buf_raw(&b, word_of(d, text + 1, n, subject));
		text += n + 2;
	}
	return buf_str(&b);
}

const char *
doctor_many(struct arena *a, uint64_t n, const char *noun)
{
	return arena_printf(a, "%" PRIu64 " %s%s", n, noun, n == 1 ? "" : "s");
}

const char *
doctor_span(struct arena *a, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
		{ 1, "second" } };
	size_t i = 0;

	while (i < 3 && seconds < 2 * units[i].seconds)
		i++;
	return doctor_many(a, (uint64_t)(seconds / units[i].seconds),
	    units[i].name);
}

const char *
doctor_reason(const struct why *why, enum err e)
{
	static char text[WHY_SENTENCE];

	return why_sentence(why, e, text);
}

/* ---- findings ---- */

static void
tell(struct doctor *d, enum finding_kind kind, bool fixed, const char *subject,
    const char *text)
{
	const struct kind *k = &kinds[kind];
	struct finding f = { .kind = k->name,
		.severity = k->severity,
		.subject = subject,
		.text = text };

	AN(!fixed || k->fixed != NULL);
	f.advice = advice_on(d, k->advice, subject);
	f.fixed = fixed ? k->fixed : NULL;
	d->o->found(d->o->arg, &f);
}

void
doctor_found(struct doctor *d, enum finding_kind kind, bool fixed,
    const char *subject, const char *fmt, ...)
{
	struct doctor_count *c = &d->counts[kind];
	va_list ap;

	c->n++;
	c->fixed += fixed;
	if (c->n > MOST_SHOWN)
		return;
	c->fixed_shown += fixed;
	va_start(ap, fmt);
	tell(d, kind, fixed, arena_strdup(d->arena, subject),
	    arena_vprintf(d->arena, fmt, ap));
	va_end(ap);
}

/* Reports how many more there are of kinds with too many findings. */
void
doctor_found_rest(struct doctor *d)
{
	for (unsigned i = 0; i < FINDING__MAX; i++) {
		const struct doctor_count *c = &d->counts[i];
		uint64_t fixed = c->fixed - c->fixed_shown;

		if (c->n <= MOST_SHOWN)
			continue;
		tell(d, (enum finding_kind)i, fixed == c->n - MOST_SHOWN, "",
		    fixed == 0 || fixed == c->n - MOST_SHOWN ?
			arena_printf(d->arena, "And %" PRIu64 " more",
			    c->n - MOST_SHOWN) :
			arena_printf(d->arena,
			    "And %" PRIu64 " more, of which %" PRIu64
			    " were fixed",
			    c->n - MOST_SHOWN, fixed));
	}
}

void
doctor_steps(struct doctor *d, const char *what, size_t n)
{
	d->looked_at += n;
	if (d->o->progress == NULL ||
	    clock_tick() - d->reported < PROGRESS_EVERY)
		return;
	d->reported = clock_tick();
	d->o->progress(d->o->arg, what, d->looked_at);
}
