/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests sessions in which each allocation fails (threat V50, property 47). */
#include <string.h>

#include "support/stage.h"

static struct client client;

struct step {
	const char *line;  /* CR LF is added, except to chunks */
	const char *reply; /* the replies if nothing fails; NULL: none */
};

struct script {
	const char *name;
	bool lmtp;
	const struct step steps[16];
};

static const struct script scripts[] = {
	{ "DATA", false,
	    { { "EHLO a.client.with.quite.a.long.name.example.org", "250" },
		{ "MAIL FROM:<a@b> SIZE=10 RET=FULL", "250 2.1.0" },
		{ "RCPT TO:<r1@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r2@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r3@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r4@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r5@d.example>", "250 2.1.5" }, { "DATA", "354" },
		{ "one\r\n..two\r\n.", "250 2.0.0" },
		{ "QUIT", "221 2.0.0" } } },
	{ "BDAT", false,
	    { { "EHLO c.example.org", "250" },
		{ "MAIL FROM:<a@b>", "250 2.1.0" },
		{ "RCPT TO:<r1@d.example>", "250 2.1.5" },
		{ "BDAT 5\r\nabc", "250 2.0.0" },
		{ "BDAT 5 LAST\r\nabc", "250 2.0.0" },
		{ "RSET", "250 2.0.0" } } },
	{ "LMTP", true,
	    { { "LHLO c.example.org", "250" },
		{ "MAIL FROM:<a@b>", "250 2.1.0" },
		{ "RCPT TO:<r1@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r2@d.example>", "250 2.1.5" },
		{ "RCPT TO:<r3@d.example>", "250 2.1.5" }, { "DATA", "354" },
		{ "x\r\n.", "250 2.0.0|250 2.0.0|250 2.0.0" },
		{ "NOOP", "250 2.0.0" } } },
	{ "AUTH", false,
	    { { "EHLO c.example.org", "250" }, { "AUTH PLAIN", "334" },
		{ "AHVzZXIAc2VjcmV0", "235 2.7.0" },
		{ "VRFY somebody", "252 2.0.0" },
		{ "EXPN somebody", "250 2.0.0" }, { "HELP", "214 2.0.0" },
		{ "ETRN d.example", "250 2.0.0" },
		{ "STARTTLS", "220 2.0.0" } } },
	{ "LOGIN", false,
	    { { "HELO c.example.org", "250" }, { "EHLO c.example.org", "250" },
		{ "AUTH LOGIN", "334" }, { "dXNlcg==", "334" },
		{ "c2VjcmV0", "235 2.7.0" }, { "JUNK", "500 5.5.2" } } },
	{ "a proxy", false,
	    { { "EHLO c.example.org", "250" },
		{ "XFORWARD NAME=c.example ADDR=192.0.2.1", "250 2.0.0" },
		{ "XCLIENT NAME=c.example ADDR=192.0.2.1 LOGIN=user", "220" },
		{ "EHLO c.example.org", "250" },
		{ "MAIL FROM:<a@b>", "250 2.1.0" },
		{ "RCPT TO:<r1@d.example>", "250 2.1.5" },
		{ "BURL imap://x/y LAST", "250 2.0.0" } } },
};

/* The ways in which a script is played. */
enum manner {
	WHOLE,  /* line by line, decided at once */
	PIECES, /* octet by octet */
	LATER,  /* each decision is PENDING first */
	CUSTOM, /* the handler formats each reply */
	MANNERS
};

/* Format the reply to a decision, with the codes of the standard reply.  So the
 * replies to a script have the same codes in the manner CUSTOM as in the other
 * manners. */
static enum mailin_reply
format(struct client *c, enum on on)
{
	static const char *const enhanced[ON_DECISIONS] = {
		[ON_STARTTLS] = "2.0.0",
		[ON_AUTH] = "2.7.0",
		[ON_MAIL] = "2.1.0",
		[ON_RCPT] = "2.1.5",
		[ON_DATA_END] = "2.0.0",
		[ON_VRFY] = "2.0.0",
		[ON_EXPN] = "2.0.0",
		[ON_HELP] = "2.0.0",
		[ON_ETRN] = "2.0.0",
		[ON_XCLIENT] = "2.0.0",
		[ON_BURL] = "2.0.0"
	};
	/* clang-format off */
	static const short codes[ON_DECISIONS] = {
		[ON_CONNECT] = 220, [ON_HELO] = 250, [ON_STARTTLS] = 220,
		[ON_AUTH] = 235, [ON_MAIL] = 250, [ON_RCPT] = 250,
		[ON_DATA_START] = 354, [ON_DATA] = 250, [ON_DATA_END] = 250,
		[ON_VRFY] = 252, [ON_EXPN] = 250, [ON_HELP] = 214,
		[ON_ETRN] = 250, [ON_XCLIENT] = 250, [ON_BURL] = 250,
	};
	/* clang-format on */

	return mailin_session_reply(c->session, codes[on],
	    enhanced[on] != NULL ? enhanced[on] : "",
	    "a text of quite some length, for %s, at the length of %d",
	    client_on_name(on), on);
}

