/*
 * Delivers a message into a Maildir on this host, where a mail program reads
 * it: for trying out a site without a mail server.
 */
#ifndef NET_MAILDIR_H
#define NET_MAILDIR_H

#include <stddef.h>

#include "base/error.h"

/*
 * Writes one message to dir/tmp, syncs it and moves it to dir/new. dir is an
 * absolute path; it and its folders tmp, new and cur are made when missing
 * (0700), what lies above it is not. The file (0600) begins with the envelope,
 * Return-Path and Delivered-To; message_build()'s bytes follow unchanged.
 *   ERR_OK         it is in dir/new and on disk
 *   ERR_RETRY      it could not be written; nothing was delivered
 *   ERR_UNCERTAIN  it is in dir/new, but may not survive a power failure
 * why->text names no path; why->detail, for the log, does.
 */
enum err maildir_send(const char *dir, const char *from, const char *to,
    const char *message, size_t n, struct why *why) MUST_CHECK;

/*
 * Whether this process could deliver to dir now; it changes nothing.
 * ERR_INVALID: why->detail says what stands in the way.
 */
enum err maildir_check(const char *dir, struct why *why) MUST_CHECK;

#endif
