#include "config.h"

#include "core/auth/password.h"

#include <unistd.h>

#include "base/slots.h"

#define WAIT_MS 2000

static enum err
take_place(struct env *env, int *ret_fd)
{
	return slots_take(env->base->slots, "password", slots_cores(), WAIT_MS,
	    ret_fd, &env->why);
}

enum err
password_check(struct env *env, const char *hash, const char *password,
    bool *ret_right)
{
	enum err e;
	int place;

	if ((e = take_place(env, &place)) != ERR_OK)
		return e;
	*ret_right = sec_password_check(hash, password);
	close(place);
	return ERR_OK;
}

enum err
password_hash(struct env *env, const char *password,
    char ret[PASSWORD_HASH_SIZE])
{
	enum err e;
	int place;

	if ((e = take_place(env, &place)) != ERR_OK)
		return e;
	e = sec_password_hash(password, ret);
	close(place);
	return e;
}
