/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how much memory a session uses, and how long it keeps the memory. */
#include <string.h>
#include <time.h>

#include "support/client.h"

static struct client client;
static size_t config_octets;

static void
start_with(const char *protocol, const char *rcpts)
{
	client_init(&client);
	client_set(&client, "extensions",
	    "PIPELINING,ENHANCEDSTATUSCODES,"
	    "SIZE,8BITMIME,CHUNKING,SMTPUTF8,DSN,ETRN");
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "protocol", protocol);
	client_set(&client, "recipients", rcpts);
	client_set(&client, "envelope-size", "1000000");
	client_set(&client, "errors", "0");
	client_set(&client, "junk", "0");
	client_set(&client, "pipelining", "allow");
	client.quiet = true;
	config_octets = client.heap.octets;
	client_begin(&client);
	client_drain(&client);
}

static void
start(void)
{
	start_with("smtp", "1000");
}

static size_t
cost(void)
{
	return client.heap.octets - config_octets;
}

/* Feed the line octet by octet, so that the session must put it together. */
static void
say_slowly(const char *line)
{
	for (; *line != '\0'; line++) {
		if (client_feed(&client, line, 1) != 1)
			ck_abort_msg("%s is not consumed", line);
		if (*line == '\n')
			client_drain(&client);
	}
}

static void
check_idle(const char *ehlo, const struct mailin_peer *peer)
{
	start();
	if (peer != NULL) {
		mailin_session_free(client.session);
		client_begin(&client);
		ck_assert_int_eq(mailin_session_set_peer(client.session, peer),
		    MAILIN_OK);
		client_drain(&client);
	}
	say_slowly(ehlo);
	ck_assert_msg(cost() < 1024, "%s: %zu octets", ehlo, cost());
	client_end(&client);
}

/* Measure a session after its greeting, after an EHLO that came in one piece,
 * and after all its output was sent. */
START_TEST(an_idle_session_costs_512_octets)
{
	start();
	client_feed(&client, "EHLO mail.client.example.org\r\n", 30);
	client_drain(&client);
	ck_assert_msg(cost() <= 512, "%zu octets", cost());
	client_end(&client);
}
END_TEST

/* An idle session takes less than 1 KiB in all, even if its EHLO came octet by
 * octet. */
START_TEST(an_idle_session_costs_less_than_1_kib)
{
	check_idle("EHLO c.example.org\r\n", NULL);
	check_idle("EHLO a.client.with.quite.a.long.name.example.org\r\n",
	    NULL);
}
END_TEST

START_TEST(a_session_whose_peer_is_known_does_so_too)
{
	static const struct mailin_peer peer = { .address = TEXT(
						     "2001:db8:1234:5678::1"),
		.port = 54321,
		.name = TEXT("client.example.org"),
		.local_address = TEXT("2001:db8::25"),
		.local_port = 25 };

	check_idle("EHLO c.example.org\r\n", &peer);
}
END_TEST

#define USED_COST 4096

static void
check_used(const char *what)
{
	client_octets(&client, SPAN("RSET\r\n"));
	ck_assert_msg(cost() <= USED_COST, "%zu octets after %s", cost(), what);
}

START_TEST(a_used_session_keeps_little)
{
	static char line[20000];
	int i;

	start();
	say_slowly("EHLO c.example.org\r\nMAIL FROM:<a@b>\r\n");
	for (i = 0; i < 1000; i++)
		client_octets(&client, SPAN("RCPT TO:<someone@d.example>\r\n"));
	client_octets(&client, SPAN("DATA\r\n"));
	/* The many short lines of this message are collected in a buffer
	 * before the callback gets them. */
	memset(line, '\n', sizeof line);
	client_octets(&client, (struct mailin_span){ line, sizeof line });
	client_octets(&client, SPAN("x\r\n.\r\n"));
	check_used("a message for many");

	client_octets(&client, SPAN("EHLO c.example.org\r\n"));
	check_used("another EHLO");

	memset(line, 'x', sizeof line);
	memcpy(line, "NOOP ", 5);
	strcpy(line + 2048, "\r\n");
	say_slowly(line);
	check_used("a long command");

	for (i = 0; i < 1000; i++)
		client_feed(&client, "RSET\r\n", 6);
	client_drain(&client);
	check_used("many replies");

	memset(line, 'A', sizeof line);
	memcpy(line, "AUTH PLAIN ", 11);
	strcpy(line + 12287, "\r\n");
	say_slowly(line);
	check_used("a long AUTH line");
	say_slowly("AUTH PLAIN\r\n");
	memset(line, 'A', 11);
	say_slowly(line);
	check_used("a long answer");
	client_end(&client);
}
END_TEST

