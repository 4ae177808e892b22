/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The user's name in the Received: field (policy received-user). */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

#define BEGIN "Received: from c.example.org\r\n\t(authenticated sender"
#define END   ")\r\n\tby mx.example.org with ESMTPA; "

static void
give_identity(struct client *self, enum on on)
{
	if (on == ON_AUTH)
		ck_assert_int_eq(
		    mailin_session_set_identity(self->session, self->extra),
		    MAILIN_OK);
}

/* Returns the Received: field of a message from this user, or from nobody if
 * name is NULL; valid until the next call. */
static const char *
received(const char *policy, char *name, const char *mail)
{
	static char field[4096];
	size_t len;

	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "extensions", "8BITMIME,SMTPUTF8");
	client_set(&client, "received-user", policy);
	client.hook = give_identity;
	client.extra = name;
	client_begin(&client);
	client_drain(&client);
	client_expect(&client, "EHLO c.example.org", "250");
	if (name != NULL)
		client_expect(&client, "AUTH PLAIN AGEAYg==", "235");
	client_expect(&client, mail, "250");
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "",
			     field, sizeof field - 1, &len),
	    MAILIN_OK);
	field[len] = '\0';
	client_end(&client);
	return field;
}

static const char plain[] = "MAIL FROM:<a@b>";
static const char utf8[] = "MAIL FROM:<a@b> SMTPUTF8";

START_TEST(the_user_is_named_only_where_asked_for)
{
	char name[] = "alice@example.org";

	ck_assert_ptr_nonnull(strstr(received("show", name, plain),
	    BEGIN " alice@example.org" END));
	ck_assert_ptr_null(strchr(received("omit", name, plain), '('));
	ck_assert_ptr_null(strchr(received("show", NULL, plain), '('));
}
END_TEST

/* A user's name cannot end the comment that contains it, and cannot begin
 * another field (threat V23). */
START_TEST(a_name_cannot_leave_its_comment)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{ ")", " \\)" },
		{ "(", " \\(" },
		{ "\\", " \\\\" },
		{ "a\\) by x (b", " a\\\\\\) by x \\(b" },
		{ "a\\", " a\\\\" },
		{ " ", "  " },
		{ "\"; <x@y>,", " \"; <x@y>," },
	};
	char expected[256], name[64];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		strcpy(name, rows[i].name);
		snprintf(expected, sizeof expected, "%s%s%s", BEGIN,
		    rows[i].text, END);
		ck_assert_msg(strncmp(received("show", name, plain), expected,
				  strlen(expected)) == 0,
		    "%s: %s", name, received("show", name, plain));
	}
}
END_TEST

START_TEST(octets_above_127_need_smtputf8)
{
	char name[] = "j\xc3\xbcrgen";

	ck_assert_ptr_null(strchr(received("show", name, plain), '('));
	ck_assert_ptr_nonnull(strstr(received("show", name, utf8),
	    "\r\n\t(authenticated sender j\xc3\xbcrgen)\r\n"));
}
END_TEST

/* RFC 5322 2.1.1: the longest name fits in a line, even if each of its octets
 * is quoted. */
START_TEST(a_name_has_at_most_255_octets)
{
	char name[257];
	const char *field, *end;
	size_t line, longest = 0;

	memset(name, '(', 255);
	name[255] = '\0';
	for (field = received("show", name, plain);
	     (end = strstr(field, "\r\n")) != NULL; field = end + 2) {
		line = (size_t)(end - field);
		longest = line > longest ? line : longest;
	}
	ck_assert_uint_eq(longest, 1 + 2 * 255 + 1);
	name[255] = '(';
	name[256] = '\0';
	ck_assert_ptr_null(strchr(received("show", name, plain), '('));
}
END_TEST

START_TEST(a_long_name_begins_a_line)
{
	/* "\t(authenticated sender NAME)" has 24 octets more than NAME. */
	char name[64];

	memset(name, 'a', sizeof name);
	name[77 - 24] = '\0';
	ck_assert_ptr_nonnull(
	    strstr(received("show", name, plain), "sender aaa"));
	name[77 - 24] = 'a';
	name[77 - 24 + 1] = '\0';
	ck_assert_ptr_nonnull(
	    strstr(received("show", name, plain), "sender\r\n\taaa"));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_user_is_named_only_where_asked_for,
		a_name_cannot_leave_its_comment,
		octets_above_127_need_smtputf8,
		a_name_has_at_most_255_octets,
		a_long_name_begins_a_line,
	};

	return suite_run("received_user", tests, ROWS(tests));
}
