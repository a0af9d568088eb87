/* TLS to the database server. Only this file deals with the different defaults
 * of the client library's releases. */
#ifndef DB_TLS_H
#define DB_TLS_H

#include <mysql.h>
#include <stdbool.h>

#include "base/conf.h"

/*
 * Requests the configured TLS; called before connecting. required: only connect
 * if the server's certificate is signed by ca_file and names the server.
 * optional: TLS if the server has it, with any certificate. Sockets use no TLS.
 */
void db_tls_set(MYSQL *my, const struct conf *c);

/* Whether the connection has the required TLS; called after connecting. */
bool db_tls_holds(MYSQL *my, const struct conf *c);

/* Advice for the administrator about a connection that failed with this error;
 * "" if TLS is not the cause. */
const char *db_tls_advice(unsigned number, const struct conf *c);

#endif