static void
format_each(struct client *c, enum on on)
{
	if (on < ON_VERB)
		c->answers[on] = format(c, on);
}

static void
resume_all(void)
{
	uint64_t token;

	client_drain(&client);
	while ((token = mailin_session_decision(client.session)) != 0) {
		if (mailin_session_resume(client.session, token,
			MAILIN_REPLY_OK) != MAILIN_OK)
			ck_abort_msg("cannot resume");
		client_drain(&client);
	}
}

static void
say(const char *line, enum manner manner)
{
	char text[256];
	size_t at, used, len = strlen(line) + 2;
	int idle = 0;

	memcpy(text, line, len - 2);
	memcpy(text + len - 2, "\r\n", 2);
	for (at = 0; at < len && idle < 3; at += used) {
		used = client_feed(&client, text + at,
		    manner == PIECES ? 1 : len - at);
		resume_all();
		idle = used > 0 ? 0 : idle + 1;
	}
}

static void
begin(const struct script *script, enum manner manner)
{
	struct stage stage = { .pending = ON_COUNT, .refused = ON_COUNT };
	int i;

	stage.flags = STAGE_UNOPENED | (script->lmtp ? STAGE_LMTP : 0);
	stage_open(&stage, &client);
	for (i = ON_HELO; manner == LATER && i < ON_VERB; i++)
		client.answers[i] = i == ON_DATA ? MAILIN_REPLY_OK :
						   MAILIN_REPLY_PENDING;
	if (manner == CUSTOM)
		client.hook = format_each;
}

/* Returns true if the reply "got" may replace the usual reply when memory
 * fails. */
static bool
is_for_memory(const char *got, const char *line)
{
	/* If the session knows that the line is EHLO, the reply has no
	 * enhanced code (RFC 2034 3). */
	if (strcmp(got, "452") == 0)
		return strchr("EHL", line[0]) != NULL;
	return strcmp(got, "452 4.3.1") == 0 || strcmp(got, "454 4.7.0") == 0;
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		n++;
	}
	return n;
}

/* Returns true if the client got a positive reply for each recipient for which
 * the handler accepted the message.  The log lists the calls of the
 * callbacks. */
static bool
is_told(const char *got)
{
	size_t n = count(client_log(&client), "data_end");

	return n == 0 ||
	    (count(got, "250 2.0.0") == n &&
		strlen(got) == n * strlen("250 2.0.0|") - 1);
}

/* Play the script while allocation n fails.  Returns false if there are fewer
 * allocations.  Only replies about memory may differ, and a stored message
 * must get a positive reply. */
static bool
play(const struct script *script, int manner, uint64_t n, bool on)
{
	const struct step *step;
	bool failed = false, has_failed;
	uint64_t calls;

	begin(script, (enum manner)manner);
	calls = client.heap.calls;
	heap_fail(&client.heap, n, on);
	client_drain(&client);
	if (strcmp(client_replies(&client), "220") != 0)
		ck_abort_msg("%s, %d: no greeting", script->name, (int)n);
	for (step = script->steps; step->line != NULL; step++) {
		const char *got;

		(void)client_log(&client);
		say(step->line, (enum manner)manner);
		got = client_replies(&client);
		if (strcmp(got, step->reply) == 0)
			continue;
		if (!is_told(got) ||
		    (!failed && !is_for_memory(got, step->line)))
			ck_abort_msg("%s, manner %d, allocation %d%s: %s gives"
				     " %s",
			    script->name, manner, (int)n, on ? " and on" : "",
			    step->line, got);
		failed = true;
	}
	has_failed = client.heap.calls >= calls + n;
	client_end(&client);
	return has_failed;
}

START_TEST(an_allocation_that_fails_costs_a_command_at_most)
{
	size_t i;
	uint64_t n;
	int manner;

	for (i = 0; i < ROWS(scripts); i++)
		for (manner = 0; manner < MANNERS; manner++) {
			for (n = 1; play(&scripts[i], manner, n, false); n++)
				continue;
			ck_assert_uint_gt(n, 2);
		}
}
END_TEST

