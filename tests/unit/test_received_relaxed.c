/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The Received: field after commands that only RELAXED accepts: no line
 * contains anything that RFC 5321 4.4 does not allow. */
#include <string.h>

#include "support/client.h"

static struct client client;

#define DATE "; Thu, 1 Jan 1970 00:00:00 +0000\r\n"

static void
begin(void)
{
	static const struct mailin_peer peer = { .address = TEXT("192.0.2.1") };

	client_init(&client);
	client_set(&client, "syntax", "relaxed");
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	client_drain(&client);
}

/* Returns the field as a C string, valid until the next call. */
static const char *
received(void)
{
	static char out[1024];
	size_t len;

	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "", out,
			     sizeof out - 1, &len),
	    MAILIN_OK);
	out[len] = '\0';
	return out;
}

/* A HELO name that is too long (RFC 5321 4.5.3.1.2) or not ASCII is left out.
 * RFC 6531 allows UTF-8 in mailboxes and in the Domain of EHLO, but not in the
 * field's host names. */
START_TEST(no_line_has_a_helo_name_that_is_no_name)
{
	static const char none[] = "Received: from [192.0.2.1] ([192.0.2.1])"
				   "\r\n\tby mx.example.org with ESMTP" DATE;
	char line[4096];
	size_t len;

	begin();
	for (len = 256; len <= 2000; len += 1744) {
		memcpy(line, "EHLO ", 5);
		memset(line + 5, 'x', len);
		strcpy(line + 5 + len, "\r\n");
		client_lines(&client, line);
		ck_assert_str_eq(received(), none);
	}
	client_lines(&client, "EHLO jos\xe9\r\n");
	ck_assert_str_eq(received(), none);
	client_end(&client);
}
END_TEST

/* The library does not know the domain of an unqualified recipient.  The field
 * then names no recipient, because the path in RFC 5321 4.4 has a domain. */
START_TEST(no_unqualified_recipient_is_in_the_field)
{
	begin();
	client_lines(&client,
	    "EHLO c.example.org\r\nMAIL FROM:<cron>\r\n"
	    "RCPT TO:<root>\r\n");
	ck_assert_str_eq(received(),
	    "Received: from c.example.org "
	    "([192.0.2.1])\r\n\tby mx.example.org with ESMTP" DATE);
	client_lines(&client,
	    "RSET\r\nMAIL FROM:<a@b>\r\n"
	    "RCPT TO:< x@y. >\r\n");
	ck_assert_str_eq(received(),
	    "Received: from c.example.org "
	    "([192.0.2.1])\r\n\tby mx.example.org with ESMTP\r\n"
	    "\tfor <x@y>" DATE);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_line_has_a_helo_name_that_is_no_name,
		no_unqualified_recipient_is_in_the_field,
	};

	return suite_run("received_relaxed", tests, ROWS(tests));
}
