/* vitrine tag … */
#include "config.h"

#include <stdio.h>

#include "core/community/tag.h"
#include "prog/admin.h"

int
admin_tag_add(struct admin *a)
{
	const char *slug = admin_word(a, "SLUG");
	const char *name = admin_word(a, "NAME");
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = community_tag_add(&a->env, slug, name);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

int
admin_tag_list(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	struct json_out w;
	struct tag *tags;
	struct buf b;
	size_t n;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	if ((e = community_tags(&a->env, &tags, &n)) != ERR_OK)
		return admin_failed(a, e);
	admin_json(a, &b, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		jw_object(&w, NULL);
		jw_text(&w, "slug", tags[i].slug);
		jw_text(&w, "name", tags[i].name);
		jw_end(&w);
		if (!json)
			printf("%-24s %s\n", tags[i].slug, tags[i].name);
	}
	jw_end(&w);
	return json ? admin_print(&b) : 0;
}

int
admin_tag_rename(struct admin *a)
{
	const char *slug = admin_word(a, "SLUG");
	const char *new_slug = admin_word(a, "NEW-SLUG");
	const char *name = a->argc > 0 ? admin_word(a, "NAME") : NULL;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = community_tag_rename(&a->env, slug, new_slug, name);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

int
admin_tag_merge(struct admin *a)
{
	const char *from = admin_word(a, "FROM");
	const char *into = admin_word(a, "INTO");
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = community_tag_merge(&a->env, from, into);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}
