/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_RELAY_H
#define MAILIN_TESTS_RELAY_H

#include <mailin.h>

/*
 * A client (mailin/client.h) and the server that it talks to.  The octets of
 * the server come in pieces, each at the end of a page.  What happens is
 * written to a log, a line for each thing:
 *
 *	> MAIL FROM:<a@b>		a line that the client sends
 *	MAIL 250 2.1.0 [OK]		a reply: step, code, enhanced code, text
 *	RCPT 1 550 5.1.1 [no|one]	the same with the index of the RCPT;
 *					"|" is between two lines
 *	FAULT SYNTAX
 *	error STATE			a call returned an error
 */
struct relay {
	struct mailin_client *client;
	size_t step; /* the length of a piece, in octets */
	size_t len;
	char log[16384];
};

/* Make a client, which is fed pieces of "step" octets.  If options is NULL, it
 * speaks SMTP and has the name "a.example". */
void relay_begin(struct relay *relay,
    const struct mailin_client_options *options, size_t step);

/* Free the client. */
void relay_end(struct relay *relay);

/* Like relay_begin.  Then the server sends its greeting, and the client sends
 * EHLO or LHLO.  "keywords" has the lines of the reply after the first
 * one, separated by blanks; each "=" in it becomes a blank.  The log is empty
 * afterwards. */
void relay_greet(struct relay *relay,
    const struct mailin_client_options *options, size_t step,
    const char *keywords);

/* Log the error, unless it is OK. */
void relay_call(struct relay *relay, enum mailin_error error);

/* The client sends all its output. */
void relay_send(struct relay *relay);

/* Returns the only line of the output, without CR LF, and removes it.  The text
 * lives until the next call. */
const char *relay_line(struct relay *relay);

/* The server sends octets, after the client has sent its output. */
void relay_hear(struct relay *relay, struct mailin_span octets);
void relay_text(struct relay *relay, const char *text);

/* All extensions that the parameters of MAIL and RCPT need. */
#define RELAY_ENVELOPE \
	"PIPELINING SIZE 8BITMIME BINARYMIME CHUNKING SMTPUTF8 DSN AUTH=X " \
	"DELIVERBY FUTURERELEASE MT-PRIORITY REQUIRETLS MTRK NO-SOLICITING " \
	"RRVS"

/* Queue MAIL or RCPT with these arguments, such as "<a@b> SIZE=1".  The line
 * must be valid. */
enum mailin_error relay_mail(struct relay *relay, const char *line);
enum mailin_error relay_rcpt(struct relay *relay, const char *line);

/* Add a line to the log. */
void relay_note(struct relay *relay, const char *format, ...)
    MAILIN_FORMAT(2, 3);

/* Fail if the log is not this text.  Then empty the log. */
void relay_expect(struct relay *relay, const char *log);

/* ---- Commands and states ---- */

/* All extensions that commands need. */
#define RELAY_ALL "PIPELINING STARTTLS AUTH=PLAIN XFORWARD=NAME XCLIENT=NAME"

enum relay_command {
	DO_HELLO,
	DO_STARTTLS,
	DO_AUTH,
	DO_SASL,    /* AUTH without an initial response */
	DO_RESPOND, /* to a challenge */
	DO_CANCEL,
	DO_XFORWARD,
	DO_XCLIENT,
	DO_MAIL,
	DO_RCPT,
	DO_DATA,
	DO_BODY,
	DO_BODY_END,
	DO_RSET,
	DO_NOOP,
	DO_QUIT,
	DO_TLS_STARTED,
	DO_COUNT
};

/* Call the function of a command, with arguments that are valid. */
enum mailin_error relay_command(struct relay *relay, unsigned command);

/* Like relay_command, but the command must succeed, and the server sends this
 * reply. */
void relay_done(struct relay *relay, unsigned command, const char *reply);

/* Do MAIL and RCPT, which the server accepts. */
void relay_transaction(struct relay *relay);

/* The states in the table of mailin/client.h. */
enum relay_state {
	AT_STARTING,
	AT_FRESH,
	AT_READY,
	AT_IN_MAIL,
	AT_IN_BODY,
	AT_TLS,
	AT_CHALLENGE,
	AT_REFUSED,
	AT_CLOSED,
	AT_COUNT
};

/* Make a client, and bring it to a state.  The server offers RELAY_ALL. */
void relay_enter(struct relay *relay, unsigned state);

/* The server sends octets before the client has sent its output. */
void relay_hear_early(struct relay *relay, const char *octets);

#endif
