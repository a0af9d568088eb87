#include "config.h"

#include "db/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "db/rows.h"
#include "db/stmt.h"

#define MOST_FILES 9999
#define MOST_TEXT (4 << 20)
#define MOST_MEMORY (64 << 20)
#define PATIENCE (24 * 3600) /* seconds that one statement may take */
#define START_PATIENCE 10    /* the same at a program's start */
#define WAITS 120	     /* of half a second each, for another migrator */

struct file {
	unsigned number;
	const char *name;
	const char *text;
	struct hash checksum;
};

/* A row of schema_migrations. */
struct applied {
	uint32_t version;
	uint32_t done;
	const char *name;
	struct hash checksum;
	int64_t applied_at;
};

DB_ROW(migration, struct applied, DB_COL(struct applied, version, DB_U32),
    DB_COL(struct applied, name, DB_TEXT),
    DB_COL(struct applied, checksum, DB_HASH),
    DB_COL(struct applied, done, DB_U32),
    DB_COL(struct applied, applied_at, DB_TIME));

/* Folder and database, checked to belong together: applied[i] is the row of
 * files[i]. */
struct state {
	struct file *files;
	size_t n_files;
	struct applied *applied;
	size_t n_applied;
};

/*
 * The lock is a row. GET_LOCK() does not work across a Galera cluster, and an
 * open transaction would end with the first DDL. The lock expires after ten
 * minutes and is renewed before each statement.
 */
static const char *const tables[] = {
	"CREATE TABLE IF NOT EXISTS schema_migrations ("
	"version INT UNSIGNED NOT NULL PRIMARY KEY, "
	"name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, "
	"checksum BINARY(32) NOT NULL, done INT UNSIGNED NOT NULL, "
	"applied_at DATETIME(3) NULL) ENGINE=InnoDB",
	"CREATE TABLE IF NOT EXISTS schema_migrator ("
	"id TINYINT UNSIGNED NOT NULL PRIMARY KEY, holder BINARY(16) NULL, "
	"until DATETIME(3) NULL) ENGINE=InnoDB",
	"INSERT IGNORE INTO schema_migrator (id) VALUES (1)",
};

/* ---- splitting a text into statements ---- */

/* Returns the end of the quote that begins at p; NULL: it does not end. */
static const char *
skip_quoted(const char *p)
{
	const char q = *p++;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && q != '`') {
			if (*++p == '\0')
				return NULL;
		} else if (*p == q) {
			if (p[1] != q)
				return p + 1;
			p++;
		}
	}
	return NULL;
}

/* Returns the end of the comment that begins at p, or p if none does; NULL: it
 * does not end. */
static const char *
skip_comment(const char *p)
{
	const char *end;

	if (p[0] == '#' ||
	    (p[0] == '-' && p[1] == '-' &&
		(p[2] == '\0' || isspace((unsigned char)p[2]))))
		return p + strcspn(p, "\n");
	if (p[0] != '/' || p[1] != '*')
		return p;
	end = strstr(p + 2, "*/");
	return end != NULL ? end + 2 : NULL;
}

/* Whether only blanks and comments follow on the line. */
static bool
line_ends(const char *p)
{
	p += strspn(p, " \t\r");
	return *p == '\0' || *p == '\n' || skip_comment(p) != p;
}

/* Skips to the start of a statement; "" at the end of the text, NULL in an open
 * comment. A comment that the server reads as SQL is a statement. */
static const char *
skip_blank(const char *p)
{
	const char *q;

	for (;;) {
		p += strspn(p, " \t\r\n;");
		if (strncmp(p, "/*!", 3) == 0 || strncmp(p, "/*M!", 4) == 0)
			return p;
		q = skip_comment(p);
		if (q == NULL || q == p)
			return q;
		p = q;
	}
}

bool
migrate_next(const char **text, const char **ret, size_t *ret_n)
{
	const char *start = skip_blank(*text), *p, *q;

	*ret_n = 0;
	if (start == NULL)
		return false;
	for (p = start; *p != '\0'; p = q) {
		if (*p == ';' && line_ends(p + 1)) {
			*ret = start;
			*ret_n = (size_t)(p - start);
			*text = p + 1;
			return true;
		}
		if (*p == '\'' || *p == '"' || *p == '`')
			q = skip_quoted(p);
		else if ((q = skip_comment(p)) == p)
			q = p + 1;
		if (q == NULL)
			return false;
	}
	*text = p;
	return p == start;
}

