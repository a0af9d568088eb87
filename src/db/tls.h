/* TLS between us and the database server: the one place that knows what the
 * releases of the client library do by themselves. */
#ifndef DB_TLS_H
#define DB_TLS_H

#include <mysql.h>
#include <stdbool.h>

#include "base/conf.h"

/*
 * Before a connection is opened: asks for the TLS that is configured.
 * required: a certificate that ca_file vouches for and that names the server,
 * or no connection. optional: TLS where the server has it, with any
 * certificate. Over a socket there is none.
 */
void db_tls_set(MYSQL *my, const struct conf *c);

/* After it was opened: whether it is what was asked for. */
bool db_tls_holds(MYSQL *my, const struct conf *c);

/* What an administrator can do about a connection that failed with that error;
 * "" where it is not about TLS. */
const char *db_tls_advice(unsigned number, const struct conf *c);

#endif
