#include "config.h"

#include "core/ops/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/base.h"
#include "core/ops/doctor_look.h"
#include "core/ops/settings.h"

#define LOOK_ARENA (256 << 20)
#define SCRATCH_ARENA (16 << 20)
#define TEXT_MOST 8192

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

/* Lists the looks that were skipped; their cause has its own finding. */
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
		    "Skipped without database or storage: %s", buf_str(&left));
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

/* Without permission to read the configuration, nothing can be checked. */
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

/* False: the caller is neither root nor the account. */
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

/* Checks the settings that name files again, now with the account's
 * permissions. */
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
	doctor_found_rest(&d);
	if (d.env.base != &nothing && d.env.base->connection != NULL)
		base_close(d.env.base);
	arena_free(d.scratch);
	arena_free(d.env.arena);
}