/* The number of statements; *ret_ok: the text is complete. */
static unsigned
count_statements(const char *text, bool *ret_ok)
{
	const char *sql;
	unsigned i = 0;
	size_t n;

	while ((*ret_ok = migrate_next(&text, &sql, &n)) && n > 0)
		i++;
	return i;
}

/* ---- the folder ---- */

/* Whether a file is meant to be a migration; others are ignored. */
static bool
is_candidate(const char *name)
{
	return isdigit((unsigned char)name[0]) &&
	    strcmp(text_extension(name), "sql") == 0;
}

/* The number in NNNN_name.sql, with a name of lower-case letters, digits and
 * '_'; 0: the name is invalid. */
static unsigned
number_of(const char *name)
{
	const size_t n = strlen(name);
	unsigned number = 0;
	size_t i;

	if (n < sizeof("NNNN_a.sql") - 1 || n > 100 || name[4] != '_')
		return 0;
	for (i = 0; i < n - 4; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name[i]) ==
		    NULL)
			return 0;
	for (i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)name[i]))
			return 0;
		number = number * 10 + (unsigned)(name[i] - '0');
	}
	return number;
}

static enum err
read_text(int dir, struct arena *a, struct file *f, struct why *why)
{
	int fd = openat(dir, f->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = -1;
	char *text;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size < MOST_TEXT) {
		text = arena_alloc(a, (size_t)st.st_size + 1);
		n = read(fd, text, (size_t)st.st_size);
		f->text = text;
	}
	if (fd >= 0)
		close(fd);
	if (n < 0 || n != st.st_size)
		return why_log(why, ERR_INVALID, "%s cannot be read", f->name);
	if (memchr(f->text, '\0', (size_t)n) != NULL)
		return why_log(why, ERR_INVALID, "%s is no text", f->name);
	f->checksum = sec_sha256(f->text, (size_t)n);
	return ERR_OK;
}

static int
compare_names(const void *p, const void *q)
{
	return strcmp(((const struct file *)p)->name,
	    ((const struct file *)q)->name);
}

static enum err
list_files(DIR *d, struct arena *a, struct state *s, struct why *why)
{
	const struct dirent *entry;
	size_t room = 0;
	struct file *more;

	while ((entry = readdir(d)) != NULL) {
		if (!is_candidate(entry->d_name))
			continue;
		if (s->n_files == MOST_FILES)
			return why_log(why, ERR_INVALID, "too many migrations");
		if (s->n_files == room) {
			room = room == 0 ? 16 : room * 2;
			more = arena_array(a, room, sizeof(*more));
			if (s->n_files > 0)
				memcpy(more, s->files,
				    s->n_files * sizeof(*more));
			s->files = more;
		}
		s->files[s->n_files++].name = arena_strdup(a, entry->d_name);
	}
	if (s->n_files == 0)
		return why_log(why, ERR_INVALID,
		    "there are no migrations in the folder");
	qsort(s->files, s->n_files, sizeof(s->files[0]), compare_names);
	return ERR_OK;
}

/* Reads file i. Checks that its number is i + 1 and its text complete. */
static enum err
read_file(int dir, struct arena *a, struct file *f, size_t i, struct why *why)
{
	enum err e;
	bool ok;

	f->number = number_of(f->name);
	if (f->number == 0)
		return why_log(why, ERR_CONFLICT,
		    "%s: the name of a migration is NNNN_name.sql", f->name);
	if (f->number <= i)
		return why_log(why, ERR_CONFLICT,
		    "the number of %s is there twice", f->name);
	if (f->number != i + 1)
		return why_log(why, ERR_CONFLICT,
		    "the migration %04zu before %s is missing", i + 1, f->name);
	if ((e = read_text(dir, a, f, why)) != ERR_OK)
		return e;
	count_statements(f->text, &ok);
	return ok ?
	    ERR_OK :
	    why_log(why, ERR_INVALID,
		"%s ends inside a statement, a quote or a comment", f->name);
}

static enum err
read_folder(struct arena *a, const char *path, struct state *s, struct why *why)
{
	DIR *d = opendir(path);
	enum err e;
	size_t i;

	if (d == NULL)
		return why_log(why, ERR_INVALID,
		    "the folder of migrations, %s: %s", path, strerror(errno));
	e = list_files(d, a, s, why);
	for (i = 0; e == ERR_OK && i < s->n_files; i++)
		e = read_file(dirfd(d), a, &s->files[i], i, why);
	closedir(d);
	return e;
}

