/*
 * The floor of opening a link: libfcgi's own loop in as many processes, a
 * connection for each request, one prepared SELECT by a unique key, a 302.
 *
 *   responder SOCKET DATABASE-SOCKET DATABASE PROCESSES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcgiapp.h>
#include <mysql.h>

#define TOKEN_BYTES 16

static const char query[] =
    "SELECT id, HEX(uuid), file_name FROM shares WHERE token = ?";

struct row {
	unsigned long long id;
	char uuid[33];
	char name[256];
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "responder: %s: %s\n", what, why);
	exit(1);
}

static MYSQL_STMT *
prepare(MYSQL *db)
{
	MYSQL_STMT *stmt = mysql_stmt_init(db);

	if (stmt == NULL ||
	    mysql_stmt_prepare(stmt, query, sizeof(query) - 1) != 0)
		die("prepare", mysql_error(db));
	return stmt;
}

/* The last 36 characters of the target, a UUID. */
static int
read_token(const char *target, unsigned char *ret)
{
	size_t n = target != NULL ? strlen(target) : 0;
	const char *p;
	char pair[3] = "";

	if (n < 36)
		return 0;
	p = target + n - 36;
	for (int i = 0; i < TOKEN_BYTES; i++, p += 2) {
		if (*p == '-')
			p++;
		memcpy(pair, p, 2);
		ret[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return 1;
}

/* 1: there is such a row. */
static int
look_up(MYSQL_STMT *stmt, const unsigned char *token, struct row *ret)
{
	unsigned long token_length = TOKEN_BYTES;
	unsigned long uuid_length = 0, name_length = 0;
	MYSQL_BIND in = { .buffer_type = MYSQL_TYPE_STRING,
		.buffer = (void *)(size_t)token,
		.buffer_length = TOKEN_BYTES,
		.length = &token_length };
	MYSQL_BIND out[3] = {
		{ .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &ret->id },
		{ .buffer_type = MYSQL_TYPE_STRING,
		    .buffer = ret->uuid,
		    .buffer_length = sizeof(ret->uuid) - 1,
		    .length = &uuid_length },
		{ .buffer_type = MYSQL_TYPE_STRING,
		    .buffer = ret->name,
		    .buffer_length = sizeof(ret->name) - 1,
		    .length = &name_length },
	};
	int found;

	memset(ret, 0, sizeof(*ret));
	if (mysql_stmt_bind_param(stmt, &in) || mysql_stmt_execute(stmt) ||
	    mysql_stmt_bind_result(stmt, out))
		die("execute", mysql_stmt_error(stmt));
	found = mysql_stmt_fetch(stmt) == 0;
	mysql_stmt_free_result(stmt);
	return found;
}

static void
serve(int fd, const char *db_socket, const char *name)
{
	MYSQL *db = mysql_init(NULL);
	unsigned char token[TOKEN_BYTES];
	FCGX_Request r;
	MYSQL_STMT *stmt;
	struct row row;

	if (mysql_real_connect(db, NULL, "vitrine", NULL, name, 0, db_socket,
		0) == NULL)
		die(db_socket, mysql_error(db));
	stmt = prepare(db);
	FCGX_InitRequest(&r, fd, 0);
	while (FCGX_Accept_r(&r) == 0) {
		if (read_token(FCGX_GetParam("REQUEST_URI", r.envp), token) &&
		    look_up(stmt, token, &row))
			FCGX_FPrintF(r.out,
			    "Status: 302 Found\r\n"
			    "Content-Type: text/html\r\n"
			    "Location: http://127.0.0.1/file/%s/%s\r\n\r\n"
			    "<html><body>redirected</body></html>",
			    row.uuid, row.name);
		else
			FCGX_FPrintF(r.out,
			    "Status: 404 Not Found\r\n"
			    "Content-Type: text/plain\r\n\r\nno such link\n");
		FCGX_Finish_r(&r);
	}
}

int
main(int argc, char **argv)
{
	long n = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	int fd;

	if (n < 1) {
		fputs("usage: responder SOCKET DATABASE-SOCKET DATABASE "
		      "PROCESSES\n",
		    stderr);
		return 2;
	}
	FCGX_Init();
	unlink(argv[1]);
	if ((fd = FCGX_OpenSocket(argv[1], 511)) < 0)
		die(argv[1], "cannot listen");
	while (n-- > 0)
		if (fork() == 0) {
			serve(fd, argv[2], argv[3]);
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	return 0;
}
