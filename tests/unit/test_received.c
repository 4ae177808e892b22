/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The Received: field, RFC 5321 4.4: src/session/received.c. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

#define NOV23 INT64_C(1795454729) /* Mon, 23 Nov 2026 17:25:29 UTC */

/* Returns the field as a C string, valid until the next call. */
static const char *
received(int64_t unix_time, int zone, const char *id)
{
	static char out[4096];
	size_t len;

	if (mailin_session_received(client.session, unix_time, zone, id, out,
		sizeof out - 1, &len) != MAILIN_OK)
		ck_abort_msg("no field");
	out[len] = '\0';
	return out;
}

struct row {
	const char *protocol;
	struct mailin_peer peer;
	bool tls;
	const char *lines;
	const char *id;
	const char *field;
};

#define DATE "; Mon, 23 Nov 2026 17:25:29 +0000\r\n"
#define EHLO "EHLO c.example.org\r\n"
#define MAIL "MAIL FROM:<a@b>\r\n"
#define NOBODY \
	{ \
		.port = 0 \
	}
#define ADDRESS \
	{ \
		.address = TEXT("192.0.2.1") \
	}

/* clang-format off */
static const struct row rows[] = {
	{ "smtp", NOBODY, false, "", "",
	    "Received: from unknown\r\n\tby mx.example.org with SMTP" DATE },
	{ "smtp", ADDRESS, false, "HELO c.example.org\r\n", "4xYz",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with SMTP id 4xYz" DATE },
	{ "smtp", { .address = TEXT("2001:db8::1"),
	    .name = TEXT("host.example.net") }, false,
	    EHLO MAIL "RCPT TO:<user@example.org>\r\n", "",
	    "Received: from c.example.org (host.example.net "
	    "[IPv6:2001:db8::1])\r\n\tby mx.example.org with ESMTP\r\n"
	    "\tfor <user@example.org>" DATE },
	{ "smtp", ADDRESS, true, EHLO MAIL
	    "RCPT TO:<user@example.org>\r\n", "a-b_c.d+e",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n"
	    "\tby mx.example.org with ESMTPS id a-b_c.d+e\r\n"
	    "\tfor <user@example.org>" DATE },
	/* RFC 5321 7.2: with two recipients, the field could reveal a blind
	 * copy. */
	{ "smtp", ADDRESS, false, EHLO MAIL
	    "RCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\n", "x",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with ESMTP id x" DATE },
	{ "smtp", ADDRESS, false, "EHLO [192.0.2.9]\r\n" MAIL
	    "RCPT TO:<Postmaster>\r\n", "",
	    "Received: from [192.0.2.9] ([192.0.2.1])\r\n"
	    "\tby mx.example.org with ESMTP\r\n\tfor <Postmaster>" DATE },
	{ "smtp", ADDRESS, false, EHLO MAIL
	    "RCPT TO:<@x,@y:\"a\\\">; b\"@[IPv6:::1]>\r\n", "",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with ESMTP\r\n"
	    "\tfor <\"a\\\">; b\"@[IPv6:::1]>" DATE },
	{ "smtp", ADDRESS, false, EHLO "MAIL FROM:<a@b> SMTPUTF8\r\n"
	    "RCPT TO:<jos\xc3\xa9@x>\r\n", "",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with UTF8SMTP\r\n"
	    "\tfor <jos\xc3\xa9@x>" DATE },
	{ "lmtp", NOBODY, false, "LHLO c\r\n" MAIL "RCPT TO:<a@b>\r\n", "",
	    "Received: from c\r\n\tby mx.example.org with LMTP\r\n"
	    "\tfor <a@b>" DATE },
	/* Octets that would break the field are left out. */
	{ "smtp", { .address = TEXT("192.0.2.1"),
	    .name = TEXT("x (y)\r\nZ: z") }, false, EHLO, "",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with ESMTP" DATE },
	{ "smtp", { .address = TEXT("192.0.2.1])\r\nZ: z") }, false, EHLO, "",
	    "Received: from c.example.org\r\n"
	    "\tby mx.example.org with ESMTP" DATE },
};
/* clang-format on */

static void
begin(const char *protocol, const struct mailin_peer *peer, bool with_tls,
    const char *syntax)
{
	static const struct mailin_tls tls = { .version = TEXT("TLSv1.3"),
		.cipher = TEXT("TLS_AES_256_GCM_SHA384") };

	client_init(&client);
	client_set(&client, "protocol", protocol);
	client_set(&client, "syntax", syntax);
	client_set(&client, "extensions", "8BITMIME,SMTPUTF8");
	client_set(&client, "junk", "0");
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, peer),
	    MAILIN_OK);
	if (with_tls)
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &tls),
		    MAILIN_OK);
	client_drain(&client);
}

START_TEST(the_field_describes_the_session)
{
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		begin(rows[i].protocol, &rows[i].peer, rows[i].tls, "strict");
		client_lines(&client, rows[i].lines);
		ck_assert_msg(
		    strcmp(received(NOV23, 0, rows[i].id), rows[i].field) == 0,
		    "%s\nwhere this is right:\n%s",
		    received(NOV23, 0, rows[i].id), rows[i].field);
		client_end(&client);
	}
}
END_TEST

/* Facts about TLS that come from the peer may be hostile, and are then left out
 * (threat V23). */
