/* Lists as JSON, for JSON_TABLE in statements. */
#ifndef CORE_JSON_LIST_H
#define CORE_JSON_LIST_H

#include "base/arena.h"
#include "base/id.h"
#include "db/share_db.h"

/* A list of ids, of UUIDs in hex, or of media ids, in the given order. */
const char *json_ids(struct arena *a, const uint64_t *v, size_t n);
const char *json_uuids(struct arena *a, const struct uuid *v, size_t n);
const char *json_targets(struct arena *a, const struct share_target *v,
    size_t n);

#endif
