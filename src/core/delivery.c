#include "config.h"

#include "core/delivery.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/clock.h"
#include "core/thumb.h"
#include "db/media_db.h"

#define STABLE (6 * 3600)
#define AT_LEAST (24 * 3600)
#define SHARE_LIFE 3600
#define SIGNATURE 20 /* bytes: 160 bits */

static const char *
kind_path(enum delivery_kind kind)
{
	return kind == DELIVER_THUMB ? "thumb" : "file";
}

/* Everything that an address grants, one field a line. */
static const char *
signed_text(struct arena *a, const struct delivery *d)
{
	char media[UUID_TEXT], share[UUID_TEXT] = "";

	uuid_format(&d->media, media);
	if (d->shared)
		uuid_format(&d->share, share);
	return arena_printf(a, "%s\n%s\n%" PRId64 "\n%d\n%s\n%" PRIu32 "\n%s",
	    kind_path(d->kind), media, d->expires, d->attachment, share,
	    d->generation, d->name);
}

/* A file's name as a segment of an address can hold it: a target with control
 * characters is refused. */
static const char *
name_segment(struct arena *a, const char *name)
{
	char *s;

	if (!text_has_control(name))
		return name;
	s = arena_strdup(a, name);
	for (char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '_';
	return s;
}

const char *
delivery_url(struct env *env, struct arena *a, const struct delivery *grants)
{
	unsigned char signature[SIGNATURE];
	char uuid[UUID_TEXT];
	struct delivery named = *grants;
	const struct delivery *d = &named;
	struct buf b;

	named.name = name_segment(a, grants->name);
	sec_sign(&env->base->secrets->url[0], signed_text(a, d), signature,
	    sizeof(signature));
	buf_init(&b, a, 4096);
	uuid_format(&d->media, uuid);
	buf_putf(&b, "%s/%s/%s/", env->base->conf->site_base_url,
	    kind_path(d->kind), uuid);
	buf_url(&b, d->name);
	buf_putf(&b, "?e=%" PRId64, d->expires);
	if (d->attachment)
		buf_lit(&b, "&d=1");
	if (d->shared) {
		uuid_format(&d->share, uuid);
		buf_putf(&b, "&s=%s&g=%" PRIu32, uuid, d->generation);
	}
	buf_lit(&b, "&k=");
	buf_raw(&b, sec_base64url(a, signature, sizeof(signature)));
	AN(!buf_failed(&b));
	return buf_str(&b);
}

const char *
delivery_own_url(struct env *env, struct arena *a, const struct media *m,
    enum delivery_kind kind, bool attachment)
{
	int64_t now = clock_now() / 1000;
	struct delivery d = { .kind = kind, .media = m->uuid,
		.name = m->file_name, .attachment = attachment };

	d.expires = (now / STABLE + 1) * STABLE + AT_LEAST;
	return delivery_url(env, a, &d);
}

const char *
delivery_share_url(struct env *env, struct arena *a,
    const struct share_link *s, enum delivery_kind kind, bool attachment)
{
	const char *slash = strrchr(s->path, '/');
	struct delivery d = { .kind = kind, .media = s->media_uuid,
		.name = slash != NULL ? slash + 1 : s->path,
		.attachment = attachment, .shared = true, .share = s->uuid,
		.generation = s->generation };

	d.expires = clock_now() / 1000 + SHARE_LIFE;
	return delivery_url(env, a, &d);
}

static bool
read_request(enum delivery_kind kind, const struct delivery_request *r,
    struct delivery *d)
{
	uint64_t expires, generation;

	memset(d, 0, sizeof(*d));
	d->kind = kind;
	if (r->media == NULL || !uuid_from_text(r->media, &d->media) ||
	    r->name == NULL || r->signature == NULL || r->expires == NULL ||
	    !decimal_parse(r->expires, INT64_MAX / 1000, &expires))
		return false;
	d->name = r->name;
	d->expires = (int64_t)expires;
	d->attachment = r->attachment != NULL &&
	    strcmp(r->attachment, "1") == 0;
	if (r->share == NULL)
		return true;
	d->shared = true;
	if (!uuid_from_text(r->share, &d->share) || r->generation == NULL ||
	    !decimal_parse(r->generation, UINT32_MAX, &generation))
		return false;
	d->generation = (uint32_t)generation;
	return true;
}

static bool
signature_holds(struct env *env, const struct delivery *d,
    const char *signature)
{
	const struct secrets *s = env->base->secrets;
	const char *text = signed_text(env->arena, d);
	unsigned char want[SIGNATURE];
	bool holds = false;

	for (size_t i = 0; i < s->n; i++) {
		const char *w;

		sec_sign(&s->url[i], text, want, sizeof(want));
		w = sec_base64url(env->arena, want, sizeof(want));
		if (strlen(signature) == strlen(w) &&
		    sec_equal(signature, w, strlen(w)))
			holds = true;
	}
	return holds;
}

/* The type is decided by the first bytes, at every request. */
static enum err
look_at_bytes(struct env *env, struct delivered *d)
{
	unsigned char head[64];
	enum media_type type;
	ssize_t n = pread(d->fd, head, sizeof(head), 0);

	if (n < 0) {
		env->why.retry_after = 5;
		return why_log(&env->why, ERR_RETRY, "cannot read %s",
		    d->path);
	}
	type = image_sniff(head, (size_t)n);
	d->type = media_type_mime(type);
	/* Bytes that are none of ours are never shown in the browser. */
	if (type == MEDIA_UNKNOWN)
		d->attachment = true;
	return ERR_OK;
}

static enum err
open_file(struct env *env, const struct media_file *m, struct delivered *ret)
{
	enum err e;

	ret->path = arena_printf(env->arena, "user-media/%s", m->path);
	e = store_read(env->base->store, ret->path, &ret->fd, &ret->st,
	    &env->why);
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, ret->fd);
	return look_at_bytes(env, ret);
}

static enum err
open_thumb(struct env *env, const struct uuid *media,
    const struct media_file *m, struct delivered *ret)
{
	enum err e;

	e = thumb_open(env, media, m, &ret->path, &ret->fd, &ret->st);
	return e != ERR_OK ? e : look_at_bytes(env, ret);
}

enum err
delivery_open(struct env *env, enum delivery_kind kind,
    const struct delivery_request *r, struct delivered *ret)
{
	struct media_file m = { 0 };
	struct delivery d;
	enum err e;

	if (!read_request(kind, r, &d) ||
	    !signature_holds(env, &d, r->signature) ||
	    d.expires <= clock_now() / 1000)
		return ERR_NOT_FOUND;
	e = d.shared ?
	    media_db_open_shared(env->base->db, &env->why, env->arena,
		&d.media, &d.share, d.generation, &m) :
	    media_db_open(env->base->db, &env->why, env->arena, &d.media, &m);
	if (e != ERR_OK)
		return e;
	memset(ret, 0, sizeof(*ret));
	ret->attachment = d.attachment;
	ret->expires = d.expires;
	if (kind == DELIVER_THUMB)
		return open_thumb(env, &d.media, &m, ret);
	return open_file(env, &m, ret);
}

enum err
delivery_open_preview(struct env *env, const struct share_link *s,
    struct delivered *ret)
{
	struct media_file m = { s->media_id, s->path, s->mtime };

	memset(ret, 0, sizeof(*ret));
	ret->expires = clock_now() / 1000 + SHARE_LIFE;
	return open_thumb(env, &s->media_uuid, &m, ret);
}
