/* What the domain works with: one for each request or job. */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include "base/arena.h"
#include "base/conf.h"
#include "core/vault/category.h"
#include "core/auth/issuer.h"
#include "core/auth/secrets.h"
#include "db/db.h"
#include "image/image.h"
#include "store/store.h"

struct ledger;
struct memo;

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

/* Reads what the configuration (settings_load()) names, secrets before all,
 * opens the storage, prepares the rest (the database is connected on first
 * use). ERR_INVALID: why->detail is for the administrator. */
enum err base_open(struct arena *a, const struct conf *conf, struct base **ret,
    struct why *why) MUST_CHECK;

/* For base_open_most(): what cannot be opened, and why. */
enum base_part { BASE_SECRETS, BASE_SETTINGS, BASE_STORE };
typedef void base_fault_fn(void *arg, enum base_part part, enum err e,
    const struct why *why);

/* The same for who looks for faults: what cannot be opened is told, and stays
 * NULL. */
void base_open_most(struct arena *a, const struct conf *conf, struct base **ret,
    base_fault_fn *fault, void *arg);

/* This process works with it from now on: takes over its time zone. */
void base_use(const struct base *b);

/* Closes the database; the arena does the rest. */
void base_close(struct base *b);

#endif
