/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENCODE_H
#define MAILIN_SRC_ENCODE_H

#include <mailin/reply.h>
#include <mailin/span.h>

/*
 * Replies as octets (RFC 5321 4.2): knows codes, enhanced codes and lines; not
 * sessions.
 */

/* The most octets that one reply can have. */
#define REPLY_ROOM 4096

/* The most text of a reply that a handler formats. */
#define REPLY_TEXT 2048

/* Room that holds any standard reply. */
#define REPLY_STANDARD_ROOM 52

/*
 * Write the reply to out, which has REPLY_ROOM; answers its length.  A newline
 * in text begins a new line; a line that would be over 512 octets (4.5.3.1.5)
 * is folded; control and 8-bit octets become "?".  enhanced is "" for none.
 * What would go beyond REPLY_ROOM is cut.  Each line is whole, the last one
 * has the code and a blank.
 */
size_t mailin_reply_encode(int code, const char *enhanced,
    struct mailin_span text, char *out);

/* True if it is class "." subject "." detail (RFC 3463 2), and class, which is
 * 2, 4 or 5, the first digit of code. */
bool mailin_enhanced_valid(const char *enhanced, int code);

/* The standard reply of the class of code, for where the one that was asked
 * for cannot be given. */
enum mailin_reply mailin_reply_of_class(int code);

#endif
