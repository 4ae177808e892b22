/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_TALK_H
#define MAILIN_BENCH_TALK_H

#include <mailin.h>

/*
 * A client and a server that takes all mail: each reply is read at once, and
 * dropped.  Memory is libc's, but where an allocator is given.
 */

/* A config with the default settings; all limits as high as they go where
 * limits is false; PIPELINING=ALLOW where waits is. */
struct mailin_config *talk_config(const struct mailin_allocator *allocator,
    bool limits, bool waits);

/* How many messages have been taken, of all sessions. */
extern size_t talk_messages;

/* A new session, its greeting read. */
struct mailin_session *talk_open(const struct mailin_config *config);

/* Send text, in pieces of so many octets, and read the replies. */
void talk_feed(struct mailin_session *session, struct mailin_span text,
    size_t feed);

/* The same line by line. */
void talk_lines(struct mailin_session *session, struct mailin_span text);

/* Text that grows, for what a client is to say. */
struct talk_text {
	char  *octets;
	size_t len, room;
};

void talk_add(struct talk_text *text, const char *octets);
void talk_add_span(struct talk_text *text, struct mailin_span octets);
struct mailin_span talk_span(const struct talk_text *text);

/* Lines of 76 octets and CR LF, as many as go into size, and no end of data. */
void talk_add_body(struct talk_text *text, size_t size);

#endif
