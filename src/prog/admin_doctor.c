/* vitrine doctor, vitrine purge */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/doctor.h"
#include "core/orphan.h"
#include "prog/admin.h"

struct findings {
	struct admin *admin;
	struct json_out w;
	bool json;
	uint64_t n;
};

/* A path need not be UTF-8; JSON must. */
static const char *
printable(struct admin *a, const char *s)
{
	struct buf b;

	if (text_utf8(s, strlen(s)) && !text_has_control(s))
		return s;
	buf_init(&b, a->arena, 65536);
	buf_lit(&b, "(percent-encoded) ");
	buf_urlpath(&b, s);
	return buf_str(&b);
}

static void
take_finding(void *arg, enum finding_kind kind, const char *subject,
    const char *text)
{
	struct findings *f = arg;

	subject = printable(f->admin, subject);
	f->n++;
	if (!f->json) {
		printf("%-12s %s: %s\n", finding_name(kind), subject, text);
		return;
	}
	jw_object(&f->w, NULL);
	jw_text(&f->w, "kind", finding_name(kind));
	jw_text(&f->w, "subject", subject);
	jw_text(&f->w, "text", text);
	jw_end(&f->w);
}

/* Exit status 3: something was found. */
int
admin_doctor(struct admin *a)
{
	struct findings f = { .admin = a, .json = admin_flag(a, "--json") };
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	admin_json(a, &b, &f.w);
	jw_array(&f.w, NULL);
	e = doctor_run(&a->env, take_finding, &f);
	jw_end(&f.w);
	if (e != ERR_OK)
		return admin_failed(a, e);
	if (f.json)
		admin_print(&b);
	else if (f.n == 0)
		puts("All is well.");
	return f.n > 0 ? 3 : 0;
}

int
admin_purge(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	struct orphan_result r;
	struct json_out w;
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = orphan_sweep(&a->env, ORPHANS_PURGE, NULL, &r);
	if (e != ERR_OK)
		return admin_failed(a, e);
	if (!json) {
		printf("looked at %" PRIu64 " files, removed %" PRIu64 "\n",
		    r.looked_at, r.removed);
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "lookedAt", r.looked_at);
	jw_uint(&w, "removed", r.removed);
	jw_end(&w);
	return admin_print(&b);
}
