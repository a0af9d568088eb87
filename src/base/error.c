#include "config.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
	int status;
	const char *text;
} errs[ERR__MAX] = {
#define CLASS(err, status, sentence) [ERR_##err] = { status, sentence },
#include "base/reasons.def"
};

static const char *const abouts[ABOUT__MAX] = {
#define ABOUT(subject, name) [ABOUT_##subject] = name,
#include "base/reasons.def"
};

static const struct {
	enum err err;
	enum about about;
	const char *sentence;
} reasons[WHY__MAX] = {
#define REASON(reason, err, about, sentence) \
	[WHY_##reason] = { ERR_##err, ABOUT_##about, sentence },
#include "base/reasons.def"
};

/* A text that was cut may end within a character: drops the incomplete one. */
static void
end_whole(char *s)
{
	size_t n = strlen(s), k = n;

	while (k > 0 && n - k < 3 && ((unsigned char)s[k - 1] & 0xc0) == 0x80)
		k--;
	if (k > 0 && !text_utf8(s + k - 1, n - k + 1))
		s[k - 1] = '\0';
}

enum err
why_set_details(struct why *why, enum reason reason,
    const struct why_details *d)
{
	struct why new = { .reason = reason,
		.err = reason_err(reason),
		.about =
		    d->about != ABOUT_NONE ? d->about : reason_about(reason),
		.number = d->number,
		.least = d->least,
		.most = d->most,
		.retry_after = why->retry_after };

	if (d->field != NULL)
		snprintf(new.field, sizeof(new.field), "%s", d->field);
	if (d->word != NULL)
		snprintf(new.word, sizeof(new.word), "%s", d->word);
	end_whole(new.field);
	end_whole(new.word);
	memcpy(new.detail, why->detail, sizeof(new.detail));
	*why = new;
	return new.err;
}

enum err
why_set(struct why *why, enum reason reason)
{
	return why_with(why, reason, .field = NULL);
}

enum err
why_setting(struct why *why, const char *setting, const char *fmt, ...)
{
	va_list ap;

	snprintf(why->field, sizeof(why->field), "%s", setting);
	va_start(ap, fmt);
	vsnprintf(why->detail, sizeof(why->detail), fmt, ap);
	va_end(ap);
	end_whole(why->field);
	end_whole(why->detail);
	return ERR_INVALID;
}

enum err
why_log(struct why *why, enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->detail, sizeof(why->detail), fmt, ap);
	va_end(ap);
	end_whole(why->detail);
	return e;
}

void
why_clear(struct why *why)
{
	memset(why, 0, sizeof(*why));
}

enum reason
why_reason(const struct why *why, enum err e)
{
	return why->err == e ? why->reason : WHY_NONE;
}

enum err
reason_err(enum reason reason)
{
	AN(reason > WHY_NONE && reason < WHY__MAX);
	return reasons[reason].err;
}

enum about
reason_about(enum reason reason)
{
	AN(reason > WHY_NONE && reason < WHY__MAX);
	return reasons[reason].about;
}

const char *
reason_sentence(enum reason reason)
{
	AN(reason > WHY_NONE && reason < WHY__MAX);
	return reasons[reason].sentence;
}

const char *
about_name(enum about about)
{
	AN(about < ABOUT__MAX);
	return abouts[about];
}

/* The text for a placeholder, or NULL: it is not one. */
static const char *
placeholder(const char *name, size_t n, const struct why *why,
    const char *field, char number[32])
{
	const struct {
		const char *name, *text;
		int64_t number;
	} all[] = { { "field", field, 0 }, { "word", why->word, 0 },
		{ "number", NULL, why->number }, { "least", NULL, why->least },
		{ "most", NULL, why->most } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strlen(all[i].name) != n ||
		    memcmp(all[i].name, name, n) != 0)
			continue;
		snprintf(number, 32, "%" PRId64, all[i].number);
		return all[i].text != NULL ? all[i].text : number;
	}
	return NULL;
}

void
why_format(char *out, size_t n, const char *sentence, const struct why *why,
    const char *field)
{
	size_t len = 0;

	out[0] = '\0';
	for (const char *s = sentence; *s != '\0' && len < n - 1;) {
		const char *end = *s == '{' ? strchr(s, '}') : NULL;
		const char *text = NULL;
		char number[32];

		if (end != NULL)
			text = placeholder(s + 1, (size_t)(end - s - 1), why,
			    field, number);
		if (text != NULL) {
			snprintf(out + len, n - len, "%s", text);
			len += strlen(out + len);
			s = end + 1;
		} else {
			out[len++] = *s++;
			out[len] = '\0';
		}
	}
	end_whole(out);
}

const char *
why_public(const struct why *why, enum err e, char out[WHY_SENTENCE])
{
	enum reason reason = why_reason(why, e);

	if (reason == WHY_NONE)
		return NULL;
	why_format(out, WHY_SENTENCE, reason_sentence(reason), why,
	    why->field[0] != '\0' ? why->field : about_name(why->about));
	return out;
}

const char *
why_sentence(const struct why *why, enum err e, char out[WHY_SENTENCE])
{
	if (why_public(why, e, out) == NULL)
		snprintf(out, WHY_SENTENCE, "%s",
		    why->detail[0] != '\0' ? why->detail : err_text(e));
	return out;
}

const char *
err_text(enum err e)
{
	AN(e < ERR__MAX);
	return errs[e].text;
}

int
err_status(enum err e)
{
	AN(e < ERR__MAX);
	return errs[e].status;
}

void
die(const char *fmt, ...)
{
	va_list ap;

	fputs("panic: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
