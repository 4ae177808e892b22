/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* STARTTLS, RFC 3207: what may come before and after the handshake. */
#include <string.h>

#include "support/client.h"

static struct client client;

static const struct mailin_tls tls = {
	.version = TEXT("TLSv1.3"),
	.cipher = TEXT("TLS_AES_256_GCM_SHA384"),
};

static void
start(const char *pipelining)
{
	client_init(&client);
	client_set(&client, "extensions",
	    "PIPELINING,ENHANCEDSTATUSCODES,"
	    "CHUNKING,STARTTLS,REQUIRETLS,ETRN,EXPN");
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "pipelining", pipelining);
	client_begin(&client);
	client_greet(&client);
}

static enum mailin_want
want(void)
{
	return mailin_session_want(client.session);
}

static void
shake_hands(void)
{
	client_expect(&client, "STARTTLS", "220 2.0.0");
	ck_assert_int_eq(want(), MAILIN_WANT_TLS);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	ck_assert_int_eq(want(), MAILIN_WANT_INPUT);
}

/* ---- Injected commands (threat V4, CVE-2011-0411; property 14) ---- */

/* Inject commands in clear after STARTTLS, cut at every place. */
static void
check_injection(const char *pipelining, size_t cut)
{
	static const char in[] = "STARTTLS\r\nMAIL FROM:<x@y>\r\n";
	size_t used;

	start(pipelining);
	(void)client_replies(&client);
	(void)client_log(&client);
	used = client_feed(&client, in, cut);
	while (used < sizeof in - 1 && want() == MAILIN_WANT_INPUT)
		used += client_feed(&client, in + used, sizeof in - 1 - used);
	if (want() == MAILIN_WANT_TLS)
		used += client_feed(&client, in + used, sizeof in - 1 - used);
	ck_assert_uint_eq(used, 10);
	ck_assert_int_eq(want(), MAILIN_WANT_CLOSE);
	client_expect_replies(&client, "554 5.5.0");
	client_expect_log(&client, "starttls\nclose EARLY_TALK");
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_ERROR_STATE);
	client_end(&client);
}

START_TEST(after_octets_before_the_220_a_554_takes_its_place)
{
	size_t cut;

	for (cut = 1; cut < 27; cut++) {
		check_injection("reject", cut);
		check_injection("allow", cut);
	}
}
END_TEST

/* As soon as the client may have the 220, the server must send no reply in
 * clear (threat V5). */
START_TEST(octets_after_the_220_end_the_session_without_a_reply)
{
	size_t sent;
	int turn;

	for (turn = 0; turn < 2; turn++)
		for (sent = 0; sent <= 30; sent += 10) {
			start(turn == 0 ? "reject" : "allow");
			(void)client_log(&client);
			client_feed(&client, "STARTTLS\r\n", 10);
			ck_assert_uint_eq(
			    mailin_session_output(client.session).len, 30);
			ck_assert_int_eq(
			    mailin_session_sent(client.session, sent),
			    MAILIN_OK);
			ck_assert_uint_eq(client_feed(&client, "\x16", 1), 0);
			ck_assert_int_eq(want(), MAILIN_WANT_CLOSE);
			ck_assert_uint_eq(
			    mailin_session_output(client.session).len,
			    30 - sent);
			client_expect_log(&client,
			    "starttls\nclose EARLY_TALK");
			client_end(&client);
		}
}
END_TEST

/* The 220 to STARTTLS is sent after the replies to earlier commands, and is the
 * last reply in clear (property 43). */
START_TEST(the_220_is_the_last_reply_in_clear)
{
	start("allow");
	client_feed(&client, "RSET\r\nSTARTTLS\r\n", 16);
	ck_assert_int_eq(want(), MAILIN_WANT_TLS);
	client_expect_replies(&client, "250 2.0.0|220 2.0.0");
	client_end(&client);
	start("allow");
	client_feed(&client, "RSET\r\nSTARTTLS\r\nQUIT\r\n", 22);
	client_expect_replies(&client, "250 2.0.0|554 5.5.0");
	client_end(&client);
}
END_TEST

START_TEST(tls_cannot_start_before_the_220_is_wholly_sent)
{
	size_t i;

	start("reject");
	client_feed(&client, "STARTTLS\r\n", 10);
	for (i = 0; i < 30; i++) {
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &tls),
		    MAILIN_ERROR_STATE);
		ck_assert_uint_gt(mailin_session_output(client.session).len, 0);
		ck_assert_int_eq(mailin_session_sent(client.session, 1),
		    MAILIN_OK);
	}
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	client_end(&client);
}
END_TEST

