/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <gsasl.h>
#include <stdio.h>
#include <string.h>

#include <mailin/codec.h>

#include "access/scram_hash.h"
#include "octet/number.h"
#include "octet/wipe.h"

/* RFC 7677 4 asks for 4096 iterations or more.  The server computes them only
 * if a client sends its password in clear, by PLAIN or LOGIN.  ITERATIONS_MOST
 * of them take about two seconds. */
#define ITERATIONS_LEAST 4096
#define ITERATIONS_MOST  1000000
#define ITERATIONS_MADE  10000
#define SALT_MADE        16

/* The keys that are made from a password. */
struct keys {
	char stored[GSASL_HASH_SHA256_SIZE];
	char server[GSASL_HASH_SHA256_SIZE];
};

/* Returns the text before the first comma, or all of it.  Moves *text past the
 * comma. */
static struct mailin_span
next_field(const char **text)
{
	struct mailin_span field = { *text, strcspn(*text, ",") };

	*text += field.len + ((*text)[field.len] == ',');
	return field;
}

/* Returns true if the field is base64 of at least "least" and at most "most"
 * octets. */
static bool
is_base64(struct mailin_span field, size_t least, size_t most)
{
	char octets[SCRAM_HASH_SIZE];
	size_t len;

	return field.len <= sizeof octets &&
	    mailin_base64_decode(field, octets, &len) == MAILIN_OK &&
	    len >= least && len <= most;
}

static bool
read_iterations(struct mailin_span field, unsigned *iterations)
{
	char text[12];

	if (field.len >= sizeof text)
		return false;
	memcpy(text, field.ptr, field.len);
	text[field.len] = '\0';
	return number_parse(text, ITERATIONS_MOST, iterations) &&
	    *iterations >= ITERATIONS_LEAST;
}

const char *
scram_hash_read(struct scram_hash *hash, const char *text)
{
	struct mailin_span iterations;

	text += strlen(SCRAM_SCHEME);
	iterations = next_field(&text);
	hash->salt = next_field(&text);
	hash->stored_key = next_field(&text);
	hash->server_key = (struct mailin_span){ text, strlen(text) };
	if (!is_base64(hash->salt, 1, SCRAM_SALT_MOST) ||
	    !is_base64(hash->stored_key, GSASL_HASH_SHA256_SIZE,
		GSASL_HASH_SHA256_SIZE) ||
	    !is_base64(hash->server_key, GSASL_HASH_SHA256_SIZE,
		GSASL_HASH_SHA256_SIZE))
		return "not " SCRAM_SCHEME
		       "iterations,salt,StoredKey,ServerKey";
	if (!read_iterations(iterations, &hash->iterations))
		return "the iterations are not from 4096 to 1000000";
	return NULL;
}

/* Returns GSASL_OK, GSASL_MALLOC_ERROR, or another error if SCRAM does not
 * allow the password. */
static int
make_keys(struct keys *keys, const char *password, unsigned iterations,
    const char *salt, size_t salt_len)
{
	char salted[GSASL_HASH_SHA256_SIZE], client[GSASL_HASH_SHA256_SIZE];
	int result = gsasl_scram_secrets_from_password(GSASL_HASH_SHA256,
	    password, iterations, salt, salt_len, salted, client, keys->server,
	    keys->stored);

	wipe(salted, sizeof salted);
	wipe(client, sizeof client);
	return result;
}

enum hash_outcome
scram_hash_compare(const struct scram_hash *hash, const char *password)
{
	char salt[SCRAM_HASH_SIZE], stored[SCRAM_HASH_SIZE];
	size_t salt_len = 0, stored_len = 0;
	struct keys keys;
	bool same;
	int result;

	(void)mailin_base64_decode(hash->salt, salt, &salt_len);
	(void)mailin_base64_decode(hash->stored_key, stored, &stored_len);
	result = make_keys(&keys, password, hash->iterations, salt, salt_len);
	same = result == GSASL_OK &&
	    memcmp(keys.stored, stored, sizeof keys.stored) == 0;
	wipe(&keys, sizeof keys);
	return same                      ? HASH_MATCHES :
	    result == GSASL_MALLOC_ERROR ? HASH_FAILED :
					   HASH_DIFFERS;
}

