#include "config.h"

#include "api/json/codec_media.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/upload_form.h"

enum err
handle_upload(struct call *c)
{
	struct media *media;
	struct json_out w;
	size_t n;
	enum err e;

	if ((e = upload_form(c, &media, &n)) != ERR_OK)
		return e;
	call_json_begin(c, 201, &w);
	jw_object(&w, NULL);
	jw_array(&w, "files");
	for (size_t i = 0; i < n; i++)
		codec_media_file(c, c->env.arena, &w, NULL, &media[i]);
	jw_end(&w);
	jw_end(&w);
	return call_json_done(c);
}
