#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/upload_form.h"
#include "base/text.h"
#include "core/community/media_share.h"
#include "core/vault/trash.h"
#include "http/body.h"

struct form {
	const struct http_pair *v;
	size_t n;
	uint64_t media;
};

static enum err
read_form(struct call *c, struct form *ret)
{
	enum err e;

	e = call_id(c, 0, WHY_NO_SUCH_FILE, &ret->media);
	if (e != ERR_OK)
		return e;
	return http_form(c->req, c->route->body_limit, &ret->v, &ret->n,
	    &c->env.why);
}

static const char *
field(const struct form *f, const char *name)
{
	const char *value = http_pair_value(f->v, f->n, name);

	return value != NULL ? value : "";
}

/* The page of the vault that sent the form. */
static const char *
way_back(struct call *c, const struct form *f)
{
	const char *path = html_local_path(c->env.arena, field(f, "back"));

	if (path == NULL || !text_starts(path, "/vault") ||
	    (path[6] != '\0' && path[6] != '?'))
		return "/vault";
	return path;
}

/* Redirects to the vault with the notice `done`; stays: the media's forms are
 * open again. */
static enum err
go_back(struct call *c, const struct form *f, const char *done, bool stays)
{
	const char *path = way_back(c, f);
	const char *and = strchr(path, '?') != NULL ? "&" : "?";

	if (stays)
		path = arena_printf(c->env.arena,
		    "%s%sdone=%s&media=%" PRIu64 "#m%" PRIu64, path, and, done,
		    f->media, f->media);
	else
		path =
		    arena_printf(c->env.arena, "%s%sdone=%s", path, and, done);
	return call_redirect(c, path);
}

enum err
page_upload_form(struct call *c)
{
	struct media *media;
	size_t n;
	enum err e;

	if ((e = upload_form(c, &media, &n)) != ERR_OK)
		return e;
	return call_redirect(c, "/vault?done=uploaded");
}

static void
read_request(struct call *c, const struct form *f, struct share_request *ret)
{
	const char *community = field(f, "community");

	if (strcmp(community, "yes") == 0)
		ret->community = COMMUNITY_YES;
	else if (strcmp(community, "no") == 0)
		ret->community = COMMUNITY_NO;
	ret->consent = strcmp(field(f, "consent"), "yes") == 0;
	ret->tags = arena_array(c->env.arena, f->n + 1, sizeof(*ret->tags));
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, "tags") == 0)
			ret->tags[ret->ntags++] = f->v[i].value;
}

enum err
page_share_form(struct call *c)
{
	static const char *const done[] = { [COMMUNITY_AS_IS] = "shared",
		[COMMUNITY_YES] = "published",
		[COMMUNITY_NO] = "withdrawn" };
	struct share_request request = { 0 };
	struct share_result result;
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK)
		return e;
	read_request(c, &f, &request);
	e = media_share(&c->env, &c->caller, f.media, &request, &result);
	if (e != ERR_OK)
		return e;
	return go_back(c, &f, done[request.community], true);
}

enum err
page_unshare_form(struct call *c)
{
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = media_unshare(&c->env, &c->caller, f.media)) != ERR_OK)
		return e;
	return go_back(c, &f, "unshared", true);
}

enum err
page_delete_form(struct call *c)
{
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = trash_put(&c->env, &c->caller, f.media)) != ERR_OK)
		return e;
	return go_back(c, &f, "deleted", false);
}
