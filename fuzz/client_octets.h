/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CLIENT_OCTETS_H
#define MAILIN_FUZZ_CLIENT_OCTETS_H

#include "check.h"

/* A second reader of replies (V61), and a second writer of messages.  They use
 * no function of the library. */

/* A reply that was read from its octets, in the form of
 * mailin/client_reply.h. */
struct octets_reply {
	int code;
	char enhanced[12];
	size_t text_len;
	char text[MAILIN_CLIENT_TEXT];
};

/* Read a whole reply (RFC 5321 4.2).  All lines have the same code, and after
 * it a "-" in each line but the last.  Abort if the octets are no reply, or if
 * a line has more than "most" octets.  has_enhanced is true if a reply to this
 * step may have an enhanced code. */
void octets_read_reply(struct octets_reply *reply, struct mailin_span octets,
    size_t most, bool relaxed, bool has_enhanced);

/* Returns true if a line of the reply to EHLO, after the first one, begins with
 * the keyword.  If "hello" is absent, there is no such reply, and nothing is
 * offered. */
bool octets_offer(struct mailin_span hello, const char *keyword);

/* Returns true if the domain that was sent is the given one.  RELAXED reads a
 * domain without the dot at its end. */
bool octets_are_domain(struct mailin_span sent, struct mailin_span given,
    bool relaxed);

/* Returns true if the message has a CR without LF, or a LF without CR. */
bool octets_are_bare(struct mailin_span message);

/* Write the message in the form of DATA (RFC 5321 4.5.2), with its end, to out,
 * which has room for 2 * message.len + 5 octets.  Returns its length. */
size_t octets_stuff(struct mailin_span message, char *out);

#endif
