#include "config.h"

#include "api/visitor.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* Programs that fetch a page to preview or index it, by a part of their
 * User-Agent in lower case. The browsers inside apps (Line, Pinterest,
 * Snapchat, Viber) are not among them, since people use those. */
static const char *const robots[] = { "facebookexternalhit", "facebot",
	"twitterbot", "slackbot", "slack-imgproxy", "discordbot", "whatsapp",
	"telegrambot", "linkedinbot", "skypeuripreview", "iframely", "mastodon",
	"pleroma", "misskey", "bluesky", "cardyb", "redditbot", "pinterestbot",
	"vkshare", "kakaotalk-scrap", "google-pagerenderer", "googlebot",
	"bingbot", "bingpreview", "applebot", "yandexbot", "duckduckbot",
	"baiduspider", "embedly", "microsoftpreview", "synapse",
	"snap url preview", "zoombot", "bytespider" };

static bool
is_robot(const struct call *c)
{
	const char *agent = http_header(c->req, "User-Agent");
	char *lower;

	if (agent == NULL)
		return false;
	lower = arena_strdup(c->env.arena, agent);
	for (char *p = lower; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	for (size_t i = 0; i < sizeof(robots) / sizeof(robots[0]); i++)
		if (strstr(lower, robots[i]) != NULL)
			return true;
	return false;
}

/* The web server sends requests with a password to the processes for slow
 * routes. It looks for the undecoded "password=" in the query, so an encoded
 * spelling must not count here either. */
static const char *
query_password(const struct call *c)
{
	static const char name[] = "password=";
	const char *s = c->req->query;

	while (!text_starts(s, name)) {
		s += strcspn(s, "&");
		if (*s++ == '\0')
			return NULL;
	}
	s += strlen(name);
	return *s == '\0' || *s == '&' ? NULL : http_query(c->req, "password");
}

void
visitor_read(struct call *c, const char *token, struct gate_visitor *ret)
{
	const char *password = http_header(c->req, "X-Share-Password");

	if (password == NULL || password[0] == '\0')
		password = query_password(c);
	ret->cookie = NULL;
	if (http_header(c->req, "Cookie") != NULL) /* its name is a hash */
		ret->cookie =
		    http_cookie(c->req, gate_cookie_name(c->env.arena, token));
	ret->password = password;
	ret->head = c->req->method == HTTP_HEAD;
	ret->robot = is_robot(c);
	if (ret->robot)
		c->env.uncounted = true;
}

void
visitor_remember(struct call *c, const char *token, const struct opening *l)
{
	if (l->cookie != NULL)
		http_response_cookie(c->resp,
		    gate_cookie_name(c->env.arena, token), l->cookie,
		    l->cookie_age, NULL);
}
