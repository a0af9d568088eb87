#include "config.h"

#include "core/json_list.h"

#include "base/json_out.h"

const char *
json_uuids(struct arena *a, const struct uuid *v, size_t n)
{
	char hex[2 * UUID_BYTES + 1];
	struct json_out w;
	struct buf b;

	buf_init(&b, a, 64 + n * 40);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		hex_format(v[i].b, UUID_BYTES, hex);
		jw_text(&w, NULL, hex);
	}
	jw_end(&w);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

const char *
json_ids(struct arena *a, const uint64_t *v, size_t n)
{
	struct json_out w;
	struct buf b;

	buf_init(&b, a, 64 + n * 24);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++)
		jw_uint(&w, NULL, v[i]);
	jw_end(&w);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

const char *
json_targets(struct arena *a, const struct share_target *v, size_t n)
{
	uint64_t *ids = arena_array(a, n, sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = v[i].id;
	return json_ids(a, ids, n);
}