/* ---- The handshake clears everything (threat V6, property 18) ---- */

START_TEST(the_handshake_forgets_all_that_came_before)
{
	struct mailin_helo helo;
	struct mailin_mail mail;

	start("reject");
	client_envelope(&client, 2);
	(void)client_log(&client);
	shake_hands();
	client_expect_log(&client, "starttls\nreset STARTTLS");
	ck_assert_int_eq(mailin_session_helo(client.session, &helo),
	    MAILIN_VERB_UNKNOWN);
	ck_assert_ptr_null(helo.domain.ptr);
	ck_assert(!mailin_session_mail(client.session, &mail));
	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), 0);
	ck_assert(mailin_span_equal(mailin_session_tls(client.session)->cipher,
	    "TLS_AES_256_GCM_SHA384"));
	client_expect(&client, "MAIL FROM:<a@b>", "503 5.5.1");
	client_expect(&client, "RCPT TO:<a@b>", "503 5.5.1");
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "503 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(the_handshake_forgets_the_identity)
{
	client_init(&client);
	client_set(&client, "extensions", "STARTTLS,ENHANCEDSTATUSCODES");
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "235 2.7.0");
	ck_assert(
	    mailin_span_equal(mailin_session_identity(client.session), "user"));
	shake_hands();
	ck_assert_ptr_null(mailin_session_identity(client.session).ptr);
	client_greet(&client);
	ck_assert_str_eq(mailin_session_protocol(client.session), "ESMTPS");
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "235 2.7.0");
	ck_assert_str_eq(mailin_session_protocol(client.session), "ESMTPSA");
	client_end(&client);
}
END_TEST

/* A client's name in EHLO that is too long for the session's own memory is
 * stored in a separate block.  The second EHLO frees the block of the first
 * name, and client_end() checks that no block is left. */
START_TEST(the_handshake_frees_a_long_name)
{
	static const char hello[] = "EHLO a.very.long.name.of.a.client.that."
				    "needs.memory.of.its.own.example.org";
	struct mailin_helo helo;
	size_t used;
	int times;

	for (times = 1; times <= 2; times++) {
		start("reject");
		client_expect(&client, hello, "250");
		used = client.heap.octets;
		if (times == 2)
			client_expect(&client, hello, "250");
		ck_assert_uint_eq(client.heap.octets, used);
		shake_hands();
		ck_assert_int_eq(mailin_session_helo(client.session, &helo),
		    MAILIN_VERB_UNKNOWN);
		client_expect(&client, hello, "250");
		mailin_session_helo(client.session, &helo);
		ck_assert(mailin_span_equal(helo.domain, hello + 5));
		client_end(&client);
	}
}
END_TEST

/* After STARTTLS, EHLO must get the same reply as in a session that began with
 * TLS. */
START_TEST(after_the_handshake_ehlo_offers_what_tls_allows)
{
	char after[1024];

	start("reject");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "STARTTLS"));
	ck_assert_ptr_null(strstr(client.out.octets, "REQUIRETLS"));
	ck_assert_ptr_null(strstr(client.out.octets, "AUTH"));
	shake_hands();
	client.out.len = client.out.seen = 0;
	client_greet(&client);
	ck_assert_ptr_null(strstr(client.out.octets, "STARTTLS"));
	ck_assert_ptr_nonnull(strstr(client.out.octets, "REQUIRETLS"));
	ck_assert_ptr_nonnull(strstr(client.out.octets, "AUTH PLAIN\r\n"));
	ck_assert_uint_lt(client.out.len, sizeof after);
	memcpy(after, client.out.octets, client.out.len + 1);
	mailin_session_free(client.session);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	client_drain(&client);
	client.out.len = client.out.seen = 0;
	client_greet(&client);
	ck_assert_str_eq(client.out.octets, after);
	client_end(&client);
}
END_TEST

/* ---- When STARTTLS is allowed -------------------------------------------- */

