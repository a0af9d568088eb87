/* vitrine doctor, vitrine purge */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "core/ops/doctor.h"
#include "core/ops/orphan.h"
#include "prog/admin.h"
#include "prog/owner.h"

/* The exit statuses of Nagios and Icinga plugins. */
enum { STATUS_OK, STATUS_WARNING, STATUS_ERROR, STATUS_UNKNOWN };

#define CLEAR_LINE "\r\033[K"

struct findings {
	struct arena *arena;
	struct finding *v; /* in the order they were found */
	size_t n, size;
	bool terminal; /* progress is shown */
	uint64_t left[SEVERITY__MAX];
	uint64_t fixed;
};

static void
take_finding(void *arg, const struct finding *f)
{
	struct findings *all = arg;

	if (all->n == all->size) {
		size_t size = all->size == 0 ? 64 : 2 * all->size;
		struct finding *more =
		    arena_array(all->arena, size, sizeof(*more));

		if (all->n > 0)
			memcpy(more, all->v, all->n * sizeof(*more));
		all->v = more;
		all->size = size;
	}
	all->v[all->n++] = *f;
	if (f->fixed != NULL)
		all->fixed++;
	else
		all->left[f->severity]++;
}

static void
show_progress(void *arg, const char *what, uint64_t n)
{
	const struct findings *all = arg;

	if (!all->terminal)
		return;
	fprintf(stderr, CLEAR_LINE "Checking: %s", what);
	if (n > 0)
		fprintf(stderr, ", %" PRIu64, n);
}

/* Becomes the site's account; root can be taken again for --fix, which may have
 * to change a file's owner. Such files get the storage root's group. */
static enum err
become_owner(struct arena *a, const struct conf *conf, const char *config,
    struct doctor_account *ret, struct why *why)
{
	bool root = geteuid() == 0;
	struct owner owner;
	struct stat st;
	enum err e;

	ret->uid = geteuid();
	ret->gid = getegid();
	ret->name = "vitrine";
	if ((e = owner_find(conf, config, &owner, why)) != ERR_OK ||
	    (e = owner_visit(&owner, why)) != ERR_OK)
		return e;
	ret->uid = owner.uid;
	ret->gid = stat(conf->storage_root, &st) == 0 ? st.st_gid : owner.gid;
	ret->name = arena_strdup(a, owner.name);
	ret->root = root;
	return ERR_OK;
}

/* ---- output ---- */

/* JSON must be UTF-8; a path may not be. */
static const char *
printable(struct arena *a, const char *s)
{
	struct buf b;

	if (text_utf8(s, strlen(s)) && !text_has_control(s))
		return s;
	buf_init(&b, a, 65536);
	buf_lit(&b, "(percent-encoded) ");
	buf_urlpath(&b, s);
	return buf_str(&b);
}

static void
print_count(bool *first, uint64_t n, const char *word)
{
	if (n == 0)
		return;
	printf("%s%" PRIu64 " %s%s", *first ? "" : ", ", n, word,
	    n == 1 ? "" : "s");
	*first = false;
}

/* Monitoring systems show only the first line. */
static void
print_summary(const struct findings *all, int status)
{
	static const char *const words[] = { "OK", "WARNING", "ERROR",
		"UNKNOWN" };
	bool first = true;

	printf("%s: ", words[status]);
	print_count(&first, all->left[SEVERITY_ERROR], "error");
	if (all->left[SEVERITY_UNKNOWN] > 0) {
		printf("%s%" PRIu64 " not checked", first ? "" : ", ",
		    all->left[SEVERITY_UNKNOWN]);
		first = false;
	}
	print_count(&first, all->left[SEVERITY_WARNING], "warning");
	print_count(&first, all->left[SEVERITY_NOTE], "note");
	if (all->fixed > 0) {
		printf("%s%" PRIu64 " fixed", first ? "" : ", ", all->fixed);
		first = false;
	}
	puts(first ? "no problems found" : "");
}

static void
print_finding(struct arena *a, const struct finding *f)
{
	printf("\n%s: %s%s%s\n    %s.\n    %s%s\n",
	    finding_severity_name(f->severity), f->kind,
	    f->subject[0] != '\0' ? ": " : "", printable(a, f->subject),
	    f->text, f->fixed != NULL ? "Fixed: " : "",
	    f->fixed != NULL ? f->fixed : f->advice);
}

/* Prints the most severe findings first. */
static void
print_text(const struct findings *all, int status)
{
	print_summary(all, status);
	for (int s = SEVERITY__MAX - 1; s >= 0; s--)
		for (size_t i = 0; i < all->n; i++)
			if (all->v[i].severity == (enum severity)s)
				print_finding(all->arena, &all->v[i]);
}

static void
print_json(struct admin *a, const struct findings *all)
{
	struct json_out w;
	struct buf b;

	admin_json(a, &b, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->v[i];

		jw_object(&w, NULL);
		jw_text(&w, "kind", f->kind);
		jw_text(&w, "severity", finding_severity_name(f->severity));
		jw_text(&w, "subject", printable(all->arena, f->subject));
		jw_text(&w, "text", printable(all->arena, f->text));
		jw_text(&w, "advice", f->advice);
		jw_text(&w, "fixed", f->fixed);
		jw_end(&w);
	}
	jw_end(&w);
	admin_print(&b);
}

/* An error outranks a failed check: it surely needs action. */
static int
status_of(const struct findings *all)
{
	return all->left[SEVERITY_ERROR] > 0 ? STATUS_ERROR :
	    all->left[SEVERITY_UNKNOWN] > 0  ? STATUS_UNKNOWN :
	    all->left[SEVERITY_WARNING] > 0  ? STATUS_WARNING :
					       STATUS_OK;
}

int
admin_doctor(struct admin *a)
{
	struct findings all = { .arena = a->arena,
		.terminal = isatty(STDERR_FILENO) };
	bool json = admin_flag(a, "--json");
	struct doctor_options o = { .config = a->config,
		.fix = admin_flag(a, "--fix"),
		.become = become_owner,
		.found = take_finding,
		.progress = show_progress,
		.arg = &all };
	int status;

	admin_no_more(a);
	doctor_run(a->arena, &o);
	owner_stay();
	if (all.terminal)
		fputs(CLEAR_LINE, stderr);
	status = status_of(&all);
	if (json)
		print_json(a, &all);
	else
		print_text(&all, status);
	return status;
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
		printf("checked %" PRIu64 " files, removed %" PRIu64 "\n",
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
