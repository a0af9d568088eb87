#include "config.h"

#include "model/mail.h"

static const char *const state_words[] = {
	[MAIL_QUEUED] = "queued",
	[MAIL_SENDING] = "sending",
	[MAIL_SENT] = "sent",
	[MAIL_FAILED] = "failed",
	[MAIL_UNKNOWN] = "unknown",
	[MAIL_DROPPED] = "dropped",
};

const struct words mail_states = WORDS(state_words);
