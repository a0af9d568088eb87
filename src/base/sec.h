/* Random numbers, hashes, passwords and signatures; libsodium does the work. */
#ifndef BASE_SEC_H
#define BASE_SEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

#define HASH_BYTES 32
#define SECRET_BYTES 32
#define MAC_LEAST 16
#define PASSWORD_HASH_SIZE 128

struct hash {
	unsigned char b[HASH_BYTES];
};

struct secret {
	unsigned char b[SECRET_BYTES];
};

/* Every program must call it first. Aborts if libsodium cannot start. */
void sec_init(void);

/* n bytes from the kernel's generator. A child never repeats its parent's. */
void sec_random(void *p, size_t n);

/* A random secret of 256 bits as base64url, 43 characters: session and API
 * key values. */
const char *sec_token(struct arena *a);

/* BLAKE2b-256. Sessions and API keys are stored as this hash; they are random,
 * so they need no slow one. */
struct hash sec_hash(const void *p, size_t n);

/* SHA-256, for paths (unique keys) and content. */
struct hash sec_sha256(const void *p, size_t n);

/* SHA-256 of a whole file. False, with errno set, if it cannot be read. */
bool sec_sha256_file(int fd, struct hash *ret);

/* The first n bytes (at most 32) of HMAC-SHA-512/256 over a text. */
void sec_sign(const struct secret *key, const char *text, unsigned char *ret,
    size_t n);

/* Keyed BLAKE2b (RFC 7693) of size bytes (16 to 32). As strong as sec_sign() in
 * a sixth of the time, for lists that need dozens of signatures. */
void sec_mac(const struct secret *key, const void *p, size_t n,
    unsigned char *ret, size_t size);

/* Reads the first line of a file that holds a secret, without its end, at most
 * size - 1 bytes. False, with errno set, if the file cannot be read. */
bool sec_read_line(const char *path, char *ret, size_t size);

/* Constant-time comparison. */
bool sec_equal(const void *p, const void *q, size_t n);

/* argon2id with 19 MiB and 2 passes (OWASP's minimum). ERR_RETRY: out of
 * memory. */
enum err sec_password_hash(const char *password,
    char ret[PASSWORD_HASH_SIZE]) MUST_CHECK;

/* Whether the password matches the hash. NULL for hash takes as long and is
 * false, so that an unknown name cannot be told from a wrong password. */
bool sec_password_check(const char *hash, const char *password);

/* base64url without padding. */
const char *sec_base64url(struct arena *a, const void *p, size_t n);

#endif
