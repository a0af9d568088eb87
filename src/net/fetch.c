#include "config.h"

#include "net/fetch.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

#define HEADERS_MOST 65536

struct transfer {
	CURL *curl;
	struct curl_slist *headers;
	struct curl_slist *connect_to;
	struct buf body;
	size_t header_bytes;
	char error[CURL_ERROR_SIZE];
};

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	buf_mem(&t->body, p, size * n);
	return buf_failed(&t->body) ? 0 : size * n;
}

static size_t
take_header(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)p;
	t->header_bytes += size * n;
	return t->header_bytes > HEADERS_MOST ? 0 : size * n;
}

static bool
add_header(struct transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (more == NULL)
		return false;
	t->headers = more;
	return true;
}

static bool
add_headers(struct transfer *t, const struct fetch *f)
{
	/* Without this, libcurl waits for 100 (Continue), which some servers
	 * never send. */
	if (!add_header(t, "Expect:"))
		return false;
	for (size_t i = 0; f->headers != NULL && f->headers[i] != NULL; i++)
		if (!add_header(t, f->headers[i]))
			return false;
	return true;
}

/* Sets libcurl's defaults explicitly, so that neither how it was built nor the
 * environment changes them. */
static bool
set_manners(struct transfer *t)
{
	CURL *c = t->curl;

	return curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
		(long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_USERAGENT, "Vitrine") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HEADERDATA, t) == CURLE_OK;
}

/* Sets the peer, and how its certificate is verified. */
static bool
set_peer(struct transfer *t, const struct fetch *f)
{
	CURL *c = t->curl;

	/* The same port on this host. */
	if (f->loopback &&
	    (t->connect_to = curl_slist_append(NULL, "::localhost:")) == NULL)
		return false;
	return curl_easy_setopt(c, CURLOPT_CONNECT_TO, t->connect_to) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER,
		f->any_peer ? 0L : 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST,
		f->any_peer ? 0L : 2L) == CURLE_OK;
}

static bool
set_request(struct transfer *t, const struct fetch *f)
{
	CURL *c = t->curl;
	long timeout = f->timeout_ms < 1 ? 1 : (long)f->timeout_ms;

	return add_headers(t, f) && set_peer(t, f) &&
	    curl_easy_setopt(c, CURLOPT_URL, f->url) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK;
}

static bool
set_body(struct transfer *t, const struct fetch *f)
{
	CURL *c = t->curl;

	return curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
		   (curl_off_t)f->n) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_POSTFIELDS, f->body) == CURLE_OK;
}

static bool
set_get(struct transfer *t, const struct fetch *f)
{
	return curl_easy_setopt(t->curl, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
	    curl_easy_setopt(t->curl, CURLOPT_NOBODY, f->head ? 1L : 0L) ==
	    CURLE_OK;
}

static enum err
perform(struct transfer *t, struct arena *a, const struct fetch *f,
    struct fetched *ret, struct why *why)
{
	CURLcode code = curl_easy_perform(t->curl);
	const char *location = NULL;

	if (buf_failed(&t->body))
		return why_log(why, ERR_TOO_LARGE,
		    "%s: answer exceeds %zu bytes", f->url, f->most);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE,
		    &ret->status);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL,
		    &location);
	if (code != CURLE_OK)
		return why_log(why, ERR_RETRY, "%s: %s", f->url,
		    t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
	ret->body = buf_str(&t->body);
	ret->n = t->body.len;
	ret->location = location != NULL ? arena_strdup(a, location) : NULL;
	return ERR_OK;
}

static enum err
run(struct arena *a, const struct fetch *f,
    bool (*set_method)(struct transfer *t, const struct fetch *f),
    struct fetched *ret, struct why *why)
{
	static bool ready;
	struct transfer t = { .curl = NULL };
	enum err e;

	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return why_log(why, ERR_INTERNAL, "libcurl cannot start");
	ready = true;
	t.curl = curl_easy_init();
	buf_init(&t.body, a, f->most);
	if (t.curl == NULL || !set_manners(&t) || !set_request(&t, f) ||
	    !set_method(&t, f))
		e = why_log(why, ERR_INTERNAL, "%s: libcurl rejected an option",
		    f->url);
	else
		e = perform(&t, a, f, ret, why);
	curl_slist_free_all(t.headers);
	curl_slist_free_all(t.connect_to);
	curl_easy_cleanup(t.curl);
	return e;
}

enum err
fetch_post(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why)
{
	return run(a, f, set_body, ret, why);
}

enum err
fetch_get(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why)
{
	return run(a, f, set_get, ret, why);
}
