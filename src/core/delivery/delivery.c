#include "config.h"

#include "core/delivery/delivery.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/clock.h"
#include "core/auth/secrets.h"
#include "core/share/ledger.h"
#include "core/delivery/thumb.h"
#include "db/media_db.h"

#define STABLE (6 * 3600)
#define AT_LEAST (24 * 3600)
#define PREVIEW_LIFE 3600
#define ADDRESS_MOST 4096 /* bytes; the name takes up to 3060 */

static const char *
kind_path(enum delivery_kind kind)
{
	static const char *const paths[] = { [DELIVER_FILE] = "file",
		[DELIVER_THUMB] = "thumb",
		[DELIVER_VIEW] = "view" };

	return paths[kind];
}

/* Replaces control characters in a file's name, because requests for a URL with
 * them are refused. */
static const char *
name_segment(struct arena *a, const char *name)
{
	char *s;

	if (!text_has_control(name))
		return name;
	s = arena_strdup(a, name);
	for (char *p = s; *p != '\0'; p++)
		if (text_is_control(*p))
			*p = '_';
	return s;
}

/* Writes the URL's path and query up to the signature: all that it grants, and
 * so the text that is signed. */
static void
put_grants(struct buf *b, const struct delivery *d)
{
	char uuid[UUID_TEXT];

	uuid_format(&d->media, uuid);
	buf_lit(b, "/");
	buf_raw(b, kind_path(d->kind));
	buf_lit(b, "/");
	buf_raw(b, uuid);
	buf_lit(b, "/");
	buf_url(b, d->name);
	buf_lit(b, "?e=");
	buf_int(b, d->expires);
	if (d->attachment)
		buf_lit(b, "&d=1");
	if (d->way != BY_OWNER) {
		uuid_format(&d->through, uuid);
		buf_raw(b, d->way == BY_SHARE ? "&s=" : "&c=");
		buf_raw(b, uuid);
	}
	if (d->way == BY_SHARE) {
		buf_lit(b, "&g=");
		buf_uint(b, d->generation);
	}
	if (d->account != 0) {
		buf_lit(b, "&u=");
		buf_uint(b, d->account);
	}
}

