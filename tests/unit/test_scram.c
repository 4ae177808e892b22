/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the server's side of SCRAM without memory, and the salts of unknown
 * users: server/access/scram.c and scram_hash.c.  This file replaces the
 * password file. */
#include <config.h>

#include <gsasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/scram.h"
#include "support/suite.h"

#define PASSWORD "secret"

static char text[SCRAM_HASH_SIZE];
static Gsasl *client_side;

/* The call that has no memory; 0: none. */
static unsigned missing;
static bool has_failed;

static bool
is_gone(void)
{
	if (missing == 0 || --missing > 0)
		return false;
	has_failed = true;
	return true;
}

#undef gsasl_property_set
#undef gsasl_property_set_raw
#undef gsasl_scram_secrets_from_password

int
scarce_set(Gsasl_session *session, Gsasl_property property, const char *value)
{
	return is_gone() ? GSASL_MALLOC_ERROR :
			   gsasl_property_set(session, property, value);
}

int
scarce_set_raw(Gsasl_session *session, Gsasl_property property,
    const char *octets, size_t len)
{
	return is_gone() ?
	    GSASL_MALLOC_ERROR :
	    gsasl_property_set_raw(session, property, octets, len);
}

int
scarce_secrets(Gsasl_hash hash, const char *password, unsigned iterations,
    const char *salt, size_t salt_len, char *salted, char *client, char *server,
    char *stored)
{
	return is_gone() ?
	    GSASL_MALLOC_ERROR :
	    gsasl_scram_secrets_from_password(hash, password, iterations, salt,
		salt_len, salted, client, server, stored);
}

/* ---- The password file, which knows only joe ---- */

bool
passwd_scram(const struct passwd_file *file, const char *user,
    struct scram_hash *hash)
{
	(void)file;
	ck_assert_ptr_null(scram_hash_read(hash, text));
	return strcmp(user, "joe") == 0;
}

struct mailin_span
passwd_scram_secret(const struct passwd_file *file)
{
	(void)file;
	return (struct mailin_span){ NULL, 0 };
}

/* ---- A login ---- */

static Gsasl_session *
begin_client(const char *name, const char *user, const char *binding)
{
	Gsasl_session *client;

	ck_assert_int_eq(gsasl_client_start(client_side, name, &client),
	    GSASL_OK);
	gsasl_property_set(client, GSASL_AUTHID, user);
	gsasl_property_set(client, GSASL_PASSWORD, PASSWORD);
	if (binding != NULL)
		gsasl_property_set(client, GSASL_CB_TLS_EXPORTER, binding);
	return client;
}

/* Returns the outcome of a login. */
static enum scram_outcome
log_in(const char *user, bool plus)
{
	struct scram_server *server = scram_server_new();
	struct scram_binding binding = { .exporter = true, .plus = plus };
	struct mailin_span challenge = { NULL, 0 }, response;
	enum scram_outcome outcome = SCRAM_CHALLENGE;
	Gsasl_session *client = begin_client(plus ? "SCRAM-SHA-256-PLUS" :
						    "SCRAM-SHA-256",
	    user, plus ? "YmluZGluZw==" : NULL);
	struct scram *scram;
	char *octets;
	size_t len;
	int result;

	if (plus)
		binding.octets = mailin_span_of("binding");
	scram = scram_new(server, NULL, &binding);
	ck_assert_ptr_nonnull(scram);
	do {
		octets = NULL;
		result = gsasl_step(client, challenge.ptr, challenge.len,
		    &octets, &len);
		response = (struct mailin_span){ octets, len };
		if (result == GSASL_OK || result == GSASL_NEEDS_MORE)
			outcome = scram_step(scram, response, &challenge);
		gsasl_free(octets);
	} while (outcome == SCRAM_CHALLENGE &&
	    (result == GSASL_OK || result == GSASL_NEEDS_MORE));
	gsasl_finish(client);
	scram_free(scram);
	scram_server_free(server);
	return outcome;
}

static void
begin(void)
{
	missing = 0;
	ck_assert_ptr_null(scram_hash_make(text, PASSWORD));
	ck_assert_int_eq(gsasl_init(&client_side), GSASL_OK);
}

/* Without memory a login is put off: a right password is never called wrong,
 * and an unknown user gets the same reply as a known one. */
static void
try_each(const char *user, bool plus, enum scram_outcome otherwise)
{
	unsigned n = 0;

	do {
		enum scram_outcome outcome;

		missing = ++n;
		has_failed = false;
		outcome = log_in(user, plus);
		ck_assert_msg(outcome == (has_failed ? SCRAM_LATER : otherwise),
		    "%s, call %u: %d", user, n, outcome);
	} while (has_failed);
	ck_assert_uint_gt(n, 5);
}

START_TEST(a_login_without_memory_is_put_off)
{
	begin();
	try_each("joe", false, SCRAM_AGREED);
	try_each("joe", true, SCRAM_AGREED);
	try_each("nobody", false, SCRAM_REFUSED);
	gsasl_done(client_side);
}
END_TEST

static bool
differ(struct mailin_span one, struct mailin_span other)
{
	return one.len > 0 && one.len == other.len &&
	    memcmp(one.ptr, other.ptr, one.len) != 0;
}

/* If two names differ in one octet, at any place, their salts differ, too. */
START_TEST(each_name_has_a_salt_of_its_own)
{
	static const char secret[32] = "secret";
	struct scram_pretence one, other;
	struct scram_hash like;
	char name[400];
	size_t len;

	begin();
	ck_assert_ptr_null(scram_hash_read(&like, text));
	for (len = 1; len < sizeof name - 1; len++) {
		memset(name, 'a', len);
		name[len] = '\0';
		ck_assert(scram_hash_pretend(&one, &like, secret, sizeof secret,
		    name));
		name[len - 1] = 'b';
		ck_assert(scram_hash_pretend(&other, &like, secret,
		    sizeof secret, name));
		ck_assert_msg(differ(one.hash.salt, other.hash.salt) &&
			differ(one.hash.stored_key, other.hash.stored_key),
		    "%zu octets", len);
	}
	gsasl_done(client_side);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { a_login_without_memory_is_put_off,
		each_name_has_a_salt_of_its_own };

	return suite_run("scram", tests, ROWS(tests));
}
