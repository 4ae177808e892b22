/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_BACK_END_H
#define EXAMPLES_BACK_END_H

#include <stdbool.h>
#include <stdio.h>

#include <mailin.h>

/* The client's side of SMTP and LMTP, as much as a filter needs.  Write
 * commands and octets to out; back_end_hear sends them. */
struct back_end {
	const char *host, *port;
	bool lmtp;

	FILE *in, *out;      /* NULL: not connected */
	char keywords[2048]; /* the reply to EHLO */

	/* The last reply. */
	int code;          /* 0: no reply came */
	char enhanced[12]; /* its class is that of code */
	char text[2048];   /* its lines, separated by newlines */
};

/* Connect and send EHLO, if that is not done yet.  Returns false if the back
 * end does not reply. */
bool back_end_call(struct back_end *back_end);

/* Send what was written to out, and read a reply.  Returns false if no reply
 * comes. */
bool back_end_hear(struct back_end *back_end);

/* Returns true if the keyword is in the reply to EHLO. */
bool back_end_offers(const struct back_end *back_end, const char *keyword);

/*
 * If the back end offers XFORWARD, name the client of the next mail: the
 * client that the filter's own client has named by XFORWARD, otherwise the
 * filter's client.  Call this before each MAIL, because the back end forgets
 * the facts at the end of a transaction.  Returns false if no reply comes.
 */
bool back_end_forward(struct back_end *back_end,
    const struct mailin_session *session);

void back_end_hang_up(struct back_end *back_end);

#endif
