/* Lists as the database's JSON_TABLE takes them. */
#ifndef CORE_JSON_LIST_H
#define CORE_JSON_LIST_H

#include "base/arena.h"
#include "base/id.h"
#include "db/share_db.h"

/* UUIDs in hex, and ids of media, in their order. */
const char *json_uuids(struct arena *a, const struct uuid *v, size_t n);
const char *json_targets(struct arena *a, const struct share_target *v,
    size_t n);

#endif