static void
add_base64(char *text, const char *octets, size_t len)
{
	size_t encoded = 0;

	text += strlen(text);
	*text++ = ',';
	(void)mailin_base64_encode((struct mailin_span){ octets, len }, text,
	    &encoded);
	text[encoded] = '\0';
}

/* Write the beginning of the name in hexadecimal digits, as far as there is
 * room.  Returns the rest of the name. */
static const char *
write_digits(char digits[SCRAM_HASH_SIZE], const char *name)
{
	size_t len = 0;

	for (; *name != '\0' && len + 2 < SCRAM_HASH_SIZE; name++)
		len += (size_t)snprintf(digits + len, SCRAM_HASH_SIZE - len,
		    "%02x", (unsigned char)*name);
	digits[len] = '\0';
	return name;
}

/* Make keys from a name and a secret.  The name is written in digits, since
 * SCRAM does not allow every name as a password.  If it does not fit, the keys
 * of its beginning are the secret for its rest.  Returns false if there is no
 * memory. */
static bool
make_name_keys(struct keys *keys, const char *name, unsigned iterations,
    const char *secret, size_t secret_len)
{
	char digits[SCRAM_HASH_SIZE], begin[sizeof keys->stored];
	int result;

	memset(keys, 0, sizeof *keys);
	do {
		name = write_digits(digits, name);
		result = make_keys(keys, digits, iterations, secret,
		    secret_len);
		memcpy(begin, keys->stored, sizeof begin);
		secret = begin;
		secret_len = sizeof begin;
	} while (*name != '\0' && result == GSASL_OK);
	wipe(begin, sizeof begin);
	return result != GSASL_MALLOC_ERROR;
}

static struct mailin_span
write_base64(char text[SCRAM_HASH_SIZE], const char *octets, size_t len)
{
	size_t encoded = 0;

	(void)mailin_base64_encode((struct mailin_span){ octets, len }, text,
	    &encoded);
	return (struct mailin_span){ text, encoded };
}

bool
scram_hash_pretend(struct scram_pretence *pretence,
    const struct scram_hash *like, const char *secret, size_t secret_len,
    const char *name)
{
	char salt[SCRAM_HASH_SIZE] = { 0 };
	size_t salt_len = 0;
	struct keys keys;
	bool good;

	(void)mailin_base64_decode(like->salt, salt, &salt_len);
	good = make_name_keys(&keys, name, 1, secret, secret_len);
	pretence->hash.iterations = like->iterations;
	pretence->hash.salt = write_base64(pretence->salt, (char *)&keys,
	    salt_len);
	/* The client sees the salt, so the key must not be made of the same
	 * octets. */
	good &= make_name_keys(&keys, name, 2, secret, secret_len);
	pretence->hash.stored_key = pretence->hash.server_key = write_base64(
	    pretence->key, keys.stored, sizeof keys.stored);
	wipe(&keys, sizeof keys);
	return good;
}

const char *
scram_hash_make(char text[SCRAM_HASH_SIZE], const char *password)
{
	char salt[SALT_MADE];
	struct keys keys;

	if (gsasl_nonce(salt, sizeof salt) != GSASL_OK)
		return "there are no random numbers";
	if (make_keys(&keys, password, ITERATIONS_MADE, salt, sizeof salt) !=
	    GSASL_OK)
		return "SCRAM needs a password in UTF-8, without control "
		       "characters (RFC 4013)";
	snprintf(text, SCRAM_HASH_SIZE, "%s%d", SCRAM_SCHEME, ITERATIONS_MADE);
	add_base64(text, salt, sizeof salt);
	add_base64(text, keys.stored, sizeof keys.stored);
	add_base64(text, keys.server, sizeof keys.server);
	wipe(&keys, sizeof keys);
	return NULL;
}
