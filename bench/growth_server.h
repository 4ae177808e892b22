/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_GROWTH_SERVER_H
#define MAILIN_BENCH_GROWTH_SERVER_H

#include <mailin.h>

/*
 * Servers for those series of growth.c that cannot use the server of talk.h.
 * They offer AUTH in clear, and XCLIENT and XFORWARD to any client, and ignore
 * unknown parameters.
 */
enum growth_server {
	GROWTH_ACCEPTS, /* the server of talk.h, with its settings */
	GROWTH_REFUSES, /* refuses each login, and the recipient "no" */
	GROWTH_PENDS,   /* returns PENDING for each decision */
	GROWTH_PROXIED, /* waits for a PROXY header first */
	GROWTH_SERVERS
};

struct mailin_config *growth_config(enum growth_server server);

/* Returns a new session.  With GROWTH_PROXIED it waits for a PROXY header
 * before it sends its greeting. */
struct mailin_session *growth_open(const struct mailin_config *config,
    enum growth_server server);

/* Send text in pieces of "feed" octets, resume each pending decision with OK,
 * and read the replies.  If the session takes no input, print "name" in a
 * message and end the program. */
void growth_feed(struct mailin_session *session, struct mailin_span text,
    size_t feed, const char *name);

#endif