/* ---- Later messages allocate nothing ------------------------------------- */

START_TEST(the_steady_state_allocates_nothing)
{
	static const struct mailin_span lines[] = {
		TEXT("MAIL FROM:<a@b> SIZE=3\r\n"), TEXT("RCPT TO:<c@d>\r\n"),
		TEXT("RCPT TO:<e@f>\r\n"), TEXT("DATA\r\n"),
		TEXT("..x\r\n\n\r\n.\r\n"), TEXT("NOOP\r\n"),
		TEXT("MAIL FROM:<a@b>\r\n"), TEXT("RCPT TO:<c@d>\r\n"),
		TEXT("BDAT 3\r\nabc"), TEXT("BDAT 3 LAST\r\nabc"),
		TEXT("VRFY a\r\n"), TEXT("JUNK\r\n")
	};
	uint64_t calls = 0;
	size_t i;
	int turn;

	start();
	client_octets(&client, SPAN("EHLO c\r\n"));
	for (turn = 0; turn < 100; turn++) {
		if (turn == 2)
			calls = client.heap.calls;
		for (i = 0; i < ROWS(lines); i++)
			client_octets(&client, lines[i]);
	}
	ck_assert_uint_eq(client.heap.calls, calls);
	client_end(&client);
}
END_TEST

/* ---- A client cannot make memory grow (property 45) ---- */

struct flood {
	const char *before;
	struct mailin_span again;
};

/* Input that a client repeats very often (threats V15, V20, V43). */
static const struct flood floods[] = {
	{ "", TEXT("NOOP\r\n") },
	{ "", TEXT("\r\n") },
	{ "", TEXT("JUNK\r\n") },
	{ "", TEXT("NO\rOP\r\n") },
	{ "", TEXT("BDAT 1\r\nx") },
	{ "EHLO c\r\n", TEXT("EHLO c\r\n") },
	{ "EHLO c\r\n", TEXT("VRFY a\r\n") },
	{ "EHLO c\r\n", TEXT("AUTH LOGIN dXNlcg==\r\n*\r\n") },
	{ "EHLO c\r\n", TEXT("MAIL FROM:<a@b>\r\nRSET\r\n") },
	{ "EHLO c\r\n", TEXT("MAIL FROM:<a\r\n") },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\n", TEXT("RCPT TO:<no@d>\r\n") },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n",
	    TEXT("BDAT 1\r\nx") },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n",
	    TEXT("BDAT 0\r\n") },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
	    TEXT("x\n..\r\n.\r") },
	{ "EHLO c\r\n",
	    TEXT("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"
		 "BDAT 1 LAST\r\nx") },
	/* A line that never ends. */
	{ "", TEXT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") },
	{ "", TEXT("AUTHxxxxxxxxxxxxxxxxxxxxxxxxxxxx") },
};

static void
refuse_no(struct client *c, enum on on)
{
	struct mailin_command command;

	if (on != ON_RCPT)
		return;
	(void)mailin_session_command(c->session, &command);
	c->answers[ON_RCPT] = mailin_path_local_equal(&command.rcpt.path,
				  "no") ?
	    MAILIN_REPLY_NO_MAILBOX :
	    MAILIN_REPLY_OK;
}

START_TEST(memory_does_not_grow_with_the_commands_of_a_client)
{
	int i, turns = suite_quick() ? 3000 : 100000;
	size_t j, peak;

	for (j = 0; j < ROWS(floods); j++) {
		start();
		client.hook = refuse_no;
		client_lines(&client, floods[j].before);
		for (i = 0, peak = 0; i < turns; i++) {
			client_octets(&client, floods[j].again);
			if (i == 1000)
				peak = client.heap.peak;
		}
		ck_assert_msg(client.heap.peak == peak,
		    "%s: %zu octets, then %zu", suite_quote(floods[j].again),
		    peak, client.heap.peak);
		client_end(&client);
	}
}
END_TEST

