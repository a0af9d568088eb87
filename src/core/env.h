/* The context of core functions: one struct env for each request or job. */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "image/image.h"
#include "store/store.h"

struct categories;
struct issuer;
struct ledger;
struct memo;
struct secrets;

/* The resources that a program opens once, at its start. */
struct base {
	struct arena *arena; /* lives as long as the program */
	const struct conf *conf;
	const struct secrets *secrets;
	const struct categories *categories;
	const struct issuer *issuer;
	struct connection *connection; /* to the database */
	struct store *store;
	const char *slots; /* folder of this host's locks (base/slots.h) */
	struct image_client *image;
	struct ledger *ledger;
	struct memo *memo; /* NULL: no cache */
};

struct env {
	struct base *base;
	struct arena *arena; /* of the request or job */
	const char *address; /* the caller's, "" for none */
	bool uncounted; /* for HEAD and robots: do not count uses of shares */
	struct why why;
	struct db db; /* the connection, with `why` and `arena` */
};

/* Fills *env. It must not be moved afterwards, since its `db` points into it.
 * base may be NULL or not open yet; then call env_use() later. */
void env_init(struct env *env, struct base *base, struct arena *arena);

/* Uses another base from now on. */
void env_use(struct env *env, struct base *base);

#endif
