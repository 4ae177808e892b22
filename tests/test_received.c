/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The Received: field, RFC 5321 4.4: src/received.c. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client.h"

static struct client client;

#define NOV23 INT64_C(1795454729) /* Mon, 23 Nov 2026 17:25:29 UTC */

/* The field as a text; it lives until the next call. */
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
	const char        *protocol; /* and settings */
	struct mailin_peer peer;
	bool               tls;
	const char        *lines;
	const char        *id;
	const char        *field;
};

#define DATE "; Mon, 23 Nov 2026 17:25:29 +0000\r\n"
#define EHLO "EHLO c.example.org\r\n"
#define MAIL "MAIL FROM:<a@b>\r\n"
#define NOBODY { .port = 0 }
#define ADDRESS { .address = TEXT("192.0.2.1") }

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
	/* RFC 5321 7.2: two might tell of a blind copy. */
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
	/* What would break out is left out. */
	{ "smtp", { .address = TEXT("192.0.2.1"),
	    .name = TEXT("x (y)\r\nZ: z") }, false, EHLO, "",
	    "Received: from c.example.org ([192.0.2.1])\r\n"
	    "\tby mx.example.org with ESMTP" DATE },
	{ "smtp", { .address = TEXT("192.0.2.1])\r\nZ: z") }, false, EHLO, "",
	    "Received: from c.example.org\r\n"
	    "\tby mx.example.org with ESMTP" DATE },
};

static void
begin(const char *protocol, const struct mailin_peer *peer, bool with_tls,
    const char *syntax)
{
	static const struct mailin_tls tls = {
		.version = TEXT("TLSv1.3"),
		.cipher = TEXT("TLS_AES_256_GCM_SHA384")
	};

	client_init(&client);
	client_set(&client, "protocol", protocol);
	client_set(&client, "syntax", syntax);
	client_set(&client, "extensions", "8BITMIME,SMTPUTF8");
	client_set(&client, "junk", "0");
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, peer),
	    MAILIN_OK);
	if (with_tls)
		ck_assert_int_eq(mailin_session_tls_started(client.session,
		    &tls), MAILIN_OK);
	client_drain(&client);
}

START_TEST(the_field_tells_of_the_session)
{
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		begin(rows[i].protocol, &rows[i].peer, rows[i].tls, "strict");
		client_lines(&client, rows[i].lines);
		ck_assert_msg(strcmp(received(NOV23, 0, rows[i].id),
		    rows[i].field) == 0, "%s\nwhere this is right:\n%s",
		    received(NOV23, 0, rows[i].id), rows[i].field);
		client_end(&client);
	}
}
END_TEST

/* V23: TLS facts come from the peer too, in part. */
START_TEST(hostile_tls_facts_are_left_out)
{
	static const struct mailin_tls cipher = {
		.version = TEXT("TLSv1.3"), .cipher = TEXT("x)\r\nZ: z")
	};
	static const struct mailin_tls version = {
		.version = TEXT("TLS v1 ("), .cipher = TEXT("x")
	};

	client_init(&client);
	client_begin(&client);
	mailin_session_tls_started(client.session, &cipher);
	ck_assert_str_eq(received(NOV23, 0, ""), "Received: from unknown\r\n"
	    "\t(using TLSv1.3)\r\n\tby mx.example.org with SMTP" DATE);
	mailin_session_free(client.session);
	client_begin(&client);
	mailin_session_tls_started(client.session, &version);
	ck_assert_str_eq(received(NOV23, 0, ""), "Received: from unknown\r\n"
	    "\tby mx.example.org with SMTP" DATE);
	client_end(&client);
}
END_TEST

/* ---- V23: HELO names that are none --------------------------------------- */

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
	snprintf(expected, sizeof expected, "Received: from %.*s "
	    "([192.0.2.1])\r\n\tby mx.example.org with ESMTP id x" DATE,
	    (int)helo.domain.len, helo.domain.ptr);
	if (strcmp(received(NOV23, 0, "x"), expected) != 0)
		ck_abort_msg("%s: %s", line, received(NOV23, 0, "x"));
}

START_TEST(no_helo_name_breaks_out_of_the_field)
{
	static const struct mailin_peer peer = ADDRESS;
	static const char some[] = "a.-_()<>[];:\\\"@, =\x01\x7f\xc3\xa9\r";
	static const char *const names[] = {
		"x (y [1.2.3.4])", "x; Mon, 1 Jan 2001", "a\\", "(", ")",
		"my_pc", "[10.0.0.1", "[", "]", "\"a\"", "a by b with c",
		"<x@y>", "a\tb", "x=y", "192.0.2.9", "[x:()]"
	};
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
		if (turn % 15 == 0) { /* errors are counted */
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
	static const char *const refused[] = {
		" ", "a b", "a\tb", "a;b", "a(b", "a)b", "a\"b", "a\\b",
		"a<b", "a@b", "a,b", "a/b", "a=b", "a\r\nb", "a\n", "\x7f",
		"\xc3\xa9"
	};
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(refused); i++)
		ck_assert_msg(mailin_session_received(client.session, 0, 0,
		    refused[i], out, sizeof out, &len) ==
		    MAILIN_ERROR_ARGUMENT, "%s",
		    suite_quote(mailin_span_of(refused[i])));
	ck_assert_ptr_nonnull(strstr(received(0, 0, "Az09-_.+:"),
	    " id Az09-_.+:;"));
	ck_assert_ptr_null(strstr(received(0, 0, ""), " id"));
	client_end(&client);
}
END_TEST

