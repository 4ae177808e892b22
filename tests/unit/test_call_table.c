/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Tests the table in mailin/session.h, which says what each function returns in
 * each state of a session.  This program reads the table from the header, and
 * calls the functions.
 */
#include <stdio.h>
#include <string.h>

#include "support/client.h"
#include "support/document.h"

enum stage {
	BEFORE,
	OPEN,
	PENDING,
	CLOSED,
	INSIDE,
	TABLE_STAGES,
	/* More states, in which only the last column is tested. */
	UNDECIDED = TABLE_STAGES, /* the verdict on a message is pending */
	FULL, /* the second reply to a message waits for room in the output */
	HANDSHAKE, /* want is TLS */
	ALL_STAGES
};

static struct client client;
static size_t shown; /* the octets of output that can be sent */

/* ---- Calls, whose results are spelled as in the table -------------------- */

static const char *
word_if(bool done)
{
	return done ? "OK" : "-";
}

#define CALL(name) static const char *call_##name(struct mailin_session *s)

/* The functions that get only the session, and return an enum mailin_error. */
#define PLAIN_CALL(name) \
	CALL(name) \
	{ \
		return mailin_error_name(mailin_session_##name(s)); \
	}

PLAIN_CALL(expect_proxy)
PLAIN_CALL(expect_tls)
PLAIN_CALL(eof)
PLAIN_CALL(timed_out)
PLAIN_CALL(shutdown)

CALL(abort)
{
	return mailin_error_name(mailin_session_abort(s, MAILIN_CLOSE_ABORT));
}

CALL(set_peer)
{
	static const struct mailin_peer peer = { .port = 1 };

	return mailin_error_name(mailin_session_set_peer(s, &peer));
}

CALL(set_extension)
{
	return mailin_error_name(
	    mailin_session_set_extension(s, MAILIN_EXTENSION_XCLIENT, true));
}

CALL(want)
{
	return word_if(mailin_want_name(mailin_session_want(s))[0] != '?');
}

CALL(feed)
{
	return word_if(mailin_session_feed(s, "RSET\r\n", 6) == 6);
}

CALL(output)
{
	return word_if(mailin_session_output(s).len > 0);
}

CALL(sent)
{
	return mailin_error_name(mailin_session_sent(s, shown));
}

CALL(reply)
{
	return word_if(mailin_session_reply(s, 550, "", "%s", "no") ==
	    MAILIN_REPLY_CUSTOM);
}

CALL(reply_text)
{
	return word_if(mailin_session_reply_text(s, 550, "", SPAN("no")) ==
	    MAILIN_REPLY_CUSTOM);
}

CALL(challenge)
{
	return word_if(
	    mailin_session_challenge(s, "x", 1) == MAILIN_REPLY_CUSTOM);
}

CALL(decision)
{
	return word_if(mailin_session_decision(s) != 0);
}

CALL(resume)
{
	return mailin_error_name(mailin_session_resume(s,
	    mailin_session_decision(s), MAILIN_REPLY_OK));
}

CALL(ehlo_keyword)
{
	return mailin_error_name(mailin_session_ehlo_keyword(s, "X-A", ""));
}

CALL(set_identity)
{
	return mailin_error_name(mailin_session_set_identity(s, "ann"));
}

CALL(tls_started)
{
	static const struct mailin_tls tls = { .version = TEXT("TLSv1.3") };

	return mailin_error_name(mailin_session_tls_started(s, &tls));
}

CALL(timeout)
{
	(void)mailin_session_timeout(s);
	return "OK";
}

CALL(progress)
{
	(void)mailin_session_progress(s);
	return "OK";
}

CALL(free)
{
	mailin_session_free(s);
	client.session = NULL;
	return "OK";
}

#define ROW(name) \
	{ \
#name, call_##name \
	}

static const struct {
	const char *name;
	const char *(*call)(struct mailin_session *s);
} calls[] = { ROW(set_peer), ROW(set_extension), ROW(expect_proxy),
	ROW(expect_tls), ROW(want), ROW(feed), ROW(eof), ROW(output), ROW(sent),
	ROW(reply), ROW(reply_text), ROW(challenge), ROW(decision), ROW(resume),
	ROW(ehlo_keyword), ROW(set_identity), ROW(tls_started), ROW(abort),
	ROW(timed_out), ROW(shutdown), ROW(timeout), ROW(progress), ROW(free) };

/* ---- The table ----------------------------------------------------------- */

static struct line {
	char name[24];
	char words[TABLE_STAGES][8];
	char calls_back[4];
} table[ROWS(calls) + 8];
static size_t lines;
static const char *header;

static void
read_table(void)
{
	const char *at;

	header = document_read("include/mailin/session.h");
	at = strstr(header, " *\tcall ");
	ck_assert_ptr_nonnull(at);
	for (lines = 0; lines < ROWS(table); lines++) {
		struct line *line = &table[lines];

		at = strchr(at, '\n') + 1;
		if (strncmp(at, " *\t", 3) != 0 ||
		    sscanf(at, " *\t%23s %7s %7s %7s %7s %7s %3s", line->name,
			line->words[BEFORE], line->words[OPEN],
			line->words[PENDING], line->words[CLOSED],
			line->words[INSIDE], line->calls_back) != 7)
			break;
	}
}

static const struct line *
find_line(const char *name)
{
	size_t i;

	for (i = 0; i < lines; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	ck_abort_msg("%s is not in the table", name);
	return NULL;
}

/* ---- Calling a function in a state --------------------------------------- */

static size_t current;
static const char *returned;

static void
call_inside(struct client *c, enum on on)
{
	if (on == ON_RCPT && returned == NULL)
		returned = calls[current].call(c->session);
}

static void
feed(const char *line)
{
	ck_assert_uint_eq(
	    mailin_session_feed(client.session, line, strlen(line)),
	    strlen(line));
}

/* Send a message.  In FULL it has two recipients, each of which gets a reply
 * (LMTP), and the output has room for one reply. */
static void
send_message(enum stage stage)
{
	client_greet(&client);
	client_envelope(&client, stage == FULL ? 2 : 1);
	client_expect(&client, "DATA", "354");
	if (stage == UNDECIDED)
		client.answers[ON_DATA_END] = MAILIN_REPLY_PENDING;
	feed(".\r\n");
	shown = mailin_session_output(client.session).len;
}

/* Send commands.  In each state there are replies in the output. */
static void
send_commands(enum stage stage)
{
	client_expect(&client, "EHLO c", "250");
	feed("MAIL FROM:<a@b>\r\n");
	if (stage == CLOSED)
		feed("QUIT\r\n");
	if (stage == PENDING)
		client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	if (stage == INSIDE)
		client.hook = call_inside;
	if (stage == PENDING || stage == INSIDE)
		feed("RCPT TO:<c@d>\r\n");
}

/* Make a session.  Allow pipelining, because otherwise the session would be
 * closed if it is fed before its greeting was sent. */
static void
make_session(enum stage stage)
{
	client_init(&client);
	client_set(&client, "pipelining", "allow");
	if (stage == FULL) {
		client_set(&client, "protocol", "lmtp");
		client_set(&client, "output", "4096");
	}
	mailin_config_set_extension(client.config, MAILIN_EXTENSION_STARTTLS,
	    true);
	client.logs_delivered = true;
	client_begin(&client);
}

/* Make a session, and bring it into a state. */
static void
begin(enum stage stage)
{
	shown = 0;
	make_session(stage);
	if (stage == BEFORE)
		return;
	client_drain(&client);
	if (stage < TABLE_STAGES) {
		send_commands(stage);
	} else if (stage == HANDSHAKE) {
		client_greet(&client);
		client_expect(&client, "STARTTLS", "220 2.0.0");
	} else {
		send_message(stage);
	}
}

/* Call the current function in this state.  Returns the number of octets that
 * callbacks then added to the log. */
static size_t
make_call(enum stage stage)
{
	size_t before;

	returned = NULL;
	begin(stage);
	before = client.log.len;
	if (stage != INSIDE)
		returned = calls[current].call(client.session);
	return stage != INSIDE ? client.log.len - before : 0;
}

static void
check_word(const struct line *line, enum stage stage)
{
	if (returned == NULL || strcmp(returned, line->words[stage]) != 0)
		ck_abort_msg("%s in state %d returns %s, the table says %s",
		    line->name, (int)stage,
		    returned != NULL ? returned : "nothing",
		    line->words[stage]);
}

/* A call returns what the table says.  In at least one state it calls a
 * callback, if and only if the table says yes. */
START_TEST(each_call_does_what_the_table_says)
{
	int stage;

	read_table();
	for (current = 0; current < ROWS(calls); current++) {
		const struct line *line = find_line(calls[current].name);
		size_t logged = 0;

		for (stage = 0; stage < ALL_STAGES; stage++) {
			logged += make_call((enum stage)stage);
			if (stage < TABLE_STAGES)
				check_word(line, (enum stage)stage);
			client_end(&client);
		}
		if (strcmp(line->calls_back, logged > 0 ? "yes" : "no") != 0)
			ck_abort_msg("%s: the table says %s", line->name,
			    line->calls_back);
	}
}
END_TEST

static void
call_in_reset(struct client *c, enum on on)
{
	if (on != ON_RESET)
		return;
	ck_assert_str_eq(call_reply(c->session), "-");
	ck_assert_str_eq(call_reply_text(c->session), "-");
	ck_assert_str_eq(call_decision(c->session), "-");
	ck_assert_str_eq(call_resume(c->session), "BUSY");
	returned = "called";
}

START_TEST(a_callback_that_decides_nothing_has_no_reply)
{
	returned = NULL;
	begin(OPEN);
	client.hook = call_in_reset;
	feed("RSET\r\n");
	ck_assert_ptr_nonnull(returned);
	client_end(&client);
}
END_TEST

/* Returns the number of functions that the header declares, without
 * mailin_session_new.  Each of them must be in the table. */
static size_t
find_calls(void)
{
	const char *at;
	size_t found = 0;
	char name[32];

	for (at = header; (at = strstr(at, "MAILIN_EXPORT ")) != NULL; at++) {
		const char *end = strchr(at, ';');
		const char *function = strstr(at, "mailin_session_");

		if (function == NULL || function > end ||
		    sscanf(function, "mailin_session_%31[a-z_]", name) != 1 ||
		    strcmp(name, "new") == 0)
			continue;
		(void)find_line(name);
		found++;
	}
	return found;
}

/* Every function of session.h and decision.h is in the table, and this program
 * calls it. */
START_TEST(the_table_has_every_call)
{
	size_t found;

	read_table();
	ck_assert_uint_eq(lines, ROWS(calls));
	found = find_calls();
	header = document_read("include/mailin/decision.h");
	found += find_calls();
	ck_assert_uint_eq(found, lines);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_call_does_what_the_table_says,
		a_callback_that_decides_nothing_has_no_reply,
		the_table_has_every_call,
	};

	return suite_run("call_table", tests, ROWS(tests));
}
