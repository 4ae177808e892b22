/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENCODE_H
#define MAILIN_SRC_ENCODE_H

#include <stdint.h>
#include <string.h>

#include <mailin/reply.h>
#include <mailin/span.h>

/*
 * Replies as octets (RFC 5321 4.2): knows codes, enhanced codes and lines; not
 * sessions.
 */

/* The most octets that one reply can have. */
#define REPLY_ROOM 4096

/* The most octets of a line, CR LF included (RFC 5321 4.5.3.1.5). */
#define REPLY_LINE_ROOM 512

/* The most text of a reply that a handler formats. */
#define REPLY_TEXT 2048

/* Room that holds any standard reply. */
#define REPLY_STANDARD_ROOM 52

/*
 * A reply that is written line by line, to out, which has REPLY_ROOM.  A line
 * that would be over 512 octets (4.5.3.1.5) is folded; control and 8-bit octets
 * become "?".  enhanced is "" for none.  What would go beyond REPLY_ROOM is
 * left out.  Each line is whole, the last one has the code and a blank.
 */
struct mailin_lines {
	char *out;
	size_t len;  /* written so far */
	size_t last; /* where the last line begins */
	size_t prefix_len;
	char prefix[16]; /* "250-2.1.0 " or "250-" */
};

void mailin_lines_begin(struct mailin_lines *lines, int code,
    const char *enhanced, char *out);
/* A line for each in a text, where a newline ends one. */
void mailin_lines_add_each(struct mailin_lines *lines, struct mailin_span text);
/* Answers the length of the reply, to which at least a line was added. */
size_t mailin_lines_end(struct mailin_lines *lines);

/*
 * A line of the library's own, which is printable and short, from its pieces:
 * open it, if there is room for one; put the pieces; close it.
 */
static inline bool
mailin_lines_open(struct mailin_lines *lines)
{
	if (lines->len > REPLY_ROOM - REPLY_LINE_ROOM)
		return false;
	/* All of it, since that is one step; the text begins within. */
	memcpy(lines->out + lines->len, lines->prefix, sizeof lines->prefix);
	lines->last = lines->len;
	lines->len += lines->prefix_len;
	return true;
}

/* Of the octets len are meant; the room of the others is yet to be written. */
static inline void
mailin_lines_put_octets(struct mailin_lines *lines, const char *octets,
    size_t room, size_t len)
{
	memcpy(lines->out + lines->len, octets, room);
	lines->len += len;
}

static inline void
mailin_lines_put(struct mailin_lines *lines, const char *text)
{
	size_t len = strlen(text);

	mailin_lines_put_octets(lines, text, len, len);
}

static inline void
mailin_lines_close(struct mailin_lines *lines)
{
	memcpy(lines->out + lines->len, "\r\n", 2);
	lines->len += 2;
}

/* All of it at once. */
size_t mailin_reply_encode(int code, const char *enhanced,
    struct mailin_span text, char *out);

/* What follows from a reply, by its code (RFC 5321 3.8 and 4.2, RFC 7504 2):
 * the session ends; the client may send no more before it has come. */
#define REPLY_CLOSES  1u
#define REPLY_GOES_ON 2u
#define REPLY_EFFECTS(code) \
	((code) == 421 || (code) == 521        ? REPLY_CLOSES : \
		(code) == 334 || (code) == 354 ? REPLY_GOES_ON : \
						 0u)

/* A standard reply as its parts, and as the line that most clients see. */
struct mailin_standard_reply {
	short code;
	uint8_t effects;
	uint8_t line_len;
	char line[REPLY_STANDARD_ROOM];
	char enhanced[7];
	char text[55];
};

extern const struct mailin_standard_reply
    mailin_standard_replies[MAILIN_REPLY_COUNT];

/* True if it is class "." subject "." detail (RFC 3463 2), and class, which is
 * 2, 4 or 5, the first digit of code. */
bool mailin_enhanced_valid(const char *enhanced, int code);

/* The standard reply of the class of code, for where the one that was asked
 * for cannot be given. */
enum mailin_reply mailin_reply_of_class(int code);

#endif
