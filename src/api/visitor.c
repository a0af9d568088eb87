#include "config.h"

#include "api/visitor.h"

#include <string.h>

/* Programs that fetch a page when its address is written somewhere, by what
 * they call themselves; not the browsers within apps (Line, Pinterest,
 * Snapchat, Viber), in which people read. */
static const char *const robots[] = { "facebookexternalhit", "Facebot",
	"Twitterbot", "Slackbot", "Slack-ImgProxy", "Discordbot", "WhatsApp",
	"TelegramBot", "LinkedInBot", "SkypeUriPreview", "Iframely",
	"Mastodon", "Pleroma", "Misskey", "Bluesky", "Cardyb", "redditbot",
	"Pinterestbot", "vkShare", "KakaoTalk-Scrap",
	"Google-PageRenderer", "Googlebot", "bingbot", "BingPreview",
	"Applebot", "YandexBot", "DuckDuckBot", "Baiduspider", "Embedly",
	"MicrosoftPreview", "Synapse", "Snap URL Preview", "ZoomBot",
	"Bytespider" };

static bool
is_robot(const struct call *c)
{
	const char *agent = http_header(c->req, "User-Agent");

	for (size_t i = 0; agent != NULL &&
	     i < sizeof(robots) / sizeof(robots[0]); i++)
		if (strcasestr(agent, robots[i]) != NULL)
			return true;
	return false;
}

void
visitor_read(struct call *c, const char *token, struct link_visitor *ret)
{
	const char *password = http_header(c->req, "X-Share-Password");

	if (password == NULL || password[0] == '\0')
		password = http_query(c->req, "password");
	ret->cookie = http_cookie(c->req,
	    link_cookie_name(c->env.arena, token));
	ret->password = password;
	ret->head = c->req->method == HTTP_HEAD;
	ret->robot = is_robot(c);
	if (ret->robot)
		c->env.uncounted = true;
}

void
visitor_remember(struct call *c, const char *token, const struct link *l)
{
	if (l->cookie != NULL)
		http_response_cookie(c->resp,
		    link_cookie_name(c->env.arena, token), l->cookie,
		    l->cookie_age, NULL);
}
