#include "config.h"

#include "core/base.h"

#include <stdlib.h>
#include <time.h>

#include "core/auth/issuer.h"
#include "core/auth/secrets.h"
#include "core/share/ledger.h"
#include "core/vault/category.h"
#include "store/fs.h"

static void
open_parts(struct base *b, base_fault_fn *fault, void *arg)
{
	const struct conf *conf = b->conf;
	struct arena *a = b->arena;
	struct categories *categories;
	struct issuer *issuer;
	struct secrets *secrets;
	struct why why = { 0 };
	enum err e;

	if ((e = secrets_load(a, conf->secrets_file, &secrets, &why)) == ERR_OK)
		b->secrets = secrets;
	else
		fault(arg, BASE_SECRETS, e, &why);
	if ((e = categories_parse(a, conf->vault_categories, &categories,
		 &why)) == ERR_OK &&
	    (e = issuer_load(a, conf, &issuer, &why)) == ERR_OK) {
		b->categories = categories;
		b->issuer = issuer;
	} else {
		fault(arg, BASE_SETTINGS, e, &why);
	}
	if ((e = fs_open(a, conf->storage_root, &b->store, &why)) == ERR_OK)
		return;
	(void)why_setting(&why, "root",
	    "the storage %s cannot be opened; run \"vitrine init\"",
	    conf->storage_root);
	fault(arg, BASE_STORE, e, &why);
}

void
base_open_most(struct arena *a, const struct conf *conf, struct base **ret,
    base_fault_fn *fault, void *arg)
{
	struct base *b = arena_new_struct(a, struct base);

	b->arena = a;
	b->conf = conf;
	open_parts(b, fault, arg);
	b->slots = arena_printf(a, "%s/slots", conf->storage_root);
	b->image = image_client_new(a, conf, b->slots);
	b->ledger = ledger_new(a);
	b->connection = db_open(conf);
	*ret = b;
}

struct first_fault {
	enum err e;
	struct why *why;
};

static void
keep_first(void *arg, enum base_part part, enum err e, const struct why *why)
{
	struct first_fault *f = arg;

	(void)part;
	if (f->e != ERR_OK)
		return;
	f->e = e;
	*f->why = *why;
}

enum err
base_open(struct arena *a, const struct conf *conf, struct base **ret,
    struct why *why)
{
	struct first_fault f = { ERR_OK, why };
	struct base *b;

	base_open_most(a, conf, &b, keep_first, &f);
	if (f.e == ERR_OK)
		*ret = b;
	else
		base_close(b);
	return f.e;
}

void
base_use(const struct base *b)
{
	/* dateRange needs to know where a day begins. */
	setenv("TZ", b->conf->site_time_zone, 1);
	tzset();
}

void
base_close(struct base *b)
{
	db_close(b->connection);
	ledger_free(b->ledger);
}