/* The limit in the config bounds the memory for recipients (threat V20). */
START_TEST(recipients_take_no_more_than_their_limit)
{
	size_t peak = 0;
	int i;

	start_with("smtp", "100");
	client_octets(&client, SPAN("EHLO c\r\n"));
	client_octets(&client, SPAN("MAIL FROM:<a@b>\r\n"));
	for (i = 0; i < 20000; i++) {
		client_octets(&client, SPAN("RCPT TO:<someone@d.example>\r\n"));
		if (i == 100)
			peak = client.heap.peak;
	}
	ck_assert_uint_eq(client.heap.peak, peak);
	client_end(&client);
}
END_TEST

/* ---- Time is linear in the octets (threat V49, property 46) ---- */

/* Returns the CPU time that it takes to feed this many octets one by one.  The
 * octets are responses of a client in AUTH, in lines of this length. */
static clock_t
time_of(size_t octets, size_t line_len)
{
	static char line[65536 + 1];
	clock_t begun;
	size_t done;

	memset(line, 'A', sizeof line);
	strcpy(line + line_len - 2, "\r\n");
	client_init(&client);
	client_set(&client, "auth-line", "65536");
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "errors", "0");
	client_begin(&client);
	client_greet(&client);
	client.quiet = true;
	begun = clock();
	for (done = 0; done < octets; done += line_len) {
		say_slowly("AUTH PLAIN\r\n");
		say_slowly(line);
	}
	begun = clock() - begun;
	client_end(&client);
	return begun;
}

/* Lines of 65536 octets may not take many times as long as lines of 4096.  They
 * would take 16 times as long if each octet made the session read the line from
 * its start. */
START_TEST(a_line_in_pieces_is_not_read_again_and_again)
{
	size_t octets = suite_quick() ? 65536 : 1 << 20;
	clock_t brief = time_of(octets, 4096), lengthy = time_of(octets, 65536);

	ck_assert_msg(lengthy < 4 * brief + CLOCKS_PER_SEC / 50,
	    "%ld where short lines take %ld", (long)lengthy, (long)brief);
}
END_TEST

static uint64_t first_token;

static void
take_token(struct client *c, enum on on)
{
	uint64_t token = mailin_session_decision(c->session);

	if (on == ON_DATA_END && first_token == 0)
		first_token = token;
}

/* Returns the CPU time of giving this many verdicts on a message.  If backwards
 * is true, the last verdict comes first, so that no reply can be sent before
 * the end. */
static clock_t
time_of_verdicts(size_t count, bool backwards)
{
	clock_t begun;
	size_t i;

	start_with("lmtp", "100000");
	client_octets(&client, SPAN("LHLO c\r\nMAIL FROM:<a@b>\r\n"));
	client.quiet = true;
	for (i = 0; i < count; i++)
		client_octets(&client, SPAN("RCPT TO:<a@b>\r\n"));
	client.answers[ON_DATA_END] = MAILIN_REPLY_PENDING;
	client.hook = take_token;
	first_token = 0;
	client_octets(&client, SPAN("BDAT 0 LAST\r\n"));
	begun = clock();
	for (i = 0; i < count; i++)
		if (mailin_session_resume(client.session,
			first_token + (backwards ? count - 1 - i : i),
			MAILIN_REPLY_OK) != MAILIN_OK ||
		    (mailin_session_decision(client.session) != 0) !=
			(i < count - 1))
			ck_abort_msg("verdict %zu", i);
	begun = clock() - begun;
	client_end(&client);
	return begun;
}

/* Verdicts in any order take the same time.  If each verdict had to be searched
 * for, ten times as many would take a hundred times as long. */
START_TEST(verdicts_may_come_in_any_order_at_the_same_cost)
{
	size_t count = suite_quick() ? 2000 : 20000;
	clock_t few = time_of_verdicts(count / 10, true);
	clock_t many = time_of_verdicts(count, true);
	clock_t forward = time_of_verdicts(count, false);

	ck_assert_msg(many < 40 * few + CLOCKS_PER_SEC / 20 &&
		forward < 40 * few + CLOCKS_PER_SEC / 20,
	    "%ld backwards, %ld forwards, %ld for a tenth", (long)many,
	    (long)forward, (long)few);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_idle_session_costs_512_octets,
		an_idle_session_costs_less_than_1_kib,
		a_session_whose_peer_is_known_does_so_too,
		a_used_session_keeps_little,
		the_steady_state_allocates_nothing,
		memory_does_not_grow_with_the_commands_of_a_client,
		recipients_take_no_more_than_their_limit,
		a_line_in_pieces_is_not_read_again_and_again,
		verdicts_may_come_in_any_order_at_the_same_cost,
	};

	return suite_run("memory", tests, ROWS(tests));
}
