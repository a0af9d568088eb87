#include "config.h"

#include "http_fake.h"

#include <stdlib.h>
#include <string.h>

static const char *
fake_param(void *arg, const char *name)
{
	const struct fake *f = arg;

	for (size_t i = 0; f->params[i] != NULL; i += 2)
		if (strcmp(f->params[i], name) == 0)
			return f->params[i + 1];
	return NULL;
}

static long
fake_read(void *arg, void *p, size_t n)
{
	struct fake *f = arg;

	if (f->at == f->body_len)
		return f->lost ? -1 : 0;
	if (n > f->body_len - f->at)
		n = f->body_len - f->at;
	if (f->step > 0 && n > f->step)
		n = f->step;
	if (f->at < f->split && n > f->split - f->at)
		n = f->split - f->at;
	memcpy(p, f->body + f->at, n);
	f->at += n;
	return (long)n;
}

static bool
fake_write(void *arg, const void *p, size_t n)
{
	struct fake *f = arg;

	if (f->out_most > 0 && f->out_len + n > f->out_most)
		return false;
	f->out = realloc(f->out, f->out_len + n + 1);
	AN(f->out != NULL);
	memcpy(f->out + f->out_len, p, n);
	f->out_len += n;
	f->out[f->out_len] = '\0';
	return true;
}

void
fake_init(struct fake *f, const char *const *params)
{
	memset(f, 0, sizeof(*f));
	f->io.arg = f;
	f->io.param = fake_param;
	f->io.read = fake_read;
	f->io.write = fake_write;
	f->params = params;
}

void
fake_free(struct fake *f)
{
	free(f->out);
}
