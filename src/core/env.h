/* What the domain works with: one for each request or job. */
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

/* What a program opens once at its start. */
struct base {
	struct arena *arena; /* as long as the program */
	const struct conf *conf;
	const struct secrets *secrets;
	const struct categories *categories;
	const struct issuer *issuer;
	struct connection *connection; /* with the database */
	struct store *store;
	const char *slots; /* the folder of this host's locks (base/slots.h) */
	struct image_client *image;
	struct ledger *ledger;
	struct memo *memo; /* NULL: nothing is kept */
};

struct env {
	struct base *base;
	struct arena *arena; /* of the request or job */
	const char *address; /* the caller's, "" for none */
	bool uncounted;	     /* a HEAD, or a robot: never a use of a share */
	struct why why;
	struct db db; /* the connection, with `why` and `arena` */
};

/* Fills *env, which stays where it is from now on: its `db` points into it.
 * base may be NULL or not open yet; env_use() then follows. */
void env_init(struct env *env, struct base *base, struct arena *arena);

/* Works with that base from now on. */
void env_use(struct env *env, struct base *base);

#endif
