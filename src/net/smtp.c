#include "config.h"

#include "net/smtp.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define REPLY_MOST 200
#define REPLIES_MOST 65536 /* bytes of all the server's replies */
#define CONNECT_MS 15000

/* How long to wait for the reply to QUIT after the message was accepted. */
#define GOODBYE_MS 2000
#define GOODBYE_REPLY 221

struct exchange {
	CURL *curl;
	struct curl_slist *to;
	const char *message;
	size_t n, given;
	size_t heard;	 /* bytes of replies */
	int code;	 /* of the last reply, except for the one to QUIT, which
			  * is sent after a rejection, too */
	bool asked;	 /* the whole message was sent; the code before was
			  * 354 */
	bool taken;	 /* the server accepted the message */
	int64_t give_up; /* when to stop waiting, us */
	char reply[REPLY_MOST];
	char error[CURL_ERROR_SIZE];
};

/* A reply in a form that can be shown: the code and visible ASCII. */
static void
keep_reply(struct exchange *x, const char *line, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k + 1 < sizeof(x->reply); i++)
		x->reply[k++] = line[i] >= ' ' && line[i] < 0x7f ? line[i] :
		    line[i] == '\r' || line[i] == '\n'		 ? ' ' :
								   '?';
	while (k > 0 && x->reply[k - 1] == ' ')
		k--;
	x->reply[k] = '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
reply_code(const char *p, size_t n)
{
	if (n < 4 || !is_digit(p[0]) || !is_digit(p[1]) || !is_digit(p[2]))
		return 0;
	return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

/* libcurl calls this for each line of the server's replies. */
static size_t
take_reply(char *p, size_t size, size_t count, void *arg)
{
	struct exchange *x = arg;
	size_t n = size * count;
	int code = reply_code(p, n);

	x->heard += n;
	if (x->heard > REPLIES_MOST)
		return 0;
	if (code == 0 || code == GOODBYE_REPLY || x->taken)
		return n;
	x->code = code;
	keep_reply(x, p, n);
	if (x->asked && code >= 200 && code < 300) {
		x->taken = true;
		x->give_up = clock_tick() + GOODBYE_MS * 1000;
	}
	return n;
}

static size_t
give_message(char *p, size_t size, size_t count, void *arg)
{
	struct exchange *x = arg;
	size_t n = size * count;

	if (n > x->n - x->given)
		n = x->n - x->given;
	memcpy(p, x->message + x->given, n);
	x->given += n;
	x->asked = x->given == x->n;
	return n;
}

/* libcurl's own timeouts do not apply to QUIT. */
static int
look_at_clock(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct exchange *x = arg;

	(void)a, (void)b, (void)c, (void)d;
	return clock_tick() > x->give_up;
}

static bool
set_manners(struct exchange *x)
{
	CURL *c = x->curl;

	return curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SSLVERSION,
		(long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) ==
	    CURLE_OK &&
	    /* So that QUIT is sent and answered within the call. */
	    curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, x->error) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_at_clock) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_XFERINFODATA, x) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_reply) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HEADERDATA, x) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_READFUNCTION, give_message) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_READDATA, x) == CURLE_OK;
}

/* libcurl uses the URL's path as the host name for EHLO. */
static bool
set_server(struct exchange *x, const struct smtp *s)
{
	static const long use[] = { [SMTP_TLS_REQUIRED] = CURLUSESSL_ALL,
		[SMTP_TLS_OPTIONAL] = CURLUSESSL_TRY,
		[SMTP_TLS_NONE] = CURLUSESSL_NONE };
	long timeout = s->timeout_ms < 1 ? 1 : (long)s->timeout_ms;
	CURL *c = x->curl;
	char url[1024];
	int n;

	x->give_up = clock_tick() + (timeout + GOODBYE_MS) * INT64_C(1000);
	n = snprintf(url, sizeof(url), "%s/%s", s->url, s->helo);
	return n > 0 && (size_t)n < sizeof(url) &&
	    curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_USE_SSL, use[s->tls]) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT,
		timeout / 1000 + 1) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
		timeout < CONNECT_MS ? timeout : CONNECT_MS) == CURLE_OK &&
	    (s->ca_file == NULL ||
		curl_easy_setopt(c, CURLOPT_CAINFO, s->ca_file) == CURLE_OK) &&
	    (s->user == NULL ||
		(curl_easy_setopt(c, CURLOPT_USERNAME, s->user) == CURLE_OK &&
		    curl_easy_setopt(c, CURLOPT_PASSWORD, s->password) ==
			CURLE_OK));
}

static bool
set_envelope(struct exchange *x, const char *from, const char *to)
{
	x->to = curl_slist_append(NULL, to);
	return x->to != NULL &&
	    curl_easy_setopt(x->curl, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
	    curl_easy_setopt(x->curl, CURLOPT_MAIL_RCPT, x->to) == CURLE_OK &&
	    curl_easy_setopt(x->curl, CURLOPT_INFILESIZE_LARGE,
		(curl_off_t)x->n) == CURLE_OK;
}

/* Whether a rejection is about this message. One before the message, or one
 * that asks for authentication, is about the site's settings, so it is worth a
 * retry once the administrator has fixed them. */
static bool
is_for_good(const struct exchange *x, CURLcode code)
{
	bool offered = x->asked || code == CURLE_SEND_ERROR;

	return offered && x->code >= 500 && x->code < 600 && x->code != 530 &&
	    x->code != 535 && x->code != 538;
}

static enum err
judge(const struct exchange *x, CURLcode code, struct why *why)
{
	const char *error =
	    x->error[0] != '\0' ? x->error : curl_easy_strerror(code);

	if (x->taken || code == CURLE_OK)
		return ERR_OK;
	/* The server's reply is not logged: it may contain the recipient's
	 * address. */
	(void)why_log(why, ERR_RETRY, "smtp: %s", error);
	if (is_for_good(x, code))
		return why_with(why, WHY_MAIL_REFUSED, .word = x->reply);
	if (x->code >= 500 && x->code < 600)
		return ERR_RETRY;
	if (x->code >= 400)
		return why_with(why, WHY_MAIL_DEFERRED, .word = x->reply);
	return x->asked ? ERR_UNCERTAIN : ERR_RETRY;
}

enum err
smtp_send(const struct smtp *s, const char *from, const char *to,
    const char *message, size_t n, struct why *why)
{
	struct exchange x = { .message = message, .n = n };
	static bool ready;
	enum err e;

	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return why_log(why, ERR_INTERNAL, "libcurl cannot start");
	ready = true;
	x.curl = curl_easy_init();
	if (x.curl == NULL || !set_manners(&x) || !set_server(&x, s) ||
	    !set_envelope(&x, from, to))
		e = why_log(why, ERR_INTERNAL,
		    "smtp: libcurl rejected an option");
	else
		e = judge(&x, curl_easy_perform(x.curl), why);
	curl_slist_free_all(x.to);
	curl_easy_cleanup(x.curl);
	return e;
}