START_TEST(without_more_memory_replies_are_still_given)
{
	size_t i;
	uint64_t n;
	int manner;

	for (i = 0; i < ROWS(scripts); i++)
		for (manner = 0; manner < MANNERS; manner++)
			for (n = 1; play(&scripts[i], manner, n, true); n++)
				continue;
}
END_TEST

/* After a failed allocation the session goes on.  When there is memory again,
 * all commands succeed. */
START_TEST(the_session_lives_on_when_memory_is_back)
{
	const struct step *step;
	uint64_t n;
	int manner;

	for (manner = 0; manner < MANNERS; manner++)
		for (n = 1; n < 30; n++) {
			begin(&scripts[0], (enum manner)manner);
			client_drain(&client);
			heap_fail(&client.heap, n, n % 2);
			for (step = scripts[0].steps; step[1].line != NULL;
			     step++)
				say(step->line, (enum manner)manner);
			heap_fail(&client.heap, 0, false);
			/* End the message, which is still open.  If DATA was
			 * refused, the message was read as commands instead. */
			say("\r\n.", (enum manner)manner);
			(void)client_replies(&client);
			for (step = scripts[0].steps; step->line != NULL;
			     step++) {
				const char *got;

				say(step->line, (enum manner)manner);
				got = client_replies(&client);
				if (strcmp(got, step->reply) != 0)
					ck_abort_msg("manner %d, allocation "
						     "%d: then %s gives %s",
					    manner, (int)n, step->line, got);
			}
			client_end(&client);
		}
}
END_TEST

static bool asked_of_next;

static void
look_at_next(struct client *c, enum on on)
{
	const struct mailin_peer *peer = mailin_session_next_peer(c->session);

	asked_of_next |= on == ON_XCLIENT && peer != NULL &&
	    mailin_span_equal(peer->address, "192.0.2.9");
}

/* If memory fails, XCLIENT is carried out completely or refused.  The handler
 * is called only if the session can show it the new peer. */
START_TEST(xclient_is_carried_out_or_refused)
{
	const struct mailin_peer *peer;
	uint64_t n;

	for (n = 1; n < 12; n++) {
		begin(&scripts[0], WHOLE);
		client.hook = look_at_next;
		asked_of_next = false;
		client_drain(&client);
		say("EHLO c", WHOLE);
		(void)client_replies(&client);
		heap_fail(&client.heap, n, false);
		say("XCLIENT ADDR=192.0.2.9 LOGIN=user", WHOLE);
		peer = mailin_session_peer(client.session);
		if (strcmp(client_replies(&client), "220") == 0)
			ck_assert_msg(mailin_span_equal(mailin_session_identity(
							    client.session),
					  "user") &&
				mailin_span_equal(peer->address, "192.0.2.9") &&
				asked_of_next,
			    "allocation %d", (int)n);
		else
			ck_assert(mailin_session_identity(client.session).ptr ==
				NULL &&
			    peer == NULL &&
			    mailin_session_offers(client.session,
				MAILIN_EXTENSION_XCLIENT));
		client_end(&client);
	}
}
END_TEST

/* Without memory for the PROXY header, or for the greeting, the client gets
 * 421. */
START_TEST(a_proxy_header_without_memory_gets_421)
{
	uint64_t n;

	for (n = 1; n < 5; n++) {
		client_init(&client);
		client_begin(&client);
		ck_assert_int_eq(mailin_session_expect_proxy(client.session),
		    MAILIN_OK);
		heap_fail(&client.heap, n, true);
		client_octets(&client,
		    SPAN("PROXY TCP4 192.0.2.1 192.0.2.2 5000 25\r\n"));
		ck_assert_str_eq(client_replies(&client),
		    mailin_session_want(client.session) == MAILIN_WANT_CLOSE ?
			"421" :
			"220");
		client_end(&client);
	}
}
END_TEST

/* A session without memory can be ended in every stage (property 48). */
START_TEST(every_stage_can_be_left_without_memory)
{
	size_t i;
	uint64_t n;

	for (i = 0; i < stages_count; i++)
		for (n = 1; n < 25; n++) {
			stage_open(&stages[i], &client);
			heap_fail(&client.heap, n, n % 2);
			stage_play(&stages[i], &client);
			(void)mailin_session_shutdown(client.session);
			(void)mailin_session_timed_out(client.session);
			client_drain(&client);
			(void)mailin_session_eof(client.session);
			client_drain(&client);
			client_end(&client);
		}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_allocation_that_fails_costs_a_command_at_most,
		without_more_memory_replies_are_still_given,
		the_session_lives_on_when_memory_is_back,
		xclient_is_carried_out_or_refused,
		a_proxy_header_without_memory_gets_421,
		every_stage_can_be_left_without_memory,
	};

	return suite_run("failure", tests, ROWS(tests));
}
