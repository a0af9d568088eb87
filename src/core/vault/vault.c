#include "config.h"

#include "core/vault/vault.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/vault/category.h"
#include "core/vault/sync.h"
#include "core/vault/count.h"
#include "db/media_db.h"

#define SEARCH_MOST 200

/* The start of the day, month or year in the site's time zone. */
static int64_t
calendar_start(int month, int day)
{
	time_t now = (time_t)(clock_now() / 1000);
	struct tm tm;

	localtime_r(&now, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	if (month >= 0)
		tm.tm_mon = month;
	if (day > 0)
		tm.tm_mday = day;
	return (int64_t)mktime(&tm) * 1000;
}

static enum err
read_date_range(const char *text, int64_t *ret, struct why *why)
{
	if (text == NULL || text[0] == '\0' || strcmp(text, "all") == 0)
		*ret = 0;
	else if (strcmp(text, "today") == 0)
		*ret = calendar_start(-1, 0);
	else if (strcmp(text, "week") == 0)
		/* Rounded to the minute, so that counts can be cached. */
		*ret =
		    clock_now() / CLOCK_MINUTE * CLOCK_MINUTE - 7 * CLOCK_DAY;
	else if (strcmp(text, "month") == 0)
		*ret = calendar_start(-1, 1);
	else if (strcmp(text, "year") == 0)
		*ret = calendar_start(0, 1);
	else
		return why_with(why, WHY_NOT_ONE_OF, .about = ABOUT_DATE_RANGE,
		    .word = "all, today, week, month, year");
	return ERR_OK;
}

/* Escapes %, _ and the escape character itself. */
static const char *
like_pattern(struct arena *a, const char *search)
{
	struct buf b;

	buf_init(&b, a, 4 * SEARCH_MOST * 4);
	buf_lit(&b, "%");
	for (; *search != '\0'; search++) {
		if (strchr("%_|", *search) != NULL)
			buf_lit(&b, "|");
		buf_char(&b, *search);
	}
	buf_lit(&b, "%");
	return buf_str(&b);
}

static enum err
read_search(struct env *env, const char *search, const char **ret)
{
	*ret = "";
	if (search == NULL || search[0] == '\0')
		return ERR_OK;
	if (text_length(search) > SEARCH_MOST)
		return why_with(&env->why, WHY_TOO_LONG, .about = ABOUT_SEARCH,
		    .most = SEARCH_MOST);
	*ret = like_pattern(env->arena, search);
	return ERR_OK;
}

/* A cursor holds the last media's time and id. */
static const char *
make_cursor(struct arena *a, int64_t created_at, uint64_t id)
{
	return arena_printf(a, "%" PRId64 ".%" PRIu64, created_at, id);
}

static enum err
read_cursor(struct env *env, const char *text, struct media_filter *f)
{
	uint64_t before;
	char *time, *id;

	f->before = MEDIA_NO_CURSOR;
	f->before_id = UINT64_MAX;
	if (text == NULL || text[0] == '\0')
		return ERR_OK;
	id = arena_strdup(env->arena, text);
	time = strsep(&id, ".");
	if (id == NULL ||
	    !decimal_parse(time, (uint64_t)MEDIA_NO_CURSOR, &before) ||
	    !decimal_parse(id, INT64_MAX, &f->before_id))
		return why_set(&env->why, WHY_BAD_CURSOR);
	f->before = (int64_t)before;
	return ERR_OK;
}

static enum err
read_query(struct env *env, const struct caller *c, const struct vault_query *q,
    struct media_filter *f)
{
	const char *category = q->category != NULL ? q->category : "";
	enum err e;

	if (strcmp(category, "all") == 0)
		category = "";
	if (category[0] != '\0' &&
	    category_by_name(env->base->categories, category) == NULL)
		return why_set(&env->why, WHY_BAD_CATEGORY);
	f->user_id = c->user.id;
	f->source = category;
	f->limit = q->limit == 0 ? MEDIA_NO_LIMIT : q->limit;
	if ((e = read_date_range(q->date_range, &f->from, &env->why)) !=
		ERR_OK ||
	    (e = read_search(env, q->search, &f->pattern)) != ERR_OK)
		return e;
	return read_cursor(env, q->cursor, f);
}

struct listing {
	const struct vault_reader *reader;
	uint64_t limit;
	uint64_t total;
	bool begun;
	bool more; /* there was a row beyond the limit */
	int64_t last_time;
	uint64_t last_id;
};

static enum err
begin(struct listing *l)
{
	l->begun = true;
	return l->reader->begin(l->reader->arg);
}

static enum err
each_media(void *arg, const void *row)
{
	const struct media *m = row;
	struct listing *l = arg;
	enum err e;

	if (!l->begun && (e = begin(l)) != ERR_OK)
		return e;
	if (l->total == l->limit) {
		l->more = true;
		return ERR_OK;
	}
	l->total++;
	l->last_time = m->created_at;
	l->last_id = m->id;
	return l->reader->media(l->reader->arg, m);
}

enum err
vault_list(struct env *env, const struct caller *c, const struct vault_query *q,
    const struct vault_reader *r)
{
	struct listing l = { .reader = r };
	struct sync_result synced;
	struct media_filter f = { 0 };
	struct vault_count *counts;
	const char *next = NULL;
	enum err e;

	if ((e = read_query(env, c, q, &f)) != ERR_OK ||
	    (e = sync_user(env, c->user.id, &synced)) != ERR_OK ||
	    /* Before the list is sent, so that failures are reported as
	     * errors. */
	    (e = vault_count(env, &f, &counts)) != ERR_OK)
		return e;
	l.limit = f.limit;
	if (f.limit != MEDIA_NO_LIMIT)
		f.limit++; /* one row more shows whether there is a next page */
	e = media_db_list(&env->db, &f, each_media, &l);
	if (e == ERR_OK && !l.begun)
		e = begin(&l);
	if (e != ERR_OK)
		return e;
	if (l.more)
		next = make_cursor(env->arena, l.last_time, l.last_id);
	return r->end(r->arg, l.total, counts, env->base->categories->n, next);
}

enum err
vault_update(struct env *env, const struct caller *c, uint64_t id,
    const char *title, const char *caption, struct media *ret,
    struct share *ret_share)
{
	struct media m = { 0 };
	enum err e;

	if ((e = access_media_as(env, c, id, CAN_VIEW | CAN_EDIT, &m,
		 ret_share)) != ERR_OK)
		return e;
	if (title != NULL)
		m.title = title[0] != '\0' ? title : NULL;
	if (caption != NULL)
		m.caption = caption[0] != '\0' ? caption : NULL;
	if (m.title != NULL &&
	    (text_length(m.title) > 255 || text_has_control(m.title)))
		return why_with(&env->why, WHY_NOT_ONE_LINE,
		    .about = ABOUT_TITLE, .most = 255);
	e = media_db_update(&env->db, id, m.user_id, m.title, caption != NULL,
	    m.caption);
	/* Logged in the share, so that its owner sees who made the change. */
	if (e == ERR_OK && ret_share->id != 0)
		e = activity_log(env, ret_share->id, c->user.id, "updated",
		    "title or caption");
	if (e == ERR_OK)
		*ret = m;
	return e;
}
