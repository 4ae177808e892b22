/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the start of a session that must begin with a PROXY header, TLS, or
 * both (threats V52 and V56; property 14).  Section numbers are those of
 * HAProxy's proxy-protocol.txt. */
#include <stdio.h>
#include <string.h>

#include "config/rules.h"
#include "support/client.h"

static struct client client;

/* ---- The states before the greeting -------------------------------------- */

#define NONE STATE_NONE

static const struct {
	enum mailin_state state;
	enum mailin_state expect_proxy, expect_tls, header, handshake;
} unopened[] = {
	{ STATE_NEW, STATE_PROXY, STATE_TLS_FIRST, NONE, STATE_NEW },
	{ STATE_PROXY, STATE_PROXY, STATE_PROXY_TLS, STATE_NEW, STATE_PROXY },
	{ STATE_PROXY_TLS, STATE_PROXY_TLS, STATE_PROXY_TLS, STATE_TLS_FIRST,
	    NONE },
	{ STATE_TLS_FIRST, STATE_PROXY_TLS, STATE_TLS_FIRST, NONE, STATE_NEW },
};

static enum mailin_state
yes(enum mailin_state state, enum mailin_event event)
{
	return (enum mailin_state)mailin_rule(state, event).yes;
}

START_TEST(a_header_and_a_handshake_lead_to_the_greeting)
{
	bool seen[STATE_COUNT] = { false };
	enum mailin_state state;
	size_t i;
	int other;

	for (i = 0; i < ROWS(unopened); i++) {
		state = unopened[i].state;
		seen[state] = true;
		ck_assert_int_eq(yes(state, EVENT_EXPECT_PROXY),
		    unopened[i].expect_proxy);
		ck_assert_int_eq(yes(state, EVENT_EXPECT_TLS),
		    unopened[i].expect_tls);
		ck_assert_int_eq(yes(state, EVENT_PROXY), unopened[i].header);
		ck_assert_int_eq(yes(state, EVENT_TLS), unopened[i].handshake);
		ck_assert_int_eq(yes(state, EVENT_CONNECT) != NONE,
		    state == STATE_NEW);
		if (unopened[i].header != NONE)
			ck_assert_int_eq(mailin_rule(state, EVENT_PROXY).no,
			    STATE_CLOSED);
	}
	for (other = STATE_NEW; other < STATE_COUNT; other++) {
		state = (enum mailin_state)other;
		ck_assert(seen[state] ||
		    (yes(state, EVENT_PROXY) == NONE &&
			yes(state, EVENT_EXPECT_PROXY) == NONE &&
			yes(state, EVENT_EXPECT_TLS) == NONE));
	}
}
END_TEST

/* ---- A PROXY header, then TLS -------------------------------------------- */

#define ADDRESSES    "\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"
#define HEAD(length) "\r\n\r\n\0\r\nQUIT\n\x21\x11\0" length ADDRESSES
/* A value of type SSL (proxy-protocol.txt 2.2.6): the fields "client" and
 * "verify", then the values inside it. */
#define SSL \
	"\x20\0\x1c\x01\0\0\0\0\x21\0\x07TLSv1.3\x23\0\x0a" \
	"AES128-SHA"

static const struct mailin_span headers[] = {
	TEXT("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n"),
	TEXT("PROXY UNKNOWN\r\n"),
	TEXT(HEAD("\x0c")),
	TEXT(HEAD("\x2b") SSL),
};

/* Octets that come after the PROXY header, and could be read as a command, as
 * another header, or as TLS. */
static const struct mailin_span followers[] = {
	TEXT("EHLO c.example.org\r\n"),
	TEXT("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"),
	TEXT("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"),
};

static const struct mailin_tls shaken = { .version = TEXT("TLSv1.2"),
	.cipher = TEXT("X"),
	.channel_binding = TEXT("binding") };

static void
begin(bool proxy, bool tls)
{
	client_init(&client);
	client_begin(&client);
	if (tls)
		ck_assert_int_eq(mailin_session_expect_tls(client.session),
		    MAILIN_OK);
	if (proxy)
		ck_assert_int_eq(mailin_session_expect_proxy(client.session),
		    MAILIN_OK);
}

static enum mailin_want
want(void)
{
	return mailin_session_want(client.session);
}

/* Feed the header in two pieces, cut after this many octets. */
static void
check_cut(struct mailin_span header, struct mailin_span after, size_t cut)
{
	char octets[256];
	size_t len = header.len + after.len, used;

	memcpy(octets, header.ptr, header.len);
	memcpy(octets + header.len, after.ptr, after.len);
	begin(true, true);
	ck_assert_int_eq(want(), MAILIN_WANT_INPUT);
	used = client_feed(&client, octets, cut);
	ck_assert_uint_eq(used, cut < header.len ? cut : header.len);
	ck_assert_int_eq(want(),
	    cut < header.len ? MAILIN_WANT_INPUT : MAILIN_WANT_TLS);
	used += client_feed(&client, octets + used, len - used);
	ck_assert_uint_eq(used, header.len);
	ck_assert_int_eq(want(), MAILIN_WANT_TLS);
	ck_assert_uint_eq(client_feed(&client, octets + used, len - used), 0);
	ck_assert_uint_eq(mailin_session_output(client.session).len, 0);
	client_expect_log(&client, "");
	ck_assert_int_eq(mailin_session_tls_started(client.session, &shaken),
	    MAILIN_OK);
	client_expect_replies(&client, "220");
	client_expect_log(&client, "connect");
	client_expect(&client, "NOOP", "250 2.0.0");
	client_end(&client);
}