/* ---- The date ------------------------------------------------------------ */

struct date_row {
	int64_t     unix_time;
	int         zone;
	const char *date;
};

static const struct date_row dates[] = {
	{ 0, 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
	{ -1, 0, "Wed, 31 Dec 1969 23:59:59 +0000" },
	{ 0, -90, "Wed, 31 Dec 1969 22:30:00 -0130" },
	{ 0, 330, "Thu, 1 Jan 1970 05:30:00 +0530" },
	{ 0, -1, "Wed, 31 Dec 1969 23:59:00 -0001" },
	{ 0, 1439, "Thu, 1 Jan 1970 23:59:00 +2359" },
	{ 0, -1439, "Wed, 31 Dec 1969 00:01:00 -2359" },
	{ 951782399, 0, "Mon, 28 Feb 2000 23:59:59 +0000" },
	{ 951782400, 0, "Tue, 29 Feb 2000 00:00:00 +0000" },
	{ 1709164800, 0, "Thu, 29 Feb 2024 00:00:00 +0000" },
	{ 1709251200, 0, "Fri, 1 Mar 2024 00:00:00 +0000" },
	{ 4107542399, 0, "Sun, 28 Feb 2100 23:59:59 +0000" },
	{ 4107542400, 0, "Mon, 1 Mar 2100 00:00:00 +0000" },
	{ 4294967296, 0, "Sun, 7 Feb 2106 06:28:16 +0000" },
	{ -62135596800, 0, "Mon, 1 Jan 0001 00:00:00 +0000" },
	{ 253402214400, 1439, "Fri, 31 Dec 9999 23:59:00 +2359" },
	{ NOV23, 60, "Mon, 23 Nov 2026 18:25:29 +0100" },
};

/* Its date; the field ends there. */
static const char *
date_of(int64_t unix_time, int zone)
{
	return strchr(received(unix_time, zone, ""), ';') + 2;
}

START_TEST(the_date_is_that_of_the_zone)
{
	char expected[64];
	size_t i;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(dates); i++) {
		snprintf(expected, sizeof expected, "%s\r\n", dates[i].date);
		ck_assert_str_eq(date_of(dates[i].unix_time, dates[i].zone),
		    expected);
	}
	client_end(&client);
}
END_TEST

START_TEST(the_date_is_that_of_libc)
{
	char expected[64];
	struct tm tm;
	time_t time;
	int turn;

	client_init(&client);
	client_begin(&client);
	for (turn = 0; turn < 20000; turn++) {
		/* The years 1019 to 8624. */
		time = (time_t)suite_random(4000000000u) * 60 + turn % 60 -
		    (time_t)30000000000;
		ck_assert_ptr_nonnull(gmtime_r(&time, &tm));
		strftime(expected, sizeof expected,
		    "%a, %e %b %Y %H:%M:%S +0000\r\n", &tm);
		if (expected[5] == ' ') /* %e pads */
			memmove(expected + 5, expected + 6,
			    strlen(expected + 5));
		if (strcmp(date_of(time, 0), expected) != 0)
			ck_abort_msg("%s where %s is right", date_of(time, 0),
			    expected);
	}
	client_end(&client);
}
END_TEST

START_TEST(a_zone_is_less_than_a_day)
{
	static const int zones[] = {
		1440, -1440, 100000, INT32_MAX, INT32_MIN
	};
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(zones); i++)
		ck_assert_int_eq(mailin_session_received(client.session, 0,
		    zones[i], "", out, sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
	client_end(&client);
}
END_TEST

/* RFC 5322 3.3 */
START_TEST(a_year_has_four_digits)
{
	static const int64_t times[] = {
		INT64_MAX, INT64_MIN, INT64_MAX - 86399, INT64_MIN + 86399,
		253402300800, -62167219201
	};
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(times); i++) {
		ck_assert_int_eq(mailin_session_received(client.session,
		    times[i], 1439, "", out, sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
		ck_assert_int_eq(mailin_session_received(client.session,
		    times[i], -1439, "", out, sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
	}
	client_end(&client);
}
END_TEST

/* ---- Room ---------------------------------------------------------------- */

START_TEST(where_room_is_short_it_says_how_much_it_needs)
{
	static const struct mailin_peer peer = ADDRESS;
	char whole[256], out[256];
	size_t room, len, needed;

	begin("smtp", &peer, true, "strict");
	client_lines(&client, EHLO);
	needed = strlen(strcpy(whole, received(NOV23, 0, "x")));
	for (room = 0; room <= needed + 1; room++) {
		memset(out, '!', sizeof out);
		ck_assert_int_eq(mailin_session_received(client.session,
		    NOV23, 0, "x", room > 0 ? out : NULL, room, &len),
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
		the_field_tells_of_the_session,
		hostile_tls_facts_are_left_out,
		no_helo_name_breaks_out_of_the_field,
		an_id_is_letters_digits_and_few_marks,
		the_date_is_that_of_the_zone,
		the_date_is_that_of_libc,
		a_zone_is_less_than_a_day,
		a_year_has_four_digits,
		where_room_is_short_it_says_how_much_it_needs,
	};

	return suite_run("received", tests, ROWS(tests));
}
