/*
 * Delivers a message into a Maildir on this host, for trying out a site without
 * a mail server.
 */
#ifndef NET_MAILDIR_H
#define NET_MAILDIR_H

#include <stddef.h>

#include "base/error.h"

/*
 * Writes one message to dir/tmp, syncs it and moves it to dir/new. dir is an
 * absolute path; it and its folders tmp, new and cur are made if missing
 * (0700), its parents are not. The file (0600) begins with the envelope
 * (Return-Path and Delivered-To), followed by message_build()'s bytes
 * unchanged.
 *   ERR_OK         it is in dir/new and on disk
 *   ERR_RETRY      it could not be written; nothing was delivered
 *   ERR_UNCERTAIN  it is in dir/new, but may be lost in a power failure
 * The reason has no path; why->detail, for the log, has it.
 */
enum err maildir_send(const char *dir, const char *from, const char *to,
    const char *message, size_t n, struct why *why) MUST_CHECK;

/*
 * Checks, without changing anything, whether this process could deliver to dir.
 * ERR_INVALID: it could not; why->detail says why.
 */
enum err maildir_check(const char *dir, struct why *why) MUST_CHECK;

#endif
