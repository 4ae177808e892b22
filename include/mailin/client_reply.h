/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CLIENT_REPLY_H
#define MAILIN_CLIENT_REPLY_H

#include <stdint.h>

#include <mailin/span.h>

/* The replies of a server, as mailin_client_feed returns them (RFC 5321 4.2),
 * and the faults of a server. */

/* The maximum number of lines in a reply. */
#define MAILIN_CLIENT_LINES 100

/* The maximum length of a reply's text, in octets. */
#define MAILIN_CLIENT_TEXT 2048

/* The steps of a connection that have a reply: what a reply is to.  The program
 * need not count replies, even if it sends several commands at once. */
enum mailin_client_step {
	MAILIN_CLIENT_NONE, /* a 421 that no command waits for (RFC 5321
				   3.8) */
	MAILIN_CLIENT_GREETING,
	MAILIN_CLIENT_HELLO,    /* EHLO, LHLO */
	MAILIN_CLIENT_STARTTLS, /* RFC 3207 */
	MAILIN_CLIENT_AUTH,     /* RFC 4954, mailin_client_auth_plain */
	MAILIN_CLIENT_XCLIENT,  /* Postfix, XCLIENT_README */
	MAILIN_CLIENT_XFORWARD, /* Postfix, XFORWARD_README */
	MAILIN_CLIENT_MAIL,
	MAILIN_CLIENT_RCPT,
	MAILIN_CLIENT_DATA,
	MAILIN_CLIENT_MESSAGE, /* the end of the message */
	MAILIN_CLIENT_RSET,
	MAILIN_CLIENT_NOOP,
	MAILIN_CLIENT_QUIT,
	MAILIN_CLIENT_SASL,     /* mailin_client_auth */
	MAILIN_CLIENT_RESPONSE, /* mailin_client_auth_respond */
	MAILIN_CLIENT_CANCEL,   /* mailin_client_auth_cancel */
	MAILIN_CLIENT_COUNT
};

/* How a server can break the protocol.  After a fault the client has no output
 * and reads nothing more: close the connection.  A message whose reply has not
 * come may have arrived all the same. */
enum mailin_client_fault {
	MAILIN_CLIENT_FAULT_NONE,
	MAILIN_CLIENT_FAULT_SYNTAX,    /* octets that are no reply (RFC 5321
					  4.2) */
	MAILIN_CLIENT_FAULT_LONG_LINE, /* a line that is too long */
	MAILIN_CLIENT_FAULT_LINES,     /* more than MAILIN_CLIENT_LINES lines */
	MAILIN_CLIENT_FAULT_NEW_CODE,  /* the code changes within a reply */
	MAILIN_CLIENT_FAULT_UNASKED,   /* a reply that came before its command
					  was sent, or a second reply */
	MAILIN_CLIENT_FAULT_CODE,      /* a code that no reply to this command
					  can have, such as 250 to DATA */
	MAILIN_CLIENT_FAULT_CLEAR,     /* octets in clear after the 220 to
					  STARTTLS (CVE-2011-0411) */
	MAILIN_CLIENT_FAULT_EOF,       /* the server closed the connection
					  before all replies came */
	MAILIN_CLIENT_FAULT_COUNT
};

/* A reply.  Its text is valid until the next call of mailin_client_feed or
 * mailin_client_free. */
struct mailin_client_reply {
	enum mailin_client_step of;
	/* If "of" is RCPT: the index of this RCPT command in its transaction,
	 * from 0.  If "of" is MESSAGE, in LMTP: the index of the RCPT command
	 * whose recipient this reply is for.  Otherwise 0. */
	size_t rcpt;
	int code; /* 200 to 559; 3xx only as 354 to DATA, and as 334 to SASL
		     and RESPONSE */
	/* The enhanced code of the first line (RFC 2034), such as "5.1.1", or
	 * "".  Its class is that of the code. */
	char enhanced[12];
	/*
	 * The text, without codes.  LF separates its lines.  All octets are
	 * printable ASCII, or UTF-8 in a transaction with SMTPUTF8; a tab
	 * became a blank.  Lines that do not fit in MAILIN_CLIENT_TEXT octets
	 * are left out.  It may be passed to mailin_session_reply_text
	 * unchanged.
	 *
	 * If the code is 334, the text is the challenge, decoded from base64:
	 * at most 1530 octets, each of any value.
	 */
	struct mailin_span text;

	uint64_t reserved[4];
};

/* The result of mailin_client_feed.  After REPLY call it again, before the
 * program reads from the connection: another reply may have come already. */
enum mailin_client_event {
	MAILIN_CLIENT_MORE,  /* more octets are needed */
	MAILIN_CLIENT_REPLY, /* a reply has come */
	MAILIN_CLIENT_FAULT  /* the server is at fault; close the connection */
};

/* Returns the last part of the enumerator: "MAIL" for MAILIN_CLIENT_MAIL,
 * "LONG_LINE" for MAILIN_CLIENT_FAULT_LONG_LINE, a constant.  Returns "?" for
 * any other value. */
MAILIN_EXPORT const char *mailin_client_step_name(enum mailin_client_step step);
MAILIN_EXPORT const char *mailin_client_fault_name(
    enum mailin_client_fault fault);

#endif
