/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Compares the table of states with a second copy of it.  Whoever changes
 * src/config/rules.c changes this copy, too.  A cell of the copy has an event,
 * the state after a positive reply, and the state after a negative reply.  An
 * event without a cell is not allowed in this state.
 */
#include <stdio.h>
#include <string.h>

#include "support/rule_names.h"
#include "support/suite.h"

struct state_row {
	const char *state, *cells;
};

/* clang-format off */
static const struct state_row rows[] = {
	{ "NEW",
	    "(connect)=START/REFUSED;"
	    "(handshake)=NEW/CLOSED;"
	    "(PROXY expected)=PROXY/PROXY;"
	    "(TLS expected)=TLS-FIRST/TLS-FIRST;"
	    "(close)=CLOSED/CLOSED;" },
	{ "PROXY",
	    "(handshake)=PROXY/CLOSED;"
	    "(PROXY expected)=PROXY/PROXY;"
	    "(TLS expected)=PROXY-TLS/PROXY-TLS;"
	    "(PROXY header)=NEW/CLOSED;"
	    "(close)=CLOSED/CLOSED;" },
	{ "PROXY-TLS",
	    "(PROXY expected)=PROXY-TLS/PROXY-TLS;"
	    "(TLS expected)=PROXY-TLS/PROXY-TLS;"
	    "(PROXY header)=TLS-FIRST/CLOSED;"
	    "(close)=CLOSED/CLOSED;" },
	{ "START",
	    "(unknown)=START/START;"
	    "HELO=READY/START;"
	    "EHLO=READY/START;"
	    "LHLO=READY/START;"
	    "RSET=START/START;"
	    "NOOP=START/START;"
	    "VRFY=START/START;"
	    "EXPN=START/START;"
	    "HELP=START/START;"
	    "QUIT=CLOSED/CLOSED;"
	    "XCLIENT=START/START;"
	    "(close)=CLOSED/CLOSED;" },
	{ "REFUSED",
	    "QUIT=CLOSED/CLOSED;"
	    "(close)=CLOSED/CLOSED;" },
	{ "READY",
	    "(unknown)=READY/READY;"
	    "HELO=READY/READY;"
	    "EHLO=READY/READY;"
	    "LHLO=READY/READY;"
	    "MAIL=MAIL/READY;"
	    "RSET=READY/READY;"
	    "NOOP=READY/READY;"
	    "VRFY=READY/READY;"
	    "EXPN=READY/READY;"
	    "HELP=READY/READY;"
	    "QUIT=CLOSED/CLOSED;"
	    "STARTTLS=TLS/READY;"
	    "AUTH=AUTH/READY;"
	    "ETRN=READY/READY;"
	    "XCLIENT=START/READY;"
	    "XFORWARD=READY/READY;"
	    "(close)=CLOSED/CLOSED;" },
	{ "MAIL",
	    "(unknown)=MAIL/MAIL;"
	    "HELO=READY/MAIL;"
	    "EHLO=READY/MAIL;"
	    "LHLO=READY/MAIL;"
	    "RCPT=RCPT/MAIL;"
	    "RSET=READY/MAIL;"
	    "NOOP=MAIL/MAIL;"
	    "VRFY=MAIL/MAIL;"
	    "EXPN=MAIL/MAIL;"
	    "HELP=MAIL/MAIL;"
	    "QUIT=CLOSED/CLOSED;"
	    "STARTTLS=TLS/MAIL;"
	    "(close)=CLOSED/CLOSED;" },
	{ "RCPT",
	    "(unknown)=RCPT/RCPT;"
	    "HELO=READY/RCPT;"
	    "EHLO=READY/RCPT;"
	    "LHLO=READY/RCPT;"
	    "RCPT=RCPT/RCPT;"
	    "DATA=DATA/RCPT;"
	    "BDAT=CHUNKS/CHUNKS-FAILED;"
	    "RSET=READY/RCPT;"
	    "NOOP=RCPT/RCPT;"
	    "VRFY=RCPT/RCPT;"
	    "EXPN=RCPT/RCPT;"
	    "HELP=RCPT/RCPT;"
	    "QUIT=CLOSED/CLOSED;"
	    "STARTTLS=TLS/RCPT;"
	    "BURL=CHUNKS/CHUNKS-FAILED;"
	    "(close)=CLOSED/CLOSED;" },
	{ "DATA",
	    "(message refused)=DATA/DATA;"
	    "(end of message)=READY/READY;"
	    "(close)=CLOSED/CLOSED;" },
	{ "CHUNKS",
	    "(unknown)=CHUNKS/CHUNKS;"
	    "HELO=READY/CHUNKS;"
	    "EHLO=READY/CHUNKS;"
	    "LHLO=READY/CHUNKS;"
	    "BDAT=CHUNKS/CHUNKS-FAILED;"
	    "RSET=READY/CHUNKS;"
	    "NOOP=CHUNKS/CHUNKS;"
	    "VRFY=CHUNKS/CHUNKS;"
	    "EXPN=CHUNKS/CHUNKS;"
	    "HELP=CHUNKS/CHUNKS;"
	    "QUIT=CLOSED/CLOSED;"
	    "BURL=CHUNKS/CHUNKS-FAILED;"
	    "(message refused)=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "(end of message)=READY/READY;"
	    "(close)=CLOSED/CLOSED;" },
	{ "CHUNKS-FAILED",
	    "(unknown)=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "HELO=READY/CHUNKS-FAILED;"
	    "EHLO=READY/CHUNKS-FAILED;"
	    "LHLO=READY/CHUNKS-FAILED;"
	    "BDAT=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "RSET=READY/CHUNKS-FAILED;"
	    "NOOP=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "VRFY=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "EXPN=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "HELP=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "QUIT=CLOSED/CLOSED;"
	    "BURL=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "(message refused)=CHUNKS-FAILED/CHUNKS-FAILED;"
	    "(end of message)=READY/READY;"
	    "(close)=CLOSED/CLOSED;" },
	{ "AUTH",
	    "(challenge)=AUTH/AUTH;"
	    "(end of AUTH)=READY/READY;"
	    "(close)=CLOSED/CLOSED;" },
	{ "TLS",
	    "(handshake)=START/CLOSED;"
	    "(close)=CLOSED/CLOSED;" },
	{ "TLS-FIRST",
	    "(handshake)=NEW/CLOSED;"
	    "(PROXY expected)=PROXY-TLS/PROXY-TLS;"
	    "(TLS expected)=TLS-FIRST/TLS-FIRST;"
	    "(close)=CLOSED/CLOSED;" },
	{ "CLOSED",
	    "" },
};
/* clang-format on */

static void
print_cells(enum mailin_state state, char *out, size_t room)
{
	int event;

	out[0] = '\0';
	for (event = 0; event < EVENT_COUNT; event++) {
		struct mailin_rule rule = mailin_rule(state,
		    (enum mailin_event)event);
		size_t len = strlen(out);

		if (rule.yes != STATE_NONE || rule.no != STATE_NONE)
			snprintf(out + len, room - len, "%s=%s/%s;",
			    event_name((enum mailin_event)event),
			    state_name((enum mailin_state)rule.yes),
			    state_name((enum mailin_state)rule.no));
	}
}

START_TEST(each_cell_is_as_written_here)
{
	static char cells[4096];
	size_t i;

	ck_assert_uint_eq(ROWS(rows), STATE_COUNT - STATE_NEW);
	for (i = 0; i < ROWS(rows); i++) {
		enum mailin_state state = (enum mailin_state)(STATE_NEW + i);

		print_cells(state, cells, sizeof cells);
		ck_assert_str_eq(state_name(state), rows[i].state);
		ck_assert_str_eq(cells, rows[i].cells);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_cell_is_as_written_here,
	};

	return suite_run("cells", tests, ROWS(tests));
}
