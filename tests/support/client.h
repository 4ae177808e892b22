/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_CLIENT_H
#define MAILIN_TESTS_CLIENT_H

#include "support/heap.h"
#include "support/suite.h"

/*
 * A client, its session, and a handler that logs every callback.
 *
 *	client_init(&client);            a config; change it now
 *	client_begin(&client);           open a session
 *	client_expect(&client, "EHLO c.example.org", "250");
 *	client_end(&client);             check that all memory is freed
 */

enum on {
	ON_CONNECT,
	ON_HELO,
	ON_STARTTLS,
	ON_AUTH,
	ON_SASL,
	ON_MAIL,
	ON_RCPT,
	ON_DATA_START,
	ON_DATA,
	ON_DATA_END,
	ON_VRFY,
	ON_EXPN,
	ON_HELP,
	ON_ETRN,
	ON_BURL,
	ON_XCLIENT,
	ON_VERB,
	ON_PARAMETER,
	ON_DECISIONS, /* all callbacks above return a reply */
	ON_RESET = ON_DECISIONS,
	ON_DELIVERED,
	ON_CLOSE,
	ON_TRACE,
	ON_COUNT
};

/* A string of octets that grows. */
struct pile {
	char *octets;
	size_t len, room;
	size_t seen; /* octets that client_replies or client_log has returned */
};

struct client {
	struct heap heap;
	struct mailin_config *config;
	struct mailin_handler handler; /* its member trace is NULL at first */
	struct mailin_session *session;
	/* The replies that the handler returns.  At first all are OK. */
	enum mailin_reply answers[ON_DECISIONS];
	/* Called in each callback, before the callback's reply is looked up. */
	void (*hook)(struct client *client, enum on on);
	bool quiet; /* true: the handler logs nothing */
	/* The test fails if a transaction does not end in exactly one call of
	 * the callback "reset" or "delivered". */
	bool in_transaction, ended;
	bool logs_delivered;
	/*
	 * Everything that has happened, one line each: "helo EHLO
	 * c.example.org", "mail a@b", "data_start", "data abc", "data_end" (in
	 * LMTP "data_end c@d"), "reset RSET", "close QUIT".  Consecutive octets
	 * of data are one event.
	 */
	struct pile log;
	bool in_data;
	struct pile out; /* all replies that were sent */
	void *extra;     /* an argument for the hook */
};

void client_init(struct client *client);
void client_begin(struct client *client);
void client_end(struct client *client);

/* Set a setting by name.  The test fails if the value is refused. */
void client_set(struct client *client, const char *name, const char *value);

/* Feed a copy of the octets once.  The copy lies beside an unmapped page (with
 * sanitizers: in a block of its own size), and is overwritten after the call.
 * Returns the number of octets consumed. */
size_t client_feed(struct client *client, const char *octets, size_t len);

/* Send all output, until there is none. */
void client_drain(struct client *client);

/* Feed octets and send output, until the session has read all octets or does
 * not read any more. */
void client_octets(struct client *client, struct mailin_span octets);

/* Feed text line by line, and read the replies after each line. */
void client_lines(struct client *client, const char *text);

/* Returns the replies since the last call as codes, such as "250 2.1.0|354"
 * (replies.h). */
const char *client_replies(struct client *client);
/* Returns the events logged since the last call, as a C string. */
const char *client_log(struct client *client);

/* Send the line and CR LF.  The test fails if other replies come. */
void client_expect(struct client *client, const char *line,
    const char *replies);
/* The test fails if other replies, or other events, have come since the last
 * call.  Nothing is sent. */
void client_expect_replies(struct client *client, const char *replies);
void client_expect_log(struct client *client, const char *log);

/*
 * client_greet sends EHLO (in LMTP LHLO).  client_envelope sends MAIL
 * FROM:<a@c.example>, and RCPT as often as rcpts says: <r0@d.example>,
 * <r1@d.example> and so on.
 */
void client_greet(struct client *client);
void client_envelope(struct client *client, size_t rcpts);

const char *client_on_name(enum on on);

#endif