/* ---- folder against database ---- */

static enum err
check_applied(const struct state *s, size_t i, struct why *why)
{
	const struct applied *r = &s->applied[i];
	const struct file *f = i < s->n_files ? &s->files[i] : NULL;

	if (r->version != i + 1)
		return why_log(why, ERR_CONFLICT,
		    "%s was applied, but %04zu was not", r->name, i + 1);
	if (f == NULL)
		return why_with(why, WHY_SCHEMA_NEWER, .word = r->name);
	if (strcmp(r->name, f->name) != 0)
		return why_log(why, ERR_CONFLICT,
		    "%s was applied, but is missing in the folder", r->name);
	if (r->applied_at == CLOCK_NONE && i + 1 != s->n_applied)
		return why_log(why, ERR_CONFLICT,
		    "%s was not finished, but the one behind it was begun",
		    r->name);
	/* None of it has run, so the file may be corrected. */
	if (r->applied_at == CLOCK_NONE && r->done == 0)
		return ERR_OK;
	if (!sec_equal(&r->checksum, &f->checksum, sizeof(r->checksum)))
		return why_log(why, ERR_CONFLICT,
		    "%s has changed since %s (checksum)", r->name,
		    r->applied_at != CLOCK_NONE ? "it was applied" :
						  "it stopped half way");
	return ERR_OK;
}

static enum err
read_state(const struct db *db, const char *dir, struct state *s)
{
	uint64_t there = 0;
	enum err e;
	size_t i;

	memset(s, 0, sizeof(*s));
	if ((e = read_folder(db->arena, dir, s, db->why)) != ERR_OK ||
	    (e = db_count(db, ST_MIGRATION_TABLES, &there)) != ERR_OK ||
	    there == 0)
		return e;
	e = db_all(db, ST_MIGRATION_LIST, MOST_FILES, &s->applied,
	    &s->n_applied);
	for (i = 0; e == ERR_OK && i < s->n_applied; i++)
		e = check_applied(s, i, db->why);
	return e;
}

enum err
migrate_status(const struct db *db, const char *dir, struct migration **ret,
    size_t *ret_n)
{
	struct migration *m;
	struct state s;
	enum err e;
	size_t i;

	if ((e = read_state(db, dir, &s)) != ERR_OK)
		return e;
	m = arena_array(db->arena, s.n_files, sizeof(*m));
	for (i = 0; i < s.n_files; i++) {
		m[i].number = s.files[i].number;
		m[i].name = s.files[i].name;
		m[i].started = i < s.n_applied;
		m[i].done = m[i].started ? s.applied[i].done : 0;
		m[i].applied_at =
		    m[i].started ? s.applied[i].applied_at : CLOCK_NONE;
	}
	*ret = m;
	*ret_n = s.n_files;
	return ERR_OK;
}

enum err
migrate_pending(const struct db *db, const char *dir, size_t *ret_n)
{
	struct arena *a = arena_new(MOST_MEMORY);
	const struct db own = { db->connection, db->why, a };
	struct migration *m;
	size_t i, n, pending = 0;
	enum err e = migrate_status(&own, dir, &m, &n);

	if (e == ERR_OK) {
		for (i = 0; i < n; i++)
			pending += m[i].applied_at == CLOCK_NONE;
		*ret_n = pending;
	}
	arena_free(a);
	return e;
}

enum err
migrate_ready(const struct db *db, const char *dir)
{
	struct why *why = db->why;
	size_t pending = 0;
	enum err e;

	db_set_patience(db->connection, START_PATIENCE);
	e = migrate_pending(db, dir, &pending);
	db_set_patience(db->connection, 0);
	if (e == ERR_OK && pending > 0)
		return why_log(why, ERR_INVALID,
		    "%zu pending migration%s: run \"vitrine migrate\"", pending,
		    pending == 1 ? "" : "s");
	return e;
}

/* ---- applying ---- */

