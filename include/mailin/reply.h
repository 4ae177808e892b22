/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_REPLY_H
#define MAILIN_REPLY_H

#include <mailin/export.h>

/*
 * The standard replies (RFC 5321 4.2, RFC 3463, RFC 4954 6).  A callback may
 * return them, and the tokenizer recommends some of them for a wrong line.
 * Each has a code, an enhanced code and a text, which never contains octets of
 * the client.
 *
 * OK is the positive reply of every callback: 250 2.1.0 to MAIL, 354 to DATA,
 * 235 2.7.0 to AUTH, and so on.  A positive reply has a code below 400 and
 * accepts; any other reply refuses.  After a reply with code 421 or 521, or
 * after BLOCKED_IP or BAD_HELLO, the session ends.
 *
 * The comment of each positive reply names the callbacks that may return it
 * (mailin/handler.h).  DONE is for every callback in which OK means a reply
 * with code 250.  If another callback returns DONE, that is an error of the
 * program, and 451 4.3.0 is sent instead.  Every callback may return any
 * negative reply.
 */
enum mailin_reply {
	MAILIN_REPLY_OK = 0,
	MAILIN_REPLY_PENDING, /* mailin_session_resume will give the reply */
	MAILIN_REPLY_CUSTOM,  /* the reply of mailin_session_reply */

	MAILIN_REPLY_HELP,          /* 214 2.0.0; only for the callback "query"
				       (HELP) */
	MAILIN_REPLY_GREETING,      /* 220, no enhanced code; only for the
				       callback "connect" */
	MAILIN_REPLY_START_TLS,     /* 220 2.0.0; only for the callback
				       "starttls" */
	MAILIN_REPLY_GOODBYE,       /* 221 2.0.0 to QUIT; no callback may return
				       it */
	MAILIN_REPLY_AUTH_OK,       /* 235 2.7.0; only for the callbacks "auth"
				       and "sasl" */
	MAILIN_REPLY_DONE,          /* 250 2.0.0; for all callbacks whose OK is
				       250 */
	MAILIN_REPLY_SENDER_OK,     /* 250 2.1.0; only for the callback
				       "mail" */
	MAILIN_REPLY_RECIPIENT_OK,  /* 250 2.1.5; only for the callbacks "rcpt",
				       "data_end" and "query" (VRFY and EXPN) */
	MAILIN_REPLY_CANNOT_VERIFY, /* 252 2.0.0 (RFC 5321 3.5.3); only for the
				       callback "query" (VRFY and EXPN) */
	MAILIN_REPLY_CHALLENGE,     /* 334; the library sends it, no callback
				       may return it */
	MAILIN_REPLY_START_DATA,    /* 354; only for the callback
				       "data_start" */

	MAILIN_REPLY_NO_SERVICE,      /* 421 4.3.2, ends the session */
	MAILIN_REPLY_SHUTDOWN,        /* 421 4.3.2, ends the session */
	MAILIN_REPLY_NO_RESOURCES,    /* 421 4.3.0, ends the session */
	MAILIN_REPLY_TIMED_OUT,       /* 421 4.4.2, ends the session */
	MAILIN_REPLY_TOO_MANY_ERRORS, /* 421 4.7.0, ends the session */
	MAILIN_REPLY_NOT_SMTP,        /* 421 4.7.0, ends the session */
	MAILIN_REPLY_MAILBOX_BUSY,    /* 450 4.2.1 */
	MAILIN_REPLY_TRY_LATER,       /* 450 4.7.1, such as greylisting */
	MAILIN_REPLY_INTERNAL_ERROR,  /* 451 4.3.0 */
	MAILIN_REPLY_OUT_OF_MEMORY,   /* 452 4.3.1 */
	MAILIN_REPLY_OUT_OF_SPACE,    /* 452 4.3.1 */
	MAILIN_REPLY_TOO_MANY_RCPTS,  /* 452 4.5.3 */
	MAILIN_REPLY_AUTH_LATER,      /* 454 4.7.0 */
	MAILIN_REPLY_TLS_LATER,       /* 454 4.7.0 (RFC 3207 4) */

