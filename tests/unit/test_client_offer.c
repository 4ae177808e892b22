/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how a client reads what a server offers in its reply to EHLO, and AUTH,
 * which a client may use only if it is offered.  XFORWARD and XCLIENT are in
 * test_client_forward.c, MAIL and RCPT in test_client_envelope.c. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

/* Returns a text of len octets. */
static const char *
filled(char *room, size_t len)
{
	memset(room, 'x', len);
	room[len] = '\0';
	return room;
}

/* ---- The reply to EHLO ---- */

START_TEST(each_keyword_is_read_in_any_case)
{
	struct relay relay;
	unsigned i, j;

	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		char keyword[32];

		strcpy(keyword,
		    mailin_extension_name((enum mailin_extension)i));
		if (keyword[0] >= 'A')
			keyword[0] = (char)(keyword[0] + ('a' - 'A'));
		relay_greet(&relay, NULL, 100, keyword);
		for (j = 0; j < MAILIN_EXTENSION_COUNT; j++)
			ck_assert(mailin_client_offers(relay.client,
				      (enum mailin_extension)j) == (i == j));
		relay_end(&relay);
	}
}
END_TEST

START_TEST(other_words_offer_nothing)
{
	struct relay relay;
	unsigned i;

	/* The name of the server comes first, and is no keyword. */
	relay_begin(&relay, NULL, 100);
	relay_text(&relay, "220 OK\r\n");
	ck_assert_int_eq(mailin_client_hello(relay.client), MAILIN_OK);
	relay_text(&relay,
	    "250-PIPELINING SIZE\r\n250-SIZES 9\r\n250- DSN\r\n"
	    "250-AUTH=PLAIN\r\n250-? PLAIN LOGIN\r\n250-\r\n"
	    "250 X-DSN DSN\r\n");
	for (i = 0; i <= MAILIN_EXTENSION_COUNT; i++)
		ck_assert(!mailin_client_offers(relay.client,
		    (enum mailin_extension)i));
	for (i = 0; i <= MAILIN_MECHANISM_COUNT; i++)
		ck_assert(!mailin_client_offers_mechanism(relay.client,
		    (enum mailin_mechanism)i));
	for (i = 0; i <= MAILIN_LIMIT_COUNT; i++)
		ck_assert_uint_eq(
		    mailin_client_limit(relay.client, (enum mailin_limit)i), 0);
	relay_end(&relay);
}
END_TEST

/* A parameter of one keyword of EHLO is ignored after another keyword. */
START_TEST(words_belong_to_their_keyword)
{
	static const char words[] = "%s=RCPTMAX=9=NAME=PLAIN=?=9";
	char text[100];
	struct relay relay;
	unsigned i, j;

	for (i = 0; i <= MAILIN_EXTENSION_COUNT; i++) {
		const char *keyword = i < MAILIN_EXTENSION_COUNT ?
		    mailin_extension_name((enum mailin_extension)i) :
		    "AUTH";

		(void)snprintf(text, sizeof text, words, keyword);
		relay_greet(&relay, NULL, 100, text);
		for (j = 0; j <= MAILIN_MECHANISM_COUNT; j++)
			ck_assert(mailin_client_offers_mechanism(relay.client,
				      (enum mailin_mechanism)j) ==
			    (i == MAILIN_EXTENSION_COUNT &&
				j == MAILIN_MECHANISM_PLAIN));
		for (j = 0; j <= MAILIN_LIMIT_COUNT; j++)
			ck_assert_uint_eq(mailin_client_limit(relay.client,
					      (enum mailin_limit)j),
			    i == MAILIN_EXTENSION_SIZE &&
				    j == MAILIN_LIMIT_MESSAGE_SIZE ?
				9 :
				0);
		for (j = 0; j <= MAILIN_ATTRIBUTE_COUNT; j++) {
			bool is_name = j == MAILIN_ATTRIBUTE_NAME;

			ck_assert(mailin_client_offers_attribute(relay.client,
				      MAILIN_VERB_XCLIENT,
				      (enum mailin_attribute)j) ==
			    (is_name && i == MAILIN_EXTENSION_XCLIENT));
			ck_assert(mailin_client_offers_attribute(relay.client,
				      MAILIN_VERB_XFORWARD,
				      (enum mailin_attribute)j) ==
			    (is_name && i == MAILIN_EXTENSION_XFORWARD));
		}
		relay_end(&relay);
	}
}
END_TEST

