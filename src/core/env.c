#include "config.h"

#include "core/env.h"

#include <stdlib.h>
#include <time.h>

#include "core/ledger.h"

enum err
base_open(struct arena *a, const struct conf *conf, struct base **ret,
    struct why *why)
{
	struct base *b = arena_new_struct(a, struct base);
	struct categories *categories;
	struct issuer *issuer;
	struct secrets *secrets;
	enum err e;

	b->arena = a;
	if ((e = secrets_load(a, conf->secrets_file, &secrets, why)) !=
		ERR_OK ||
	    (e = categories_parse(a, conf->vault_categories, &categories,
		 why)) != ERR_OK ||
	    (e = issuer_load(a, conf, &issuer, why)) != ERR_OK)
		return e;
	b->conf = conf;
	b->issuer = issuer;
	b->secrets = secrets;
	b->categories = categories;
	if ((e = store_open(a, conf->storage_root, &b->store, why)) != ERR_OK)
		return why_set(why, e, "root",
		    "the storage %s cannot be opened; run \"vitrine init\"",
		    conf->storage_root);
	b->image = image_client_new(a, conf,
	    arena_printf(a, "%s/slots", conf->storage_root),
	    arena_printf(a, "%s/marks", conf->storage_root));
	b->ledger = ledger_new(a);
	b->db = db_open(conf);
	*ret = b;
	return ERR_OK;
}

void
base_use(const struct base *b)
{
	/* Where a day begins, for dateRange. */
	setenv("TZ", b->conf->site_time_zone, 1);
	tzset();
}

void
base_close(struct base *b)
{
	db_close(b->db);
	ledger_free(b->ledger);
}
