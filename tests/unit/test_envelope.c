/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests a transaction that needs more memory than the room with which it
 * begins: src/session/envelope.c. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

static void
recipient(char line[80], size_t index)
{
	(void)snprintf(line, 80, "RCPT TO:<r%zu.%0*d@d.example>\r\n", index,
	    (int)(index * 7 % 40) + 1, 0);
}

static void
resume(void)
{
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_OK),
	    MAILIN_OK);
	client_drain(&client);
}

/* Fails unless the pending command is this line. */
static void
check_pending(const char *line)
{
	struct mailin_command command, wanted;

	ck_assert(mailin_session_command(client.session, &command));
	mailin_command_parse(&wanted, line, strlen(line));
	ck_assert(mailin_span_iequal_span(command.rcpt.path.local,
	    wanted.rcpt.path.local));
}

static void
check_recipients(size_t count)
{
	struct mailin_command wanted;
	struct mailin_rcpt rcpt;
	char line[80];
	size_t i;

	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), count);
	for (i = 0; i < count; i++) {
		recipient(line, i);
		mailin_command_parse(&wanted, line, strlen(line));
		ck_assert(mailin_session_rcpt(client.session, i, &rcpt));
		ck_assert(mailin_span_iequal_span(rcpt.path.local,
		    wanted.rcpt.path.local));
	}
}

/* The decision on each RCPT is PENDING at first, and so is that on a VRFY
 * between two RCPT commands.  The second message reuses the memory of the
 * first. */
START_TEST(an_envelope_may_outgrow_its_room_while_it_waits)
{
	char line[80];
	size_t i, turn;

	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	client.answers[ON_VRFY] = MAILIN_REPLY_PENDING;
	for (turn = 0; turn < 2; turn++) {
		client_envelope(&client, 0);
		for (i = 0; i < 40; i++) {
			recipient(line, i);
			client_octets(&client, mailin_span_of(line));
			check_pending(line);
			check_recipients(i);
			resume();
			client_octets(&client, SPAN("VRFY abcdefghijk\r\n"));
			check_recipients(i + 1);
			resume();
		}
		client_expect(&client, "RSET", "250 2.0.0");
	}
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_envelope_may_outgrow_its_room_while_it_waits,
	};

	return suite_run("envelope", tests, ROWS(tests));
}
