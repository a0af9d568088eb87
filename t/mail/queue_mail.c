/*
 * Queues a mail as a part of the site would, for the tests:
 *   queue_mail CONFIG KIND USER-ID RECIPIENT [WORD …]
 * WORD is name=text, a text of the template; "item" begins an item of the
 * section "links", whose texts follow; unsubscribe=URL, share=ID; "half" gives
 * the transaction up at its end. Prints the mail's id, or what went wrong, and
 * the seconds to wait, with status 1.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/log.h"
#include "base/sec.h"
#include "base/text.h"
#include "core/base.h"
#include "core/mail/mail.h"
#include "core/ops/settings.h"

#define MOST 1000

struct queueing {
	struct env env;
	struct mail mail;
	uint64_t id;
	bool half;
};

static struct mail_text texts[MOST];
static struct mail_item items[MOST];
static uint64_t shares[MOST];

static void
take_text(struct queueing *q, char *word)
{
	char *value = strchr(word, '=');
	struct mail_item *item = &items[q->mail.data.nitems];
	static size_t n;

	if (value == NULL || n == MOST)
		die("a word that is none");
	*value++ = '\0';
	texts[n] = (struct mail_text){ word, value };
	if (q->mail.data.nitems == 0) {
		q->mail.data.n++;
	} else {
		if (item[-1].n++ == 0)
			item[-1].texts = &texts[n];
	}
	n++;
}

static void
take_word(struct queueing *q, char *word)
{
	if (strcmp(word, "half") == 0) {
		q->half = true;
	} else if (strcmp(word, "item") == 0) {
		AN(q->mail.data.nitems < MOST - 1);
		q->mail.data.nitems++;
	} else if (text_starts(word, "unsubscribe=")) {
		q->mail.unsubscribe = strchr(word, '=') + 1;
	} else if (text_starts(word, "share=")) {
		AN(decimal_parse(strchr(word, '=') + 1, INT64_MAX,
		    &shares[q->mail.nshares++]));
	} else {
		take_text(q, word);
	}
}

static enum err
queue(const struct db *db, void *arg)
{
	struct queueing *q = arg;
	enum err e;

	(void)db;
	if (q->mail.user_id != 0 &&
	    (e = mail_allow(&q->env, q->mail.user_id, 1)) != ERR_OK)
		return e;
	if ((e = mail_queue(&q->env, &q->mail, &q->id)) != ERR_OK)
		return e;
	return q->half ? ERR_CONFLICT : ERR_OK;
}

int
main(int argc, char **argv)
{
	struct queueing q = { .id = 0 };
	struct why *why = &q.env.why;
	struct base *base = NULL;
	char text[WHY_SENTENCE];
	struct conf *conf;
	enum err e;

	if (argc < 5)
		return 2;
	log_open("queue_mail", LOG_WARN);
	sec_init();
	env_init(&q.env, NULL, arena_new(64 << 20));
	q.mail = (struct mail){ .kind = argv[2],
		.data = { .texts = texts, .section = "links", .items = items },
		.shares = shares };
	if (strcmp(argv[3], "0") != 0)
		AN(decimal_parse(argv[3], INT64_MAX, &q.mail.user_id));
	for (int i = 5; i < argc; i++)
		take_word(&q, argv[i]);
	e = settings_load(q.env.arena, argv[1], conf_tell_why, why, &conf);
	if (e == ERR_OK)
		e = base_open(q.env.arena, conf, &base, why);
	if (e == ERR_OK)
		env_use(&q.env, base);
	if (e == ERR_OK)
		e = mail_address_check(q.env.arena, why, ABOUT_EMAIL, argv[4],
		    &q.mail.recipient);
	if (e == ERR_OK)
		e = db_transaction(&q.env.db, queue, &q);
	if (e != ERR_OK)
		printf("%s %s %u\n", why_sentence(why, e, text), why->detail,
		    why->retry_after);
	else
		printf("%" PRIu64 "\n", q.id);
	if (base != NULL)
		base_close(base);
	arena_free(q.env.arena);
	return e == ERR_OK ? 0 : 1;
}