START_TEST(limits_are_read)
{
	static const struct {
		const char *keywords;
		uint64_t size, rcpt, mail, domains;
	} rows[] = {
		{ "SIZE=1000", 1000, 0, 0, 0 },
		{ "SIZE", 0, 0, 0, 0 },
		{ "SIZE=0", 0, 0, 0, 0 },
		{ "SIZE=-1", 0, 0, 0, 0 },
		{ "SIZE=1x", 0, 0, 0, 0 },
		{ "SIZE=18446744073709551615", UINT64_MAX, 0, 0, 0 },
		{ "SIZE=18446744073709551614", UINT64_MAX - 1, 0, 0, 0 },
		{ "SIZE=18446744073709551616", UINT64_MAX, 0, 0, 0 },
		{ "SIZE=99999999999999999999999999999", UINT64_MAX, 0, 0, 0 },
	};
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		relay_greet(&relay, NULL, 100, rows[i].keywords);
		ck_assert_uint_eq(mailin_client_limit(relay.client,
				      MAILIN_LIMIT_MESSAGE_SIZE),
		    rows[i].size);
		relay_end(&relay);
	}
	/* The parameters of LIMITS may be in any order (RFC 9422 4). */
	relay_begin(&relay, NULL, 100);
	relay_text(&relay, "220 OK\r\n");
	ck_assert_int_eq(mailin_client_hello(relay.client), MAILIN_OK);
	relay_text(&relay,
	    "250-b\r\n"
	    "250 LIMITS MAILMAX=20 X=1 rcptmax=100 RCPTDOMAINMAX=3\r\n");
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_RECIPIENTS), 100);
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_TRANSACTIONS), 20);
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_RCPT_DOMAINS), 3);
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_MESSAGE_SIZE), 0);
	relay_end(&relay);
}
END_TEST