const char *
delivery_url(struct env *env, struct arena *a, const struct delivery *grants)
{
	struct delivery d = *grants;
	const char *signature;
	struct buf b;
	size_t site;

	d.name = name_segment(a, grants->name);
	buf_init(&b, a, ADDRESS_MOST);
	buf_raw(&b, env->base->conf->site_base_url);
	site = b.len;
	put_grants(&b, &d);
	signature =
	    secrets_sign_media(env->base->secrets, a, buf_str(&b) + site);
	buf_lit(&b, "&k=");
	buf_raw(&b, signature);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

static bool
is_signed(struct env *env, const struct delivery *d, const char *signature)
{
	struct buf b;

	buf_init(&b, env->arena, ADDRESS_MOST);
	put_grants(&b, d);
	return !buf_failed(&b) &&
	    secrets_signed_media(env->base->secrets, env->arena, buf_str(&b),
		signature);
}

/* An expiry that is the same for six hours, and at least 24 away. */
static int64_t
stable_until(void)
{
	int64_t now = clock_now() / 1000;

	return (now / STABLE + 1) * STABLE + AT_LEAST;
}

const char *
delivery_own_url(struct env *env, struct arena *a, const struct media *m,
    enum delivery_kind kind, bool attachment)
{
	struct delivery d = { .kind = kind,
		.media = m->uuid,
		.name = m->file_name,
		.attachment = attachment,
		.expires = stable_until() };

	return delivery_url(env, a, &d);
}

static const char *
item_url(struct env *env, struct arena *a, const struct delivery *base,
    enum delivery_kind kind, bool attachment)
{
	struct delivery d = *base;

	d.kind = kind;
	d.attachment = attachment;
	return delivery_url(env, a, &d);
}

/* Videos have no smaller form, so viewers get the file. */
static void
item_urls(struct env *env, struct arena *a, const struct delivery *base,
    const struct share_item *item, bool download, struct delivery_urls *ret)
{
	enum media_type type = media_type_of_mime(item->mime);
	bool image = media_type_is_image(type);

	memset(ret, 0, sizeof(*ret));
	if (download || (!image && type != MEDIA_UNKNOWN))
		ret->view = item_url(env, a, base, DELIVER_FILE, false);
	else if (image)
		ret->view = item_url(env, a, base, DELIVER_VIEW, false);
	if (image)
		ret->thumb = item_url(env, a, base, DELIVER_THUMB, false);
	if (download)
		ret->download = item_url(env, a, base, DELIVER_FILE, true);
}

static const char *
item_file_name(const struct share_item *item)
{
	const char *slash = strrchr(item->path, '/');

	return slash != NULL ? slash + 1 : item->path;
}

static struct delivery
by_share(const struct share *s, const struct share_item *item, int64_t until)
{
	return (struct delivery){ .media = item->uuid,
		.name =
		    s->file_name != NULL ? s->file_name : item_file_name(item),
		.way = BY_SHARE,
		.through = s->uuid,
		.generation = s->generation,
		.account = s->shown_to,
		.expires = until };
}

void
delivery_share_urls(struct env *env, struct arena *a, const struct share *s,
    const struct share_item *item, int64_t until, struct delivery_urls *ret)
{
	const struct delivery d = by_share(s, item, until);

	item_urls(env, a, &d, item, s->can_download, ret);
}

const char *
delivery_share_download(struct env *env, const struct share *s,
    const struct share_item *item, int64_t until)
{
	const struct delivery d = by_share(s, item, until);

	return item_url(env, env->arena, &d, DELIVER_FILE, true);
}

void
delivery_collection_urls(struct env *env, struct arena *a,
    const struct collection *k, const struct share_item *item,
    struct delivery_urls *ret)
{
	const struct delivery d = { .media = item->uuid,
		.name = item_file_name(item),
		.way = BY_COLLECTION,
		.through = k->uuid,
		.expires = stable_until() };

	item_urls(env, a, &d, item, true, ret);
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
	d->attachment =
	    r->attachment != NULL && strcmp(r->attachment, "1") == 0;
	if (r->collection != NULL) {
		d->way = BY_COLLECTION;
		return uuid_from_text(r->collection, &d->through);
	}
	if (r->share == NULL)
		return true;
	d->way = BY_SHARE;
	if (!uuid_from_text(r->share, &d->through) || r->generation == NULL ||
	    !decimal_parse(r->generation, UINT32_MAX, &generation))
		return false;
	d->generation = (uint32_t)generation;
	return r->account == NULL ||
	    decimal_parse(r->account, INT64_MAX, &d->account);
}

/* Sniffs the type from the first bytes, at every request. */
static enum err
look_at_bytes(struct env *env, struct delivered *d)
{
	unsigned char head[64];
	enum media_type type;
	ssize_t n = pread(d->fd, head, sizeof(head), 0);

	if (n < 0) {
		env->why.retry_after = 5;
		return why_log(&env->why, ERR_RETRY, "cannot read %s", d->path);
	}
	type = image_sniff(head, (size_t)n);
	d->type = media_type_mime(type);
	/* Files of an unsupported type are never shown in the browser. */
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
open_rendition(struct env *env, enum rendition r, const struct uuid *media,
    const struct media_file *m, struct delivered *ret)
{
	enum err e;

	e = thumb_open(env, r, media, m, &ret->path, &ret->fd, &ret->st);
	return e != ERR_OK ? e : look_at_bytes(env, ret);
}

static enum err
find(struct env *env, const struct delivery *d, struct media_opened *ret)
{
	const struct db *db = &env->db;

	if (d->way == BY_SHARE)
		return media_db_open_shared(db, &d->media, &d->through,
		    d->generation, d->account, ret);
	if (d->way == BY_COLLECTION)
		return media_db_open_collected(db, &d->media, &d->through, ret);
	ret->can_download = true;
	ret->state = SHARE_ACTIVE;
	return media_db_open(db, &d->media, &ret->file);
}

/* Whether the share still allows this URL. URLs of a limited share expire with
 * the counted visit, which may continue after the limit is reached. */
static bool
is_good(const struct media_opened *m)
{
	return m->state == SHARE_ACTIVE || m->state == SHARE_EXHAUSTED;
}

/* Viewers without permission to download get only videos, and those only shown,
 * not as a download. */
static enum err
open_original(struct env *env, const struct delivery *d,
    const struct media_opened *m, struct delivered *ret)
{
	enum media_type type;
	enum err e;

	if (!m->can_download && d->attachment)
		return ERR_NOT_FOUND;
	if ((e = open_file(env, &m->file, ret)) != ERR_OK)
		return e;
	type = media_type_of_mime(ret->type);
	if (!m->can_download &&
	    (media_type_is_image(type) || type == MEDIA_UNKNOWN))
		return ERR_NOT_FOUND;
	return ERR_OK;
}

enum err
delivery_open(struct env *env, enum delivery_kind kind,
    const struct delivery_request *r, struct delivered *ret)
{
	struct media_opened m = { 0 };
	struct delivery d;
	enum err e;

	if (!read_request(kind, r, &d) || !is_signed(env, &d, r->signature) ||
	    d.expires <= clock_now() / 1000)
		return ERR_NOT_FOUND;
	if ((e = find(env, &d, &m)) != ERR_OK)
		return e;
	if (!is_good(&m))
		return ERR_NOT_FOUND;
	memset(ret, 0, sizeof(*ret));
	ret->attachment = d.attachment;
	ret->expires = d.expires;
	ret->share_id = m.share_id;
	ret->account = d.account;
	if (kind == DELIVER_FILE)
		return open_original(env, &d, &m, ret);
	return open_rendition(env,
	    kind == DELIVER_VIEW ? RENDITION_VIEW : RENDITION_THUMB, &d.media,
	    &m.file, ret);
}

enum err
delivery_open_preview(struct env *env, const struct share_item *item,
    struct delivered *ret)
{
	struct media_file m = { item->media_id, item->path, item->mtime };

	memset(ret, 0, sizeof(*ret));
	ret->expires = clock_now() / 1000 + PREVIEW_LIFE;
	return open_rendition(env, RENDITION_THUMB, &item->uuid, &m, ret);
}

void
delivery_note_download(struct env *env, const struct delivered *d,
    const char *name)
{
	if (d->share_id != 0)
		ledger_downloaded(env, d->share_id, d->account, name);
}
