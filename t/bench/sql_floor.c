/*
 * One prepared statement, again and again over some connections, each a thread
 * with a transaction for each execution: what the database alone can do.
 *
 *   sql_floor SOCKET DATABASE CONNECTIONS SECONDS ROWS KEYS STATEMENT
 *
 * ROWS is how many rows each execution must return or change. KEYS is a file
 * with a value of the statement's parameter in each line, x and hex digits or a
 * whole number, taken at random; - where it has none. Prints, between tabs:
 * executions, seconds, executions a second, the median and the 99th percentile
 * of their time in microseconds.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mysql.h>

#define COLUMNS_MOST 64
#define COLUMN_BYTES 1024

struct key {
	unsigned char bytes[32];
	unsigned long length; /* 0: a number */
	long long number;
};

struct lane {
	pthread_t thread;
	unsigned seed;
	size_t n, room;
	uint32_t *times;
};

static const char *db_socket, *db_name, *statement;
static unsigned long long rows_wanted;
static struct key *keys;
static size_t nkeys;
static double end;

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "sql_floor: %s: %s\n", what, why);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
read_key(const char *line, struct key *k)
{
	char pair[3] = "";

	memset(k, 0, sizeof(*k));
	if (line[0] != 'x') {
		k->number = strtoll(line, NULL, 10);
		return;
	}
	for (line++; line[0] > ' ' && k->length < sizeof(k->bytes); line += 2) {
		memcpy(pair, line, 2);
		k->bytes[k->length++] = (unsigned char)strtoul(pair, NULL, 16);
	}
}

static void
read_keys(const char *path)
{
	size_t room = 0;
	char line[128];
	FILE *f;

	if (strcmp(path, "-") == 0)
		return;
	if ((f = fopen(path, "r")) == NULL)
		die(path, "cannot be read");
	while (fgets(line, sizeof(line), f) != NULL) {
		if (nkeys == room) {
			room = room == 0 ? 1024 : 2 * room;
			keys = realloc(keys, room * sizeof(*keys));
			if (keys == NULL)
				die(path, "too much");
		}
		read_key(line, &keys[nkeys++]);
	}
	fclose(f);
	if (nkeys == 0)
		die(path, "has no keys");
}

static void
bind_key(MYSQL_STMT *stmt, struct key *k)
{
	MYSQL_BIND b = { 0 };

	b.buffer_type = k->length > 0 ? MYSQL_TYPE_STRING : MYSQL_TYPE_LONGLONG;
	b.buffer = k->length > 0 ? (void *)k->bytes : (void *)&k->number;
	b.buffer_length = k->length;
	b.length = &k->length;
	if (mysql_stmt_bind_param(stmt, &b))
		die("bind", mysql_stmt_error(stmt));
}

/* Fetches every row into memory of its own, one after the other. */
static unsigned long long
fetch(MYSQL_STMT *stmt, unsigned columns, char *room)
{
	MYSQL_BIND b[COLUMNS_MOST] = { { 0 } };
	unsigned long lengths[COLUMNS_MOST];
	my_bool nulls[COLUMNS_MOST];
	unsigned long long n = 0;
	int status;

	for (unsigned i = 0; i < columns; i++) {
		b[i].buffer_type = MYSQL_TYPE_STRING;
		b[i].buffer = room + (size_t)i * COLUMN_BYTES;
		b[i].buffer_length = COLUMN_BYTES;
		b[i].length = &lengths[i];
		b[i].is_null = &nulls[i];
	}
	if (mysql_stmt_bind_result(stmt, b))
		die("bind", mysql_stmt_error(stmt));
	while ((status = mysql_stmt_fetch(stmt)) == 0 ||
	    status == MYSQL_DATA_TRUNCATED)
		n++;
	if (status != MYSQL_NO_DATA)
		die("fetch", mysql_stmt_error(stmt));
	mysql_stmt_free_result(stmt);
	return n;
}

static void
note(struct lane *l, double seconds)
{
	if (l->n == l->room) {
		l->room = l->room == 0 ? 65536 : 2 * l->room;
		l->times = realloc(l->times, l->room * sizeof(*l->times));
		if (l->times == NULL)
			die("times", "too many");
	}
	l->times[l->n++] = (uint32_t)(seconds * 1e6);
}

static void *
run(void *arg)
{
	struct lane *l = arg;
	MYSQL *db = mysql_init(NULL);
	MYSQL_STMT *stmt;
	unsigned long long n;
	unsigned columns;
	char *room = malloc((size_t)COLUMNS_MOST * COLUMN_BYTES);

	if (room == NULL ||
	    mysql_real_connect(db, NULL, "vitrine", NULL, db_name, 0, db_socket,
		0) == NULL)
		die(db_socket, mysql_error(db));
	stmt = mysql_stmt_init(db);
	if (mysql_stmt_prepare(stmt, statement, strlen(statement)) != 0)
		die("prepare", mysql_error(db));
	columns = mysql_stmt_field_count(stmt);
	if (columns > COLUMNS_MOST)
		die("prepare", "too many columns");
	for (double at = now(), then; at < end; at = then) {
		if (nkeys > 0)
			bind_key(stmt, &keys[(size_t)rand_r(&l->seed) % nkeys]);
		if (mysql_stmt_execute(stmt))
			die("execute", mysql_stmt_error(stmt));
		n = columns > 0 ? fetch(stmt, columns, room) :
				  mysql_stmt_affected_rows(stmt);
		if (n != rows_wanted)
			die("execute", "another number of rows");
		then = now();
		note(l, then - at);
	}
	mysql_stmt_close(stmt);
	mysql_close(db);
	free(room);
	return NULL;
}

static int
by_value(const void *p, const void *q)
{
	uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;

	return (a > b) - (a < b);
}

/* All that the lanes have noted, in the first one. */
static void
gather(struct lane *lanes, long n)
{
	struct lane *all = &lanes[0];

	for (long i = 1; i < n; i++)
		for (size_t k = 0; k < lanes[i].n; k++)
			note(all, lanes[i].times[k] / 1e6);
	if (all->n == 0)
		die("run", "nothing was done");
	qsort(all->times, all->n, sizeof(*all->times), by_value);
}

int
main(int argc, char **argv)
{
	struct lane *lanes;
	double begun, seconds;
	long n;

	if (argc != 8) {
		fputs("usage: sql_floor SOCKET DATABASE CONNECTIONS SECONDS "
		      "ROWS KEYS STATEMENT\n",
		    stderr);
		return 2;
	}
	db_socket = argv[1];
	db_name = argv[2];
	n = strtol(argv[3], NULL, 10);
	rows_wanted = strtoull(argv[5], NULL, 10);
	read_keys(argv[6]);
	statement = argv[7];
	if (n < 1 || (lanes = calloc((size_t)n, sizeof(*lanes))) == NULL)
		die("connections", "at least one");
	mysql_library_init(0, NULL, NULL);
	begun = now();
	end = begun + strtod(argv[4], NULL);
	for (long i = 0; i < n; i++) {
		lanes[i].seed = (unsigned)(begun * 1e6) + (unsigned)i;
		if (pthread_create(&lanes[i].thread, NULL, run, &lanes[i]))
			die("thread", "cannot be started");
	}
	for (long i = 0; i < n; i++)
		pthread_join(lanes[i].thread, NULL);
	seconds = now() - begun;
	gather(lanes, n);
	printf("%zu\t%.3f\t%.1f\t%u\t%u\n", lanes[0].n, seconds,
	    (double)lanes[0].n / seconds, lanes[0].times[lanes[0].n / 2],
	    lanes[0].times[lanes[0].n * 99 / 100]);
	return 0;
}