/* A new reply to EHLO replaces the old one, even if it is a refusal. */
START_TEST(each_hello_begins_again)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, "DSN SIZE=9 AUTH=PLAIN=LOGIN");
	ck_assert(mailin_client_offers_mechanism(relay.client,
	    MAILIN_MECHANISM_PLAIN));
	ck_assert(mailin_client_offers_mechanism(relay.client,
	    MAILIN_MECHANISM_LOGIN));
	ck_assert_int_eq(mailin_client_hello(relay.client), MAILIN_OK);
	relay_text(&relay, "250-b\r\n250 SIZE\r\n");
	ck_assert(!mailin_client_offers(relay.client, MAILIN_EXTENSION_DSN));
	ck_assert(mailin_client_offers(relay.client, MAILIN_EXTENSION_SIZE));
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_MESSAGE_SIZE), 0);
	ck_assert(!mailin_client_offers_mechanism(relay.client,
	    MAILIN_MECHANISM_PLAIN));
	ck_assert_int_eq(mailin_client_hello(relay.client), MAILIN_OK);
	relay_text(&relay, "550-no\r\n550 DSN\r\n");
	ck_assert(!mailin_client_offers(relay.client, MAILIN_EXTENSION_SIZE));
	ck_assert(!mailin_client_offers(relay.client, MAILIN_EXTENSION_DSN));
	ck_assert_int_eq(relay_mail(&relay, "<a@b>"), MAILIN_ERROR_STATE);
	ck_assert_int_eq(mailin_client_hello(relay.client), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

START_TEST(mechanisms_are_offered_by_their_names)
{
	static const struct mailin_span absent;
	struct relay relay;

	relay_greet(&relay, NULL, 100,
	    "AUTH=SCRAM-SHA-256=login AUTH=X-TWENTY-OCTETS-LONG="
	    "X-TWENTY-1-OCTET-LONG==Y AUTHX=Z");
	ck_assert(mailin_client_offers_sasl(relay.client, "scram-sha-256"));
	ck_assert(mailin_client_offers_sasl(relay.client, "LOGIN"));
	ck_assert(mailin_client_offers_mechanism(relay.client,
	    MAILIN_MECHANISM_LOGIN));
	ck_assert(
	    mailin_client_offers_sasl(relay.client, "X-TWENTY-OCTETS-LONG"));
	ck_assert(
	    !mailin_client_offers_sasl(relay.client, "X-TWENTY-1-OCTET-LONG"));
	ck_assert(mailin_client_offers_sasl(relay.client, "Y"));
	ck_assert(!mailin_client_offers_sasl(relay.client, "Z"));
	ck_assert(!mailin_client_offers_sasl(relay.client, "SCRAM-SHA-25"));
	ck_assert(!mailin_client_offers_sasl(relay.client, "SCRAM-SHA-256 "));
	ck_assert(!mailin_client_offers_sasl(relay.client, ""));
	ck_assert(!mailin_client_offers_sasl(relay.client, " "));
	ck_assert(!mailin_client_offers_sasl(relay.client, NULL));
	ck_assert_int_eq(mailin_client_auth(relay.client, "PLAIN", absent),
	    MAILIN_ERROR_UNOFFERED);
	ck_assert_int_eq(
	    mailin_client_auth(relay.client, "LOGIN\r\nQUIT", absent),
	    MAILIN_ERROR_UNOFFERED);
	ck_assert_int_eq(mailin_client_auth(relay.client, "Y", absent),
	    MAILIN_OK);
	relay_end(&relay);
}
END_TEST

/* The client has room for 512 octets of names of mechanisms, with a blank after
 * each name.  A mechanism whose name does not fit is not offered. */
START_TEST(names_of_512_octets_are_kept)
{
	char text[2048], user[200], password[200];
	struct relay relay;
	size_t i, len;

	for (len = 17; len <= 18; len++) {
		struct mailin_client_options options = {
			.size = sizeof options,
			.name = "a.example",
			.syntax = RELAXED,
		};
		size_t at = (size_t)snprintf(text, sizeof text, "AUTH");

		/* Names of 492 octets, and then a name of len + 1 octets,
		 * blanks included. */
		at += (size_t)snprintf(text + at, sizeof text - at,
		    "=PLAIN=HELLO");
		for (i = 1; i < 41; i++)
			at += (size_t)snprintf(text + at, sizeof text - at,
			    "=X%010zu", i);
		(void)snprintf(text + at, sizeof text - at, "=%0*d=W", (int)len,
		    7);
		relay_greet(&relay, &options, 5000, text);
		ck_assert(
		    mailin_client_offers_sasl(relay.client, "X0000000040"));
		(void)snprintf(text, sizeof text, "%0*d", (int)len, 7);
		ck_assert(mailin_client_offers_sasl(relay.client, text));
		/* AUTH PLAIN does not change the stored names. */
		ck_assert_int_eq(mailin_client_auth_plain(relay.client,
				     filled(user, 185), filled(password, 185)),
		    MAILIN_OK);
		for (i = 1; i < 41; i++) {
			char name[16];

			(void)snprintf(name, sizeof name, "X%010zu", i);
			ck_assert(
			    mailin_client_offers_sasl(relay.client, name));
		}
		/* The name "W" and its blank need two octets, which are left
		 * only if len is 17. */
		ck_assert(mailin_client_offers_sasl(relay.client, "W") ==
		    (len == 17));
		relay_end(&relay);
	}
}
END_TEST

/* ---- AUTH PLAIN ---- */

START_TEST(auth_plain_fits_in_a_line)
{
	char user[600], password[600];
	struct relay relay;

	relay_greet(&relay, NULL, 1000, "AUTH=PLAIN");
	ck_assert_int_eq(mailin_client_auth_plain(relay.client,
			     filled(user, 185), filled(password, 186)),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(
	    mailin_client_auth_plain(relay.client, filled(user, 371), "x"),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(
	    mailin_client_auth_plain(relay.client, filled(user, 599), "x"),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(
	    mailin_client_auth_plain(relay.client, "x", filled(password, 370)),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "", "x"),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "x", ""),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "\xff", "x"),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "x", "\xff"),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, NULL, "x"),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "x", NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 0);
	ck_assert_int_eq(mailin_client_auth_plain(relay.client,
			     filled(user, 185), filled(password, 185)),
	    MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 509);
	relay_end(&relay);
	relay_greet(&relay, NULL, 1000, "AUTH=LOGIN");
	ck_assert_int_eq(mailin_client_auth_plain(relay.client, "u", "p"),
	    MAILIN_ERROR_UNOFFERED);
	relay_end(&relay);
}
END_TEST

/* AUTH PLAIN sends the octets of the example in RFC 4616 4, whatever was in the
 * output buffer before. */
START_TEST(auth_plain_is_nul_user_nul_password)
{
	char envid[1000];
	struct mailin_mail mail = {
		.path = { .kind = MAILIN_PATH_NULL },
		.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ENVID),
		.envid = { filled(envid, sizeof envid - 1), sizeof envid - 1 },
	};
	struct relay relay;

	relay_greet(&relay, NULL, 1000, "AUTH=PLAIN DSN");
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail),
	    MAILIN_ERROR_RANGE);
	relay_call(&relay,
	    mailin_client_auth_plain(relay.client, "tim", "tanstaaftanstaaf"));
	relay_text(&relay, "535 5.7.8 no\r\n");
	relay_expect(&relay,
	    "> AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\n"
	    "AUTH 535 5.7.8 [no]\n");
	ck_assert(mailin_client_ready(relay.client));
	relay_end(&relay);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_keyword_is_read_in_any_case,
		other_words_offer_nothing,
		words_belong_to_their_keyword,
		limits_are_read,
		each_hello_begins_again,
		mechanisms_are_offered_by_their_names,
		names_of_512_octets_are_kept,
		auth_plain_fits_in_a_line,
		auth_plain_is_nul_user_nul_password,
	};

	return suite_run("client_offer", tests, ROWS(tests));
}