static enum err
take_lock(const struct db *db, const struct uuid *holder, unsigned waits)
{
	struct why *why = db->why;
	const struct timespec pause = { .tv_nsec = 500000000 };
	uint64_t n = 0;
	enum err e;

	for (;;) {
		e = db_exec(db, ST_MIGRATOR_TAKE, &n, p_uuid(holder),
		    p_uuid(holder));
		if (e != ERR_OK || n > 0)
			return e;
		if (waits-- == 0)
			return why_log(why, ERR_RETRY,
			    "another migrator is at work; one that died is "
			    "waited for at most ten minutes");
		nanosleep(&pause, NULL);
	}
}

/* Tells the administrator which statement failed. */
static enum err
tell_failure(const struct db *db, const struct file *f, unsigned i,
    const char *sql, enum err e)
{
	const struct db_fault *fault = &db->connection->fault;
	const size_t n = strcspn(sql, "\n(");
	struct why *why = db->why;
	bool ok;

	return why_log(why, e, "%s: statement %u of %u (%.*s) %s: %u %s",
	    f->name, i + 1, count_statements(f->text, &ok),
	    n < 60 ? (int)n : 60, sql,
	    e == ERR_UNCERTAIN ? "may have run or not" : "failed",
	    fault->number, fault->text);
}

static enum err
run_statements(const struct db *db, const struct file *f, unsigned done,
    const struct uuid *holder)
{
	const char *text = f->text, *sql;
	unsigned i;
	size_t n;
	enum err e;

	for (i = 0;; i++) {
		AN(migrate_next(&text, &sql, &n));
		if (n == 0)
			return ERR_OK;
		if (i < done)
			continue;
		sql = arena_strndup(db->arena, sql, n);
		if ((e = take_lock(db, holder, 0)) != ERR_OK)
			return e;
		if ((e = db_run_sql(db, sql)) != ERR_OK)
			return tell_failure(db, f, i, sql, e);
		if ((e = db_exec(db, ST_MIGRATION_STEP, NULL, p_u64(i + 1),
			 p_u64(f->number))) != ERR_OK)
			return e;
	}
}

static enum err
apply_file(const struct db *db, const struct file *f, unsigned done,
    const struct uuid *holder)
{
	enum err e = db_exec(db, ST_MIGRATION_BEGIN, NULL, p_u64(f->number),
	    p_text(f->name), p_hash(&f->checksum));

	if (e == ERR_OK)
		e = run_statements(db, f, done, holder);
	if (e == ERR_OK)
		e = db_exec(db, ST_MIGRATION_END, NULL, p_u64(f->number));
	return e;
}

static enum err
apply_all(const struct db *db, const char *dir, const struct uuid *holder,
    void (*progress)(void *arg, unsigned number, const char *name), void *arg)
{
	struct state s;
	enum err e = read_state(db, dir, &s);
	size_t i;

	for (i = 0; e == ERR_OK && i < s.n_files; i++) {
		if (i < s.n_applied && s.applied[i].applied_at != CLOCK_NONE)
			continue;
		if (progress != NULL)
			progress(arg, s.files[i].number, s.files[i].name);
		e = apply_file(db, &s.files[i],
		    i < s.n_applied ? s.applied[i].done : 0, holder);
	}
	return e;
}

/* If the lock cannot be released, it expires by itself. */
static void
give_lock(const struct db *db, const struct uuid *holder)
{
	struct why unused = { 0 };
	const struct db own = { db->connection, &unused, NULL };
	enum err e = db_exec(&own, ST_MIGRATOR_GIVE, NULL, p_uuid(holder));

	(void)e;
}

enum err
migrate_apply(const struct db *db, const char *dir,
    void (*progress)(void *arg, unsigned number, const char *name), void *arg)
{
	struct arena *a = arena_new(MOST_MEMORY);
	const struct db own = { db->connection, db->why, a };
	const struct uuid holder = uuid_random();
	enum err e = ERR_OK;
	struct state s;
	size_t i;

	db_set_patience(db->connection, PATIENCE);
	/* Check that the folder fits the database before changing anything. */
	e = read_state(&own, dir, &s);
	for (i = 0; e == ERR_OK && i < sizeof(tables) / sizeof(tables[0]); i++)
		e = db_run_sql(db, tables[i]);
	if (e == ERR_OK)
		e = take_lock(db, &holder, WAITS);
	if (e == ERR_OK) {
		e = apply_all(&own, dir, &holder, progress, arg);
		give_lock(db, &holder);
	}
	db_set_patience(db->connection, 0);
	arena_free(a);
	return e;
}