START_TEST(hostile_tls_facts_are_left_out)
{
	static const struct mailin_tls cipher = { .version = TEXT("TLSv1.3"),
		.cipher = TEXT("x)\r\nZ: z") };
	static const struct mailin_tls version = { .version = TEXT("TLS v1 ("),
		.cipher = TEXT("x") };

	client_init(&client);
	client_begin(&client);
	mailin_session_tls_started(client.session, &cipher);
	ck_assert_str_eq(received(NOV23, 0, ""),
	    "Received: from unknown\r\n"
	    "\t(using TLSv1.3)\r\n\tby mx.example.org with SMTP" DATE);
	mailin_session_free(client.session);
	client_begin(&client);
	mailin_session_tls_started(client.session, &version);
	ck_assert_str_eq(received(NOV23, 0, ""),
	    "Received: from unknown\r\n"
	    "\tby mx.example.org with SMTP" DATE);
	client_end(&client);
}
END_TEST

/* ---- HELO names that are invalid (threat V23) ---- */

static void
check_helo(const char *name)
{
	char line[300], expected[600];
	struct mailin_helo helo;

	snprintf(line, sizeof line, "EHLO %s\r\n", name);
	client_octets(&client, mailin_span_of(line));
	if (strcmp(client_replies(&client), "250") != 0)
		return;
	(void)mailin_session_helo(client.session, &helo);
	if (helo.domain_kind == MAILIN_DOMAIN_OTHER)
		helo.domain = SPAN("[192.0.2.1]");
	snprintf(expected, sizeof expected,
	    "Received: from %.*s "
	    "([192.0.2.1])\r\n\tby mx.example.org with ESMTP id x" DATE,
	    (int)helo.domain.len, helo.domain.ptr);
	if (strcmp(received(NOV23, 0, "x"), expected) != 0)
		ck_abort_msg("%s: %s", line, received(NOV23, 0, "x"));
}

START_TEST(no_helo_name_breaks_out_of_the_field)
{
	static const struct mailin_peer peer = ADDRESS;
	static const char some[] = "a.-_()<>[];:\\\"@, =\x01\x7f\xc3\xa9\r";
	static const char *const names[] = { "x (y [1.2.3.4])",
		"x; Mon, 1 Jan 2001", "a\\", "(", ")", "my_pc", "[10.0.0.1",
		"[", "]", "\"a\"", "a by b with c", "<x@y>", "a\tb", "x=y",
		"192.0.2.9", "[x:()]" };
	size_t i, len;
	char name[40];
	int turn;

	begin("smtp", &peer, false, "relaxed");
	for (i = 0; i < ROWS(names); i++)
		check_helo(names[i]);
	for (turn = 0; turn < 2000; turn++) {
		len = 1 + suite_random(sizeof name - 1);
		for (i = 0; i < len; i++)
			name[i] = some[suite_random(sizeof some - 1)];
		name[len] = '\0';
		if (turn % 15 == 0) { /* a session allows few errors */
			client_end(&client);
			begin("smtp", &peer, false, "relaxed");
		}
		check_helo(name);
	}
	client_end(&client);
}
END_TEST

/* ---- The id -------------------------------------------------------------- */

START_TEST(an_id_is_letters_digits_and_few_marks)
{
	static const char *const refused[] = { " ", "a b", "a\tb", "a;b", "a(b",
		"a)b", "a\"b", "a\\b", "a<b", "a@b", "a,b", "a/b", "a=b",
		"a\r\nb", "a\n", "\x7f", "\xc3\xa9" };
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(refused); i++)
		ck_assert_msg(mailin_session_received(client.session, 0, 0,
				  refused[i], out, sizeof out,
				  &len) == MAILIN_ERROR_ARGUMENT,
		    "%s", suite_quote(mailin_span_of(refused[i])));
	ck_assert_ptr_nonnull(
	    strstr(received(0, 0, "Az09-_.+:"), " id Az09-_.+:;"));
	ck_assert_ptr_null(strstr(received(0, 0, ""), " id"));
	client_end(&client);
}
END_TEST

/* ---- Room ---------------------------------------------------------------- */

START_TEST(if_room_is_short_the_length_needed_is_returned)
{
	static const struct mailin_peer peer = ADDRESS;
	char whole[256], out[256];
	size_t room, len, needed;

	begin("smtp", &peer, true, "strict");
	client_lines(&client, EHLO);
	needed = strlen(strcpy(whole, received(NOV23, 0, "x")));
	for (room = 0; room <= needed + 1; room++) {
		memset(out, '!', sizeof out);
		ck_assert_int_eq(mailin_session_received(client.session, NOV23,
				     0, "x", room > 0 ? out : NULL, room, &len),
		    room < needed ? MAILIN_ERROR_RANGE : MAILIN_OK);
		ck_assert_uint_eq(len, needed);
		ck_assert_int_eq(out[room < needed ? room : needed], '!');
		if (room >= needed)
			ck_assert(memcmp(out, whole, needed) == 0);
	}
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_field_describes_the_session,
		hostile_tls_facts_are_left_out,
		no_helo_name_breaks_out_of_the_field,
		an_id_is_letters_digits_and_few_marks,
		if_room_is_short_the_length_needed_is_returned,
	};

	return suite_run("received", tests, ROWS(tests));
}