START_TEST(starttls_has_its_place)
{
	start("reject");
	client_expect(&client, "STARTTLS x", "501 5.5.4");
	client.answers[ON_STARTTLS] = MAILIN_REPLY_TLS_LATER;
	client_expect(&client, "STARTTLS", "454 4.7.0");
	client.answers[ON_STARTTLS] = MAILIN_REPLY_OK;
	client_expect(&client, "HELO c", "250");
	client_expect(&client, "STARTTLS", "503 5.5.1");
	client_greet(&client);
	shake_hands();
	client_greet(&client);
	client_expect(&client, "STARTTLS", "503 5.5.1");
	client_end(&client);
	client_init(&client);
	client_begin(&client);
	client_expect(&client, "STARTTLS", "502 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(a_refused_starttls_leaves_the_transaction)
{
	start("reject");
	client_envelope(&client, 1);
	client.answers[ON_STARTTLS] = MAILIN_REPLY_TLS_LATER;
	(void)client_log(&client);
	client_expect(&client, "STARTTLS", "454 4.7.0");
	client_expect_log(&client, "starttls");
	client_expect(&client, "DATA", "354");
	client_end(&client);
}
END_TEST

START_TEST(if_tls_is_required_little_is_allowed_before_it)
{
	static const char *const before[] = { "MAIL FROM:<a@b>",
		"RCPT TO:<a@b>", "DATA", "VRFY a", "EXPN a", "HELP", "ETRN a",
		"BDAT 6 LAST\r\nQUIT", "AUTH PLAIN AHVzZXIAc2VjcmV0" };
	size_t i;

	start("reject");
	mailin_session_free(client.session);
	client_set(&client, "tls", "required");
	client_begin(&client);
	client_greet(&client);
	(void)client_log(&client);
	for (i = 0; i < ROWS(before); i++)
		client_expect(&client, before[i], "530 5.7.0");
	client_expect(&client, "NOOP", "250 2.0.0");
	client_expect(&client, "RSET", "250 2.0.0");
	client_expect(&client, "HELO c", "250");
	client_greet(&client);
	shake_hands();
	client_greet(&client);
	client_envelope(&client, 1);
	client_end(&client);
}
END_TEST

/* TLS=FOR_AUTH: AUTH is neither offered nor accepted in clear. */
START_TEST(auth_needs_tls_by_default)
{
	start("reject");
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "538 5.7.11");
	ck_assert_ptr_null(strstr(client_log(&client), "auth"));
	shake_hands();
	client_greet(&client);
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "235 2.7.0");
	client_end(&client);
}
END_TEST

/* ---- How TLS ends -------------------------------------------------------- */

START_TEST(a_failed_handshake_ends_the_session)
{
	start("reject");
	client_envelope(&client, 1);
	client_expect(&client, "STARTTLS", "220 2.0.0");
	(void)client_log(&client);
	ck_assert_int_eq(mailin_session_abort(client.session, MAILIN_CLOSE_TLS),
	    MAILIN_OK);
	client_expect_log(&client, "close TLS");
	client_expect_replies(&client, "");
	ck_assert_int_eq(mailin_session_abort(client.session, MAILIN_CLOSE_TLS),
	    MAILIN_ERROR_STATE);
	ck_assert_uint_eq(client_feed(&client, "NOOP\r\n", 6), 0);
	client_end(&client);
}
END_TEST

START_TEST(without_memory_tls_started_may_be_called_again)
{
	start("reject");
	client_expect(&client, "STARTTLS", "220 2.0.0");
	heap_fail(&client.heap, 1, true);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_ERROR_MEMORY);
	ck_assert_int_eq(want(), MAILIN_WANT_TLS);
	ck_assert_ptr_null(mailin_session_tls(client.session));
	heap_fail(&client.heap, 0, false);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	client_end(&client);
}
END_TEST

/* If TLS closes inside a chunk, an octet that comes in clear afterwards is not
 * read (threat V7, CVE-2026-45185). */
START_TEST(after_tls_is_gone_nothing_more_is_read)
{
	start("reject");
	shake_hands();
	client_greet(&client);
	client_envelope(&client, 1);
	client_octets(&client, SPAN("BDAT 10\r\nabc"));
	ck_assert_int_eq(
	    mailin_session_abort(client.session, MAILIN_CLOSE_ABORT),
	    MAILIN_OK);
	(void)client_log(&client);
	ck_assert_uint_eq(client_feed(&client, "d", 1), 0);
	client_expect_log(&client, "");
	client_expect_replies(&client, "");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		after_octets_before_the_220_a_554_takes_its_place,
		octets_after_the_220_end_the_session_without_a_reply,
		the_220_is_the_last_reply_in_clear,
		tls_cannot_start_before_the_220_is_wholly_sent,
		the_handshake_forgets_all_that_came_before,
		the_handshake_forgets_the_identity,
		the_handshake_frees_a_long_name,
		after_the_handshake_ehlo_offers_what_tls_allows,
		starttls_has_its_place,
		a_refused_starttls_leaves_the_transaction,
		if_tls_is_required_little_is_allowed_before_it,
		auth_needs_tls_by_default,
		a_failed_handshake_ends_the_session,
		without_memory_tls_started_may_be_called_again,
		after_tls_is_gone_nothing_more_is_read,
	};

	return suite_run("tls", tests, ROWS(tests));
}