START_TEST(feed_takes_the_header_and_leaves_the_rest_to_tls)
{
	size_t i, j, cut;

	for (i = 0; i < ROWS(headers); i++)
		for (j = 0; j < ROWS(followers); j++)
			for (cut = 1; cut < headers[i].len + followers[j].len;
			     cut++)
				check_cut(headers[i], followers[j], cut);
}
END_TEST

/* Between the PROXY header and the TLS handshake, the program can read the peer
 * that the header names, and replace it. */
START_TEST(between_header_and_handshake_the_program_may_set_things)
{
	struct mailin_peer peer = { .address = TEXT("192.0.2.1"),
		.name = TEXT("c.example.net") };

	begin(true, true);
	client_octets(&client, headers[0]);
	ck_assert(mailin_span_equal(
	    mailin_session_peer(client.session)->address, "192.0.2.1"));
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_set_extension(client.session,
			     MAILIN_EXTENSION_XCLIENT, true),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_tls_started(client.session, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &shaken),
	    MAILIN_OK);
	client_expect_replies(&client, "220");
	ck_assert(mailin_span_equal(mailin_session_peer(client.session)->name,
	    "c.example.net"));
	client_end(&client);
}
END_TEST

/* A complete header restarts the timeout, but a part of a header does not. */
START_TEST(single_octets_of_a_header_give_no_time)
{
	struct mailin_span header = headers[3];
	uint64_t progress;
	size_t i;

	begin(true, true);
	progress = mailin_session_progress(client.session);
	for (i = 0; i < header.len; i++) {
		ck_assert_uint_eq(mailin_session_progress(client.session),
		    progress);
		ck_assert_uint_eq(mailin_session_timeout(client.session), 10);
		ck_assert_uint_eq(client_feed(&client, header.ptr + i, 1), 1);
	}
	ck_assert_uint_gt(mailin_session_progress(client.session), progress);
	ck_assert_uint_eq(mailin_session_timeout(client.session), 300);
	client_end(&client);
}
END_TEST

/* A header that begins in clear must not go on inside TLS: two different peers
 * could have sent its parts. */
START_TEST(a_header_is_all_in_clear_or_all_inside_tls)
{
	begin(true, false);
	client_octets(&client, SPAN("PROXY TCP4 "));
	ck_assert_int_eq(mailin_session_tls_started(client.session, &shaken),
	    MAILIN_ERROR_STATE);
	client_end(&client);
	begin(true, false);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &shaken),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_expect_tls(client.session),
	    MAILIN_ERROR_STATE);
	ck_assert_int_eq(want(), MAILIN_WANT_INPUT);
	client_octets(&client, headers[3]);
	client_expect_replies(&client, "220");
	ck_assert(
	    mailin_span_equal(mailin_session_tls(client.session)->cipher, "X"));
	ck_assert_uint_eq(
	    mailin_session_tls(client.session)->channel_binding.len, 0);
	client_end(&client);
}
END_TEST

/* ---- Allocations that fail (threat V50) ---- */

/* If memory fails, either the whole header takes effect or the session ends.  A
 * session in clear then ends with 421; a session that waits for its TLS
 * handshake ends without a reply.  No session goes on without the facts of its
 * header. */
static void
check_memory(bool tls, uint64_t n)
{
	begin(true, tls);
	heap_fail(&client.heap, n, true);
	client_octets(&client, headers[3]);
	if (want() == MAILIN_WANT_CLOSE) {
		ck_assert_str_eq(client_replies(&client), tls ? "" : "421");
	} else if (!tls) {
		ck_assert_str_eq(client_replies(&client), "220");
		ck_assert(mailin_span_equal(
		    mailin_session_tls(client.session)->version, "TLSv1.3"));
	} else {
		ck_assert_str_eq(client_replies(&client), "");
		heap_fail(&client.heap, 0, false);
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &shaken),
		    MAILIN_OK);
		client_expect_replies(&client, "220");
		ck_assert(mailin_span_equal(
		    mailin_session_tls(client.session)->version, "TLSv1.2"));
	}
	client_end(&client);
}

START_TEST(without_memory_no_fact_of_the_header_is_lost)
{
	uint64_t n;

	for (n = 1; n < 8; n++) {
		check_memory(false, n);
		check_memory(true, n);
	}
}
END_TEST

/* The program has set the proxy's address.  Whichever allocation fails, this
 * address must never be taken for the client's. */
