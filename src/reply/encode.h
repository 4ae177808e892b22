/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENCODE_H
#define MAILIN_SRC_ENCODE_H

#include <stdint.h>
#include <string.h>

#include <mailin/reply.h>
#include <mailin/span.h>

/* Replies as octets (RFC 5321 4.2).  This file knows codes, enhanced codes and
 * lines, but no sessions. */

/* The maximum length of one reply, in octets. */
#define REPLY_ROOM 4096

/* The maximum length of a line with its CR LF, in octets (RFC 5321
 * 4.5.3.1.5). */
#define REPLY_LINE_ROOM 512

/* The maximum length of the text of a reply that a handler formats. */
#define REPLY_TEXT 2048

/* Room for the line of any standard reply. */
#define REPLY_STANDARD_ROOM 52

/*
 * The state of a reply that is written line by line to "out", which has
 * REPLY_ROOM octets.  Text that is too long for one line of 512 octets (RFC
 * 5321 4.5.3.1.5) goes on in the next line.  Control and 8-bit octets become
 * "?".  enhanced is "" if there is no enhanced code.  Lines that do not fit in
 * REPLY_ROOM are left out.  In the last line a blank follows the code.
 */
struct mailin_lines {
	char *out;
	size_t len;  /* written so far */
	size_t last; /* where the last line begins */
	size_t prefix_len;
	char prefix[16]; /* "250-2.1.0 " or "250-" */
};

/*@ predicate are_printable(char *text, integer from, integer to) =
  @   \forall integer i; from <= i < to ==> 0x20 <= text[i] <= 0x7e;
  @ predicate is_lines(struct mailin_lines *lines) = \valid(lines) &&
  @   \valid(lines->out + (0 .. REPLY_ROOM - 1)) &&
  @   \separated(lines, lines->out + (0 .. REPLY_ROOM - 1)) &&
  @   4 <= lines->prefix_len <= 14 && 0 <= lines->len <= REPLY_ROOM &&
  @   0 <= lines->last <= REPLY_ROOM - REPLY_LINE_ROOM;
  @ predicate is_text_of(struct mailin_lines *lines, char *text,
  @   integer len) = \valid_read(text + (0 .. len - 1)) &&
  @   \separated(text + (0 .. len - 1), lines,
  @     lines->out + (0 .. REPLY_ROOM - 1));
  @*/

/*@ requires \valid(lines) && \valid(out + (0 .. REPLY_ROOM - 1));
  @ requires 100 <= code <= 599;
  @ requires valid_read_string(enhanced) && strlen(enhanced) <= 9;
  @ requires \separated(lines, enhanced + (0 .. 9),
  @   out + (0 .. REPLY_ROOM - 1));
  @ assigns *lines;
  @ ensures is_lines(lines) && lines->out == out && lines->len == 0;
  @*/
void mailin_lines_begin(struct mailin_lines *lines, int code,
    const char *enhanced, char *out);
/* Add a line for each line of the text; a newline ends a line. */
/*@ requires is_lines(lines) && is_text_of(lines, text.ptr, text.len);
  @ assigns lines->len, lines->last, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines);
  @*/
void mailin_lines_add_each(struct mailin_lines *lines, struct mailin_span text);
/* Complete the reply, which has at least one line.  Returns its length. */
/*@ requires is_lines(lines);
  @ assigns lines->out[lines->last + 3];
  @ ensures \result == lines->len;
  @*/
size_t mailin_lines_end(struct mailin_lines *lines);

/* Add one line piece by piece: open the line, put the pieces, close the line.
 * The pieces must be printable, and must fit in the line.  mailin_lines_open()
 * returns false if there is no room for another line. */
/*@ requires is_lines(lines);
  @ assigns lines->len, lines->last, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines);
  @ ensures \result ==> lines->last == \old(lines->len) &&
  @   lines->len == \old(lines->len) + lines->prefix_len;
  @ ensures !\result ==> lines->len == \old(lines->len);
  @*/
static inline bool
mailin_lines_open(struct mailin_lines *lines)
{
	if (lines->len > REPLY_ROOM - REPLY_LINE_ROOM)
		return false;
	/* Copy the whole array, because a copy of constant size is fast.  The
	 * text overwrites the octets after the prefix. */
	memcpy(lines->out + lines->len, lines->prefix, sizeof lines->prefix);
	lines->last = lines->len;
	lines->len += lines->prefix_len;
	return true;
}

/*@ requires is_lines(lines) && valid_read_string(text);
  @ requires lines->len + strlen(text) < REPLY_ROOM;
  @ requires is_text_of(lines, text, strlen(text));
  @ assigns lines->len, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines);
  @*/
static inline void
mailin_lines_put(struct mailin_lines *lines, const char *text)
{
	size_t len = strlen(text);

	memcpy(lines->out + lines->len, text, len);
	lines->len += len;
}

/*@ requires is_lines(lines) && lines->len + 2 <= REPLY_ROOM;
  @ assigns lines->len, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines) && lines->len == \old(lines->len) + 2;
  @*/
static inline void
mailin_lines_close(struct mailin_lines *lines)
{
	memcpy(lines->out + lines->len, "\r\n", 2);
	lines->len += 2;
}

/* Encode a whole reply.  Returns its length. */
/*@ requires \valid(out + (0 .. REPLY_ROOM - 1));
  @ requires 100 <= code <= 599;
  @ requires valid_read_string(enhanced) && strlen(enhanced) <= 9;
  @ requires \valid_read(text.ptr + (0 .. text.len - 1));
  @ requires \separated(enhanced + (0 .. 9),
  @   text.ptr + (0 .. text.len - 1), out + (0 .. REPLY_ROOM - 1));
  @ assigns out[0 .. REPLY_ROOM - 1];
  @ ensures \result <= REPLY_ROOM;
  @*/
size_t mailin_reply_encode(int code, const char *enhanced,
    struct mailin_span text, char *out);

/* The effect of a reply, which depends on its code (RFC 5321 3.8 and 4.2, RFC
 * 7504 2).  CLOSES: the session ends.  GOES_ON: the command is not complete;
 * the client waits for this reply, and then sends the rest. */
#define REPLY_CLOSES  1u
#define REPLY_GOES_ON 2u
#define REPLY_EFFECTS(code) \
	((code) == 421 || (code) == 521        ? REPLY_CLOSES : \
		(code) == 334 || (code) == 354 ? REPLY_GOES_ON : \
						 0u)

/* A standard reply.  Its parts are stored, and also its whole line, because
 * this line is what most clients get. */
struct mailin_standard_reply {
	short code;
	uint8_t effects;
	uint8_t line_len;
	char line[REPLY_STANDARD_ROOM];
	char enhanced[7];
	char text[55];
	char name[18]; /* the last part of the enumerator */
};

extern const struct mailin_standard_reply
    mailin_standard_replies[MAILIN_REPLY_COUNT];

/* Returns true if enhanced has the form class "." subject "." detail (RFC 3463
 * 2), its class is 2, 4 or 5, and code begins with the same digit. */
/*@ requires valid_read_string(enhanced) && 100 <= code <= 999;
  @ assigns \nothing;
  @*/
bool mailin_enhanced_valid(const char *enhanced, int code);

/* Returns the standard reply of the same class as code (2xx, 4xx, 5xx).  It
 * replaces a reply of the program that cannot be sent. */
enum mailin_reply mailin_reply_of_class(int code);

#endif