	MAILIN_REPLY_UNKNOWN_VERB,    /* 500 5.5.2 */
	MAILIN_REPLY_BAD_LINE,        /* 500 5.5.2, a CR, LF or NUL in a line */
	MAILIN_REPLY_LINE_TOO_LONG,   /* 500 5.5.2 */
	MAILIN_REPLY_AUTH_TOO_LONG,   /* 500 5.5.6 (RFC 4954 6) */
	MAILIN_REPLY_WRONG_PROTOCOL,  /* 500 5.5.1, HELO in LMTP */
	MAILIN_REPLY_BAD_ARGUMENT,    /* 501 5.5.4 */
	MAILIN_REPLY_BAD_SENDER,      /* 501 5.1.7 */
	MAILIN_REPLY_BAD_RECIPIENT,   /* 501 5.1.3 */
	MAILIN_REPLY_BAD_BASE64,      /* 501 5.5.2 */
	MAILIN_REPLY_AUTH_CANCELLED,  /* 501 5.7.0 */
	MAILIN_REPLY_NOT_OFFERED,     /* 502 5.5.1 */
	MAILIN_REPLY_BAD_SEQUENCE,    /* 503 5.5.1 */
	MAILIN_REPLY_BAD_MECHANISM,   /* 504 5.5.4 */
	MAILIN_REPLY_BLOCKED_HOST,    /* 521 5.7.1, ends the session */
	MAILIN_REPLY_TLS_NEEDED,      /* 530 5.7.0 */
	MAILIN_REPLY_AUTH_NEEDED,     /* 530 5.7.0 */
	MAILIN_REPLY_BAD_CREDENTIALS, /* 535 5.7.8 */
	MAILIN_REPLY_NO_MAILBOX,      /* 550 5.1.1 */
	MAILIN_REPLY_RELAY_DENIED,    /* 550 5.7.1 */
	MAILIN_REPLY_REFUSED,         /* 550 5.7.1, by policy */
	MAILIN_REPLY_BLOCKED_IP,      /* 550 5.7.1, ends the session */
	MAILIN_REPLY_BAD_HELLO,       /* 550 5.7.1, ends the session */
	MAILIN_REPLY_BARE_NEWLINE,    /* 550 5.5.2 */
	MAILIN_REPLY_NO_STORAGE,      /* 552 5.2.2, the mailbox is full */
	MAILIN_REPLY_TOO_BIG,         /* 552 5.3.4 */
	MAILIN_REPLY_BAD_MAILBOX,     /* 553 5.1.3 */
	MAILIN_REPLY_NEEDS_SMTPUTF8,  /* 553 5.6.7 */
	MAILIN_REPLY_FAILED,          /* 554 5.0.0 */
	MAILIN_REPLY_EARLY_TALK,      /* 554 5.5.0 */
	MAILIN_REPLY_NO_RECIPIENTS,   /* 554 5.5.1 */
	MAILIN_REPLY_BAD_PARAMETER,   /* 555 5.5.4, unknown or not offered */

	MAILIN_REPLY_NOT_ALLOWED,       /* 550 5.7.0: XCLIENT or XFORWARD is
					   for the proxy of this client */
	MAILIN_REPLY_ENCRYPTION_NEEDED, /* 538 5.7.11 (RFC 4954 6) */

	MAILIN_REPLY_COUNT
};

/* Returns the code, such as 550.  Returns 0 for OK, PENDING, CUSTOM and a
 * value that is not in the enum. */
MAILIN_EXPORT int mailin_reply_code(enum mailin_reply reply);

/* Returns the enhanced code (RFC 3463) without the blank after it, such as
 * "5.1.1", a constant.  Returns "" if the reply has no enhanced code, or is no
 * standard reply. */
MAILIN_EXPORT const char *mailin_reply_enhanced(enum mailin_reply reply);

/* Returns the text after the codes, a constant.  Returns "?" if the reply is
 * no standard reply. */
MAILIN_EXPORT const char *mailin_reply_text(enum mailin_reply reply);

/* Returns a constant text, the last part of the enumerator, such as
 * "NO_MAILBOX" or "PENDING".  Returns "?" for a value that is not in the
 * enum. */
MAILIN_EXPORT const char *mailin_reply_name(enum mailin_reply reply);

#endif
