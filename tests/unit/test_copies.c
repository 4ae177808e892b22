/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests that a session copies each text that it gets from the program.  So the
 * program may overwrite its text after the call. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

/* Texts of the program.  They are overwritten as soon as the library must have
 * copied them. */
static char own[8][16];

static struct mailin_span
own_text(size_t number, const char *text)
{
	snprintf(own[number], sizeof own[number], "%s", text);
	return mailin_span_of(own[number]);
}

static void
let_go(void)
{
	memset(own, 'x', sizeof own);
}

static void
shake_hands_and_let_go(void)
{
	struct mailin_tls tls = { .version = own_text(0, "TLSv1.3"),
		.cipher = own_text(1, "a cipher"),
		.sni = own_text(2, "mx.example"),
		.alpn = own_text(3, "smtp"),
		.client_name = own_text(4, "a client"),
		.channel_binding = own_text(5, "a binding") };

	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	let_go();
}

static void
check_tls_facts(void)
{
	const struct mailin_tls *tls = mailin_session_tls(client.session);

	ck_assert(mailin_span_equal(tls->version, "TLSv1.3"));
	ck_assert(mailin_span_equal(tls->cipher, "a cipher"));
	ck_assert(mailin_span_equal(tls->sni, "mx.example"));
	ck_assert(mailin_span_equal(tls->alpn, "smtp"));
	ck_assert(mailin_span_equal(tls->client_name, "a client"));
	ck_assert(mailin_span_equal(tls->channel_binding, "a binding"));
}

START_TEST(the_facts_of_tls_are_copied)
{
	int turn;

	for (turn = 0; turn < 2; turn++) {
		client_init(&client);
		client_set(&client, "extensions", "STARTTLS");
		client_begin(&client);
		if (turn == 1) {
			client_greet(&client);
			client_octets(&client, SPAN("STARTTLS\r\n"));
		}
		shake_hands_and_let_go();
		check_tls_facts();
		client_greet(&client);
		check_tls_facts();
		client_end(&client);
	}
}
END_TEST

static void
set_and_let_go(struct client *c, enum on on)
{
	if (on == ON_AUTH)
		ck_assert_int_eq(mailin_session_set_identity(c->session,
				     own_text(0, "alice").ptr),
		    MAILIN_OK);
	if (on == ON_HELO)
		ck_assert_int_eq(mailin_session_ehlo_keyword(c->session,
				     own_text(1, "X-OWN").ptr,
				     own_text(2, "one two").ptr),
		    MAILIN_OK);
	let_go();
}

START_TEST(an_identity_and_a_keyword_are_copied)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client.hook = set_and_let_go;
	client_begin(&client);
	client_greet(&client);
	ck_assert_ptr_nonnull(
	    strstr(client.out.octets, "250 X-OWN one two\r\n"));
	client_octets(&client, SPAN("AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"));
	ck_assert(mailin_span_equal(mailin_session_identity(client.session),
	    "alice"));
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_facts_of_tls_are_copied,
		an_identity_and_a_keyword_are_copied,
	};

	return suite_run("copies", tests, ROWS(tests));
}
