#include "config.h"

#include "image/av.h"

#include <dlfcn.h>
#include <string.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

enum library { FORMAT, CODEC, UTIL };

static const char *const libraries[] = {
	[FORMAT] = "libavformat.so." TEXT(LIBAVFORMAT_VERSION_MAJOR),
	[CODEC] = "libavcodec.so." TEXT(LIBAVCODEC_VERSION_MAJOR),
	[UTIL] = "libavutil.so." TEXT(LIBAVUTIL_VERSION_MAJOR),
};

struct av av;

static bool
find(void *const handles[], enum library library, const char *name, void *to)
{
	void *p = dlsym(handles[library], name);

	/* POSIX guarantees that a function's address fits; C does not. */
	memcpy(to, &p, sizeof(p));
	return p != NULL;
}

enum err
av_load(struct op *op)
{
	void *handles[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		handles[i] = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
		if (handles[i] == NULL)
			return op_fail(op, ERR_INTERNAL, "%s", dlerror());
	}
#define F(library, name) \
	if (!find(handles, library, #name, &av.name)) \
		return op_fail(op, ERR_INTERNAL, "libav has no " #name);
	AV_FUNCTIONS(F)
#undef F
	av.av_log_set_level(AV_LOG_QUIET);
	return ERR_OK;
}

const int32_t *
av_matrix(const AVStream *st)
{
	int i;

#if LIBAVFORMAT_VERSION_MAJOR >= 61
	const AVCodecParameters *par = st->codecpar;

	for (i = 0; i < par->nb_coded_side_data; i++)
		if (par->coded_side_data[i].type == AV_PKT_DATA_DISPLAYMATRIX &&
		    par->coded_side_data[i].size >= 9 * sizeof(int32_t))
			return (const int32_t *)(const void *)par
			    ->coded_side_data[i]
			    .data;
#else
	for (i = 0; i < st->nb_side_data; i++)
		if (st->side_data[i].type == AV_PKT_DATA_DISPLAYMATRIX &&
		    (size_t)st->side_data[i].size >= 9 * sizeof(int32_t))
			return (const int32_t *)(const void *)st->side_data[i]
			    .data;
#endif
	return NULL;
}

/* The list has one entry, since only the matrix is kept. */
bool
av_set_matrix(AVStream *st, const int32_t *matrix)
{
	AVPacketSideData *sd = av.av_malloc(sizeof(*sd));
	uint8_t *copy = av.av_malloc(9 * sizeof(int32_t));

	if (sd == NULL || copy == NULL)
		return false;
	memset(sd, 0, sizeof(*sd));
	memcpy(copy, matrix, 9 * sizeof(int32_t));
	sd->type = AV_PKT_DATA_DISPLAYMATRIX;
	sd->data = copy;
	sd->size = 9 * sizeof(int32_t);
#if LIBAVFORMAT_VERSION_MAJOR >= 61
	st->codecpar->coded_side_data = sd;
	st->codecpar->nb_coded_side_data = 1;
#else
	st->side_data = sd;
	st->nb_side_data = 1;
#endif
	return true;
}
