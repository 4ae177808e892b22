/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_CLIENT_H
#define MAILIN_TESTS_CLIENT_H

#include "heap.h"
#include "suite.h"

/*
 * A client, its session, and a handler that writes down what it is asked.
 *
 *	client_init(&client);            a config; set what it is to have
 *	client_begin(&client);           a session
 *	client_expect(&client, "EHLO c.example.org", "250");
 *	client_end(&client);             all memory is back
 */

enum on {
	ON_CONNECT, ON_HELO, ON_STARTTLS, ON_AUTH, ON_SASL, ON_MAIL, ON_RCPT,
	ON_DATA_START, ON_DATA, ON_DATA_END, ON_VRFY, ON_EXPN, ON_HELP,
	ON_ETRN, ON_BURL, ON_XCLIENT, ON_VERB, ON_PARAMETER,
	ON_DECISIONS,           /* the above answer with a reply */
	ON_RESET = ON_DECISIONS, ON_CLOSE, ON_TRACE,
	ON_COUNT
};

/* Octets that grow. */
struct pile {
	char  *octets;
	size_t len, room;
	size_t seen;            /* what was looked at before */
};

struct client {
	struct heap            heap;
	struct mailin_config  *config;
	struct mailin_handler  handler;  /* has no trace at first */
	struct mailin_session *session;
	enum mailin_reply      answers[ON_DECISIONS]; /* OK at first */
	/* Called in each callback, before the answer is looked up. */
	void                 (*hook)(struct client *client, enum on on);
	bool                   quiet;    /* log nothing */
	/*
	 * What has happened, a line each: "helo EHLO c.example.org", "mail
	 * a@b", "data_start", "data abc", "data_end" (LMTP: "data_end c@d"),
	 * "reset RSET", "close QUIT".  Octets of data stand together.
	 */
	struct pile            log;
	bool                   in_data;
	struct pile            out;      /* replies, as they were sent */
	void                  *extra;    /* the hook's own */
};

void client_init(struct client *client);
void client_begin(struct client *client);
void client_end(struct client *client);

/* Settings, by name; each must be right. */
void client_set(struct client *client, const char *name, const char *value);

/* Offer octets, once, in a block of their own size that is freed behind it. */
size_t client_feed(struct client *client, const char *octets, size_t len);

/* Send what output gives, to its end. */
void client_drain(struct client *client);

/* Offer octets and drain, until they are taken or will not be. */
void client_octets(struct client *client, struct mailin_span octets);

/* The same line by line, as a client does that waits for each reply. */
void client_lines(struct client *client, const char *text);

/* The replies since the last call: "250 2.1.0|354" (replies.h). */
const char *client_replies(struct client *client);
/* What was logged since the last call, as a text. */
const char *client_log(struct client *client);

/* Send the line and CR LF; these replies must come. */
void client_expect(struct client *client, const char *line,
    const char *replies);
/* Nothing is sent; these replies must have come, or this been logged. */
void client_expect_replies(struct client *client, const char *replies);
void client_expect_log(struct client *client, const char *log);

/* EHLO (LMTP: LHLO), MAIL and so many RCPT: <a@c.example>, <r0@d.example>,
 * <r1@d.example> and so on. */
void client_greet(struct client *client);
void client_envelope(struct client *client, size_t rcpts);

const char *client_on_name(enum on on);

#endif
