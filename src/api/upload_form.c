#include "config.h"

#include "api/upload_form.h"

#include <string.h>

#include "core/vault/upload.h"
#include "http/multipart.h"

#define CATEGORY_MOST 64
#define PART_HEADERS 8192

enum part { PART_OTHER, PART_FILE, PART_CATEGORY };

struct form {
	struct call *call;
	struct upload upload;
	bool begun; /* the category can no longer change */
	enum part part;
	char category[CATEGORY_MOST + 1];
	size_t category_n;
};

/* Called at the first file: the category must be known before files are
 * stored. */
static enum err
begin_upload(struct form *f)
{
	const char *category = http_query(f->call->req, "category");

	if (f->category_n > 0)
		category = f->category;
	if (f->begun)
		return ERR_OK;
	f->begun = true;
	return upload_begin(&f->call->env, &f->call->caller, category,
	    &f->upload);
}

static enum err
part_begin(void *arg, const struct multipart_part *part)
{
	struct form *f = arg;
	enum err e;

	f->part = PART_OTHER;
	if (strcmp(part->name, "category") == 0 && part->filename == NULL) {
		if (f->begun || f->category_n > 0)
			return why_set(&f->call->env.why, WHY_CATEGORY_TWICE);
		f->part = PART_CATEGORY;
		return ERR_OK;
	}
	if (part->filename == NULL ||
	    (strcmp(part->name, "file") != 0 &&
		strcmp(part->name, "files") != 0))
		return ERR_OK;
	f->part = PART_FILE;
	if ((e = begin_upload(f)) != ERR_OK)
		return e;
	return upload_start(&f->upload, part->filename);
}

static enum err
part_data(void *arg, const void *p, size_t n)
{
	struct form *f = arg;

	if (f->part == PART_FILE)
		return upload_data(&f->upload, p, n);
	if (f->part == PART_OTHER)
		return ERR_OK;
	if (n > CATEGORY_MOST - f->category_n || memchr(p, '\0', n) != NULL)
		return why_set(&f->call->env.why, WHY_BAD_CATEGORY);
	memcpy(f->category + f->category_n, p, n);
	f->category_n += n;
	return ERR_OK;
}

static enum err
part_end(void *arg)
{
	struct form *f = arg;

	return f->part == PART_FILE ? upload_end(&f->upload) : ERR_OK;
}

enum err
upload_form(struct call *c, struct media **ret, size_t *ret_n)
{
	const struct conf *conf = c->env.base->conf;
	uint64_t files = (uint64_t)conf->upload_max_files;
	struct form *f = arena_new_struct(c->env.arena, struct form);
	struct multipart_limits limits = {
		/* The size limit holds for all files together. */
		.body = (uint64_t)conf->upload_max_size + PART_HEADERS * files,
		/* Room for the form's other fields. */
		.parts = files + 10,
		.headers = PART_HEADERS,
	};
	struct multipart_handler handler = { f, part_begin, part_data,
		part_end };
	enum err e;

	f->call = c;
	e = multipart_read(c->req, &limits, &handler, &c->env.why);
	if (e == ERR_OK && f->upload.n > files)
		return why_with(&c->env.why, WHY_TOO_MANY_FILES,
		    .most = (int64_t)files);
	if (e == ERR_OK)
		e = begin_upload(f);
	if (e == ERR_OK)
		e = upload_finish(&f->upload, ret);
	if (e == ERR_OK)
		*ret_n = f->upload.n;
	else
		upload_abandon(&f->upload);
	return e;
}
