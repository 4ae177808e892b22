/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_BACK_END_H
#define EXAMPLES_BACK_END_H

#include <stdbool.h>
#include <stdio.h>

#include <mailin.h>

/*
 * The client's side of SMTP and LMTP, as far as a filter needs it.  Commands
 * and octets are written to out; back_end_hear sends them.
 */
struct back_end {
	const char *host, *port;
	bool lmtp;

	FILE *in, *out;      /* NULL: not connected */
	char keywords[2048]; /* the reply to EHLO */

	/* The last reply. */
	int code;          /* 0: none came */
	char enhanced[12]; /* of the code's class */
	char text[2048];   /* its lines, with newlines between */
};

/* Connect and greet, unless that is done.  False: it does not answer. */
bool back_end_call(struct back_end *back_end);

/* Send what is waiting, and read a reply.  False: there is none. */
bool back_end_hear(struct back_end *back_end);

/* The keyword stands in the reply to EHLO. */
bool back_end_offers(const struct back_end *back_end, const char *keyword);

/*
 * Tell the back end, if it offers XFORWARD, whose mail comes next: what the
 * client has told by XFORWARD of its own client, or else what is known of the
 * client itself.  Call it before each MAIL, since a server forgets it with the
 * transaction.  False: no reply.
 */
bool back_end_forward(struct back_end *back_end,
    const struct mailin_session *session);

void back_end_hang_up(struct back_end *back_end);

#endif
