#include "config.h"

#include "db/tls.h"

#include <errmsg.h>
#include <mysqld_error.h>

#define SECURE_TRANSPORT_REQUIRED 3159 /* missing in some mysqld_error.h */

static enum conf_db_tls
wanted(const struct conf *c)
{
	return c->database_socket[0] != '\0' ?
	    CONF_DB_TLS_NONE :
	    (enum conf_db_tls)c->database_tls;
}

/* Connector/C 3.4 uses TLS and verifies certificates by default, 3.3 does
 * neither, so every option is set. If an authority is given, 3.4 does not
 * accept the password as proof of the certificate. */
void
db_tls_set(MYSQL *my, const struct conf *c)
{
	const my_bool enforce = wanted(c) != CONF_DB_TLS_NONE;
	const my_bool verify = wanted(c) == CONF_DB_TLS_REQUIRED;

	mysql_options(my, MYSQL_OPT_SSL_ENFORCE, &enforce);
	mysql_options(my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (verify)
		mysql_options(my, MYSQL_OPT_SSL_CA, c->database_ca_file);
}

bool
db_tls_holds(MYSQL *my, const struct conf *c)
{
	return wanted(c) != CONF_DB_TLS_REQUIRED ||
	    mysql_get_ssl_cipher(my) != NULL;
}

const char *
db_tls_advice(unsigned number, const struct conf *c)
{
	if (number == CR_SSL_CONNECTION_ERROR &&
	    wanted(c) == CONF_DB_TLS_REQUIRED)
		return " ([database] tls is required: the server must offer "
		       "TLS with a certificate that names the host and is from "
		       "an authority in ca_file)";
	if (number == CR_SSL_CONNECTION_ERROR)
		return " (TLS with the database server fails: set [database] "
		       "tls = none to connect without it)";
	/* MariaDB reports this like a wrong password. */
	if (number == SECURE_TRANSPORT_REQUIRED ||
	    (number == ER_ACCESS_DENIED_ERROR &&
		wanted(c) == CONF_DB_TLS_NONE && c->database_socket[0] == '\0'))
		return " (where the server or the account requires TLS, set "
		       "[database] tls = required and ca_file, or tls = "
		       "optional)";
	return "";
}
