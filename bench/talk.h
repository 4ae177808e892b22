/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_TALK_H
#define MAILIN_BENCH_TALK_H

#include <mailin.h>

/*
 * A client, and a server that accepts all mail.  The client reads each reply at
 * once and discards it.  Memory comes from libc unless an allocator is given.
 */

/* Returns a config with the default settings.  If limits is false, all limits
 * have their highest value.  If waits is true, PIPELINING is ALLOW. */
struct mailin_config *talk_config(const struct mailin_allocator *allocator,
    bool limits, bool waits);

/* The number of messages accepted in all sessions so far. */
extern size_t talk_messages;

/* Returns a new session whose greeting has been read. */
struct mailin_session *talk_open(const struct mailin_config *config);

/* Returns a session like talk_open(), with a server that refuses the octets
 * of each message. */
struct mailin_session *talk_open_refusing(const struct mailin_config *config);

/* Read all replies that the session has ready. */
void talk_drain(struct mailin_session *session);

/* The callback data of the server that accepts all mail. */
enum mailin_reply talk_take_data(struct mailin_session *session,
    struct mailin_span octets, void *user);

/* Send text in pieces of "feed" octets, and read the replies. */
void talk_feed(struct mailin_session *session, struct mailin_span text,
    size_t feed);

/* Send text line by line, and read the replies after each line. */
void talk_lines(struct mailin_session *session, struct mailin_span text);

/* A text that grows, for the client to send. */
struct talk_text {
	char *octets;
	size_t len, room;
};

void talk_add(struct talk_text *text, const char *octets);
void talk_add_span(struct talk_text *text, struct mailin_span octets);
struct mailin_span talk_span(const struct talk_text *text);

/* Append as many lines as fit in size, each of 76 octets and CR LF.  The end of
 * data is not appended. */
void talk_add_body(struct talk_text *text, size_t size);

#endif