START_TEST(without_memory_the_proxy_is_not_taken_for_its_client)
{
	static const struct mailin_peer proxy = { .address = TEXT("10.0.0.1") };
	uint64_t n;
	int tls;

	for (n = 1; n < 12; n++)
		for (tls = 0; tls < 2; tls++) {
			const struct mailin_peer *peer;

			begin(true, false);
			ck_assert_int_eq(
			    mailin_session_set_peer(client.session, &proxy),
			    MAILIN_OK);
			heap_fail(&client.heap, n, false);
			if (tls)
				client_octets(&client, headers[3]);
			else
				client_octets(&client,
				    SPAN("PROXY TCP4 192.0.2.1 192.0.2.2 "
					 "5000 25\r\n"));
			peer = mailin_session_peer(client.session);
			if (want() == MAILIN_WANT_CLOSE) {
				client_expect_replies(&client, "421");
				ck_assert_ptr_null(
				    strstr(client.log.octets, "connect"));
			} else {
				client_expect_replies(&client, "220");
				ck_assert(mailin_span_equal(peer->address,
				    "192.0.2.1"));
			}
			client_end(&client);
		}
}
END_TEST

/* However many octets are fed together with the header, the session stores no
 * more octets than the longest header has. */
START_TEST(a_header_may_come_with_many_octets)
{
	static char octets[100000];
	size_t i, len = headers[3].len, kept;

	for (i = len; i + 6 <= sizeof octets; i += 6)
		memcpy(octets + i, "NOOP\r\n", 6);
	memcpy(octets, headers[3].ptr, len);
	begin(true, false);
	client_set(&client, "junk", "0");
	client_set(&client, "pipelining", "allow");
	kept = client.heap.octets;
	ck_assert_uint_ge(client_feed(&client, octets, i), len);
	ck_assert_uint_lt(client.heap.peak, kept + sizeof octets / 2);
	client_drain(&client);
	ck_assert_ptr_nonnull(strstr(client_replies(&client), "220"));
	ck_assert(mailin_span_equal(
	    mailin_session_peer(client.session)->address, "192.0.2.1"));
	client_end(&client);
}
END_TEST

/* ---- Facts that a client sent to the proxy (threat V23) ---- */

static const char plain_field[] =
    "Received: from c.example.org ([192.0.2.1])\r\n"
    "\tby mx.example.org with ESMTPS; Thu, 1 Jan 1970 00:00:00 +0000\r\n";

/* Append a TLV: its type, its length, and the octets of "value", repeated
 * "times" times. */
static size_t
add_value(char *out, char type, struct mailin_span value, size_t times)
{
	size_t i, len = value.len * times;

	out[0] = type;
	out[1] = (char)(len >> 8);
	out[2] = (char)(len & 0xff);
	for (i = 0; i < times; i++)
		memcpy(out + 3 + i * value.len, value.ptr, value.len);
	return 3 + len;
}

static void
check_hostile(struct mailin_span value, size_t times)
{
	static char octets[MAILIN_PROXY_V2_MOST];
	size_t field, len = 28, ssl = len;
	char out[1024];

	memcpy(octets, HEAD("\0"), len);
	memcpy(octets + len, "\x20\0\0\x01\0\0\0\0", 8);
	len += 8;
	len += add_value(octets + len, 0x21, value, times);
	len += add_value(octets + len, 0x23, value, times);
	octets[ssl + 1] = (char)((len - ssl - 3) >> 8);
	octets[ssl + 2] = (char)((len - ssl - 3) & 0xff);
	len += add_value(octets + len, 0x01, value, times);
	len += add_value(octets + len, 0x02, value, times);
	octets[14] = (char)((len - 16) >> 8);
	octets[15] = (char)((len - 16) & 0xff);
	begin(true, false);
	client_octets(&client, (struct mailin_span){ octets, len });
	client_expect_replies(&client, "220");
	client_greet(&client);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "", out,
			     sizeof out - 1, &field),
	    MAILIN_OK);
	out[field] = '\0';
	ck_assert_str_eq(out, plain_field);
	client_end(&client);
}

START_TEST(hostile_facts_of_a_header_are_in_no_field)
{
	static const struct mailin_span hostile[] = { TEXT("TLSv1.3)\r\nZ: z"),
		TEXT("a (b"), TEXT("\0"), TEXT("\n"), TEXT("a;b"), TEXT("\\"),
		TEXT("\xc3\xa9"), TEXT("") };
	size_t i;

	for (i = 0; i < ROWS(hostile); i++)
		check_hostile(hostile[i], 1);
	/* These values are too long for a field, whose lines have at most 998
	 * octets (RFC 5322 2.1.1). */
	check_hostile(SPAN("x"), 65);
	check_hostile(SPAN("TLSv1.3"), 140);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_header_and_a_handshake_lead_to_the_greeting,
		feed_takes_the_header_and_leaves_the_rest_to_tls,
		between_header_and_handshake_the_program_may_set_things,
		single_octets_of_a_header_give_no_time,
		a_header_is_all_in_clear_or_all_inside_tls,
		without_memory_no_fact_of_the_header_is_lost,
		without_memory_the_proxy_is_not_taken_for_its_client,
		a_header_may_come_with_many_octets,
		hostile_facts_of_a_header_are_in_no_field,
	};

	return suite_run("first", tests, ROWS(tests));
}
