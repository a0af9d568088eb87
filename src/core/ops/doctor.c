#include "config.h"

#include "core/ops/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/ops/doctor_look.h"
#include "core/ops/settings.h"

#define MOST_SHOWN 100 /* of a kind */
#define LOOK_ARENA (256 << 20)
#define SCRATCH_ARENA (16 << 20)
#define TEXT_MOST 8192
#define PROGRESS_EVERY INT64_C(100000) /* us */

static const struct kind {
	const char *name;
	enum severity severity;
	const char *advice;
	const char *fixed; /* NULL: --fix leaves it alone */
} kinds[FINDING__MAX] = {
#define LOOK(look, needs, what)
#define F(kind, name, severity, advice, fixed) \
	[FINDING_##kind] = { name, SEVERITY_##severity, advice, fixed },
#include "core/ops/doctor.def"
#undef F
#undef LOOK
};

static const struct look {
	doctor_look_fn *run;
	unsigned needs;
	const char *what;
} looks[] = {
/* clang-format off */
#define LOOK(look, needs, what) { look, needs, what },
/* clang-format on */
#define F(kind, name, severity, advice, fixed)
#include "core/ops/doctor.def"
#undef F
#undef LOOK
};

const char *
severity_name(enum severity s)
{
	static const char *const names[SEVERITY__MAX] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_UNKNOWN] = "unknown",
		[SEVERITY_ERROR] = "error",
	};

	AN(s < SEVERITY__MAX);
	return names[s];
}

/* ---- texts ---- */

/* A word of a shell, also where it is no text. */
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

/* What a word in braces stands for. */
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

/* Of kinds that were found too often to show each. */
static void
tell_rest(struct doctor *d)
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
			    "And %" PRIu64 " more, of which "
			    "%" PRIu64 " were corrected",
			    c->n - MOST_SHOWN, fixed));
	}
}

void
doctor_steps(struct doctor *d, const char *what, size_t n)
{
	d->looked_at += n;
	if (d->o->progress == NULL || clock_tick() - d->told < PROGRESS_EVERY)
		return;
	d->told = clock_tick();
	d->o->progress(d->o->arg, what, d->looked_at);
}

/* ---- the looks ---- */

static void
run_look(struct doctor *d, const struct look *look)
{
	enum err e;

	d->looked_at = 0;
	doctor_steps(d, look->what, 0);
	e = look->run(d);
	if (e != ERR_OK)
		doctor_found(d, FINDING_NOT_CHECKED, false, look->what, "%s",
		    doctor_reason(&d->env.why, e));
	why_clear(&d->env.why);
	db_clean(d->env.base->connection);
	arena_reset(d->scratch);
	arena_reset(d->env.arena);
}

/* What is in the way has a finding of its own. */
static void
run_looks(struct doctor *d)
{
	struct buf left;

	buf_init(&left, d->arena, TEXT_MOST);
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		if ((looks[i].needs & ~d->have) == 0) {
			run_look(d, &looks[i]);
			continue;
		}
		buf_raw(&left, left.len > 0 ? ", " : "");
		buf_raw(&left, looks[i].what);
	}
	if (left.len > 0)
		doctor_found(d, FINDING_NOT_CHECKED, false, "",
		    "Without database or storage these were left out: %s",
		    buf_str(&left));
}

/* ---- configuration, account, base ---- */

static void
tell_fault(void *arg, const char *setting, const char *text)
{
	doctor_found(arg, FINDING_SETTING, false, setting, "%s", text);
}

static void
tell_doubt(void *arg, const char *setting, const char *text)
{
	doctor_found(arg, FINDING_SETTING_DOUBTFUL, false, setting, "%s", text);
}

static void
take_fault(void *arg, enum base_part part, enum err e, const struct why *why)
{
	struct doctor *d = arg;

	if (part == BASE_SECRETS)
		d->secrets = *why;
	else if (part == BASE_STORE)
		d->store = *why;
	else
		doctor_found(d, FINDING_SETTING, false, "", "%s",
		    doctor_reason(why, e));
}

/* Who must not even read the configuration can tell nothing. */
static bool
load(struct doctor *d, struct conf **ret)
{
	const char *path = conf_path(d->o->config);

	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0) {
		doctor_found(d, FINDING_NOT_CHECKED, false, path, "%s",
		    strerror(errno));
		return false;
	}
	return settings_load(d->arena, path, tell_fault, d, ret) == ERR_OK;
}

/* False: the caller is a stranger. */
static bool
become(struct doctor *d, const struct conf *conf)
{
	struct why why = { 0 };
	enum err e =
	    d->o->become(d->arena, conf, d->o->config, &d->account, &why);

	d->account.group = access_group(d->arena, d->account.gid);
	if (e == ERR_OK)
		return true;
	doctor_found(d,
	    e == ERR_FORBIDDEN ? FINDING_NOT_CHECKED : FINDING_STORAGE, false,
	    conf->storage_root, "%s", doctor_reason(&why, e));
	return e != ERR_FORBIDDEN;
}

/* The settings that name files are looked at again with the account's eyes. */
static bool
open_all(struct doctor *d)
{
	struct conf *conf, *again;
	struct base *base;

	if (!load(d, &conf))
		return false;
	d->env.base->conf = conf;
	if (!become(d, conf))
		return false;
	if (load(d, &again))
		conf = again;
	conf_warn(d->arena, conf, tell_doubt, d);
	base_open_most(d->arena, conf, &base, take_fault, d);
	env_use(&d->env, base);
	base_use(base);
	return d->env.base->categories != NULL;
}

void
doctor_run(struct arena *a, const struct doctor_options *o)
{
	static const struct conf none = { .storage_root = "",
		.web_account = "",
		.site_base_url = "" };
	struct base nothing = { .conf = &none };
	struct doctor d = { .o = o,
		.arena = a,
		.scratch = arena_new(SCRATCH_ARENA) };

	env_init(&d.env, &nothing, arena_new(LOOK_ARENA));
	if (open_all(&d))
		run_looks(&d);
	tell_rest(&d);
	if (d.env.base != &nothing && d.env.base->connection != NULL)
		base_close(d.env.base);
	arena_free(d.scratch);
	arena_free(d.env.arena);
}
