/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Folding of the Received: field: RFC 5322 2.1.1, 2.2.3. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

/* A label has at most 63 octets (RFC 5321 4.5.3.1.2, RFC 1035). */
static const char word[] =
    "a123456789b123456789c123456789d123456789e123456789f123456789."
    "g123456789h1234567";

/* Begin a session.  "name" is the length of the name in EHLO, and "rcpts" is
 * the number of recipients. */
static void
begin(int name, int rcpts)
{
	struct mailin_peer peer = { .address = TEXT("2001:db8::1:2:3:4:5"),
		.name = { word, (size_t)name } };
	char line[128];

	snprintf(line, sizeof line, "EHLO %.*s", name, word);
	client_init(&client);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	client_drain(&client);
	client_expect(&client, line, "250");
	client_envelope(&client, (size_t)rcpts);
}

/* No line may be longer than recommended, and each fold replaces one blank. */
static void
check_field(int id)
{
	char name[80], field[1024];
	const char *line = field, *end;
	size_t len;

	snprintf(name, sizeof name, "%.*s", id, word);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, name,
			     field, sizeof field - 1, &len),
	    MAILIN_OK);
	field[len] = '\0';
	for (; (end = strstr(line, "\r\n")) != NULL; line = end + 2)
		if (end - line > 78 || end == line || end[-1] == ' ' ||
		    (line > field && (line[0] != '\t' || line[1] == ' ')))
			ck_abort_msg("%s", field);
}

START_TEST(no_line_is_over_78_octets)
{
	int name, id, rcpts;

	for (name = 1; name <= 75; name++)
		for (rcpts = 0; rcpts <= 2; rcpts++) {
			if (word[name - 1] == '.')
				continue;
			begin(name, rcpts);
			for (id = 0; id <= 76; id++)
				check_field(id);
			client_end(&client);
		}
}
END_TEST

/* "\tby NAME with ESMTP" is 15 octets longer than NAME.  A line that is not the
 * last may have 77 octets, because a ";" may follow. */
START_TEST(a_clause_is_folded_at_the_octet_that_is_too_much)
{
	char field[1024], expected[128];
	size_t len;
	int name;

	for (name = 55; name <= 70; name++) {
		if (word[name - 1] == '.')
			continue;
		snprintf(expected, sizeof expected, "%.*s", name, word);
		client_init(&client);
		mailin_config_free(client.config);
		client.config = mailin_config_new(expected);
		client_begin(&client);
		client_greet(&client);
		client_drain(&client);
		client_envelope(&client, 2);
		ck_assert_int_eq(mailin_session_received(client.session, 0, 0,
				     "", field, sizeof field - 1, &len),
		    MAILIN_OK);
		field[len] = '\0';
		snprintf(expected, sizeof expected, "\tby %.*s%swith ESMTP",
		    name, word, name <= 77 - 15 ? " " : "\r\n\t");
		ck_assert_msg(strstr(field, expected) != NULL, "%s", field);
		client_end(&client);
	}
}
END_TEST

/* The date of 1 January 1970 has 30 octets, and that of 10 January has 31,
 * because the day has no leading zero.  The field is not folded before the date
 * if the line, a blank and the date have at most 77 octets together. */
START_TEST(a_date_is_folded_at_the_octet_that_is_too_much)
{
	char field[1024], name[80], expected[160];
	size_t len;
	int id, day;

	begin(1, 2);
	for (day = 1; day <= 10; day += 9)
		for (id = 1; id < 30; id++) {
			int by = snprintf(expected, sizeof expected,
			    "\tby mx.example.org with ESMTP id %.*s;", id,
			    word);

			snprintf(name, sizeof name, "%.*s", id, word);
			ck_assert_int_eq(mailin_session_received(client.session,
					     (day - 1) * 86400, 0, name, field,
					     sizeof field - 1, &len),
			    MAILIN_OK);
			field[len] = '\0';
			snprintf(expected + by, sizeof expected - (size_t)by,
			    "%s%s, %d Jan 1970 00:00:00 +0000\r\n",
			    by + 1 + (day == 1 ? 30 : 31) <= 77 ? " " :
								  "\r\n\t",
			    day == 1 ? "Thu" : "Sat", day);
			ck_assert_msg(strstr(field, expected) != NULL,
			    "%s in %s", expected, field);
		}
	client_end(&client);
}
END_TEST

/* Check how the field folds its TLS clause.  "version" and "cipher" are the
 * lengths of the names of the TLS version and the cipher. */
static void
check_tls(int version, int cipher, const char *expected)
{
	struct mailin_tls tls = { .version = { word, (size_t)version },
		.cipher = { word, (size_t)cipher } };
	char field[1024];
	size_t len;

	client_init(&client);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	client_greet(&client);
	client_envelope(&client, 2);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "id",
			     field, sizeof field - 1, &len),
	    MAILIN_OK);
	field[len] = '\0';
	if (strstr(field, expected) == NULL)
		ck_abort_msg("%d, %d: %s", version, cipher, field);
	client_end(&client);
}

/* The clause of TLS is folded if it is longer than 77 octets, so that a ";"
 * after it still fits into the line. */
START_TEST(the_clause_of_tls_is_folded_if_it_must_be)
{
	char expected[256];
	int version, cipher;

	for (version = 1; version <= 64; version++)
		for (cipher = 1; cipher <= 63; cipher++) {
			bool fits = 1 + 7 + version + 13 + cipher + 1 <= 77;

			snprintf(expected, sizeof expected,
			    "\r\n\t(using %.*s%swith cipher %.*s)\r\n\t",
			    version, word, fits ? " " : "\r\n\t", cipher, word);
			check_tls(version, cipher, expected);
		}
	for (version = 60; version <= 76; version++) {
		snprintf(expected, sizeof expected, "\r\n\t(using%s%.*s)\r\n\t",
		    1 + 7 + version + 1 <= 77 ? " " : "\r\n\t", version, word);
		check_tls(version, 0, expected);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_line_is_over_78_octets,
		a_clause_is_folded_at_the_octet_that_is_too_much,
		a_date_is_folded_at_the_octet_that_is_too_much,
		the_clause_of_tls_is_folded_if_it_must_be,
	};

	return suite_run("received_fold", tests, ROWS(tests));
}
