/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "reply/encode.h"

#include "octet/ascii.h"
#include "octet/span.h"
#include "octet/word.h"

#define MARK 3 /* offset of the "-" after the code */

/* If the eight octets at offset "at" are all printable, write them and return
 * true.  proof/bits.sh proves that word_is_print() finds exactly these
 * octets. */
/*@ requires \valid_read(text + (at .. at + 7));
  @ requires \valid(out + (at .. at + 7));
  @ assigns out[at .. at + 7];
  @ ensures \result ==> are_printable(out, at, at + 8);
  @ ensures !\result ==>
  @   \forall integer i; at <= i < at + 8 ==> out[i] == \old(out[i]);
  @*/
static bool
put_word(const char *text, char *out, size_t at)
{
	if (!word_is_print(word_load((const unsigned char *)text + at)))
		return false;
	memcpy(out + at, text + at, 8);
	return true;
}

/*@ requires \valid_read(text + (0 .. len - 1));
  @ requires \valid(out + (0 .. len - 1));
  @ requires \separated(out + (0 .. len - 1), text + (0 .. len - 1));
  @ assigns out[0 .. len - 1];
  @ ensures are_printable(out, 0, len);
  @*/
static void
put_text(const char *text, size_t len, char *out)
{
	size_t i = 0;

	/*@ loop invariant 0 <= i <= len && are_printable(out, 0, i);
	  @ loop assigns i, out[0 .. len - 1];
	  @ loop variant len - i;
	  @*/
	while (len - i >= 8 && put_word(text, out, i))
		i += 8;
	/* The last eight octets may overlap those before them. */
	if (len >= 8 && len - i < 8 && put_word(text, out, len - 8))
		return;
	/*@ loop invariant 0 <= i <= len && are_printable(out, 0, i);
	  @ loop assigns i, out[0 .. len - 1];
	  @ loop variant len - i;
	  @*/
	for (; i < len; i++)
		out[i] = ascii_is_print(text[i]) ? text[i] : '?';
}

void
mailin_lines_begin(struct mailin_lines *lines, int code, const char *enhanced,
    char *out)
{
	char *prefix = lines->prefix;
	size_t len = 0;

	if (enhanced[0] != '\0') {
		len = strlen(enhanced);
		memcpy(prefix + MARK + 1, enhanced, len);
		prefix[MARK + 1 + len++] = ' ';
	}
	prefix[0] = (char)('0' + code / 100);
	prefix[1] = (char)('0' + code / 10 % 10);
	prefix[2] = (char)('0' + code % 10);
	prefix[MARK] = '-';
	lines->prefix_len = MARK + 1 + len;
	lines->out = out;
	lines->len = lines->last = 0;
}

/* Add one line, in which the text must fit. */
/*@ requires is_lines(lines) && is_text_of(lines, text, len);
  @ requires lines->prefix_len + len + 2 <= REPLY_LINE_ROOM;
  @ assigns lines->len, lines->last, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines);
  @*/
static void
put_line(struct mailin_lines *lines, const char *text, size_t len)
{
	if (!mailin_lines_open(lines))
		return;
	put_text(text, len, lines->out + lines->len);
	lines->len += len;
	mailin_lines_close(lines);
}

/* Add the text as one line, or as several if it is too long for one. */
/*@ requires is_lines(lines) && is_text_of(lines, text.ptr, text.len);
  @ assigns lines->len, lines->last, lines->out[0 .. REPLY_ROOM - 1];
  @ ensures is_lines(lines);
  @*/
static void
add_line(struct mailin_lines *lines, struct mailin_span text)
{
	size_t most = REPLY_LINE_ROOM - lines->prefix_len - 2;

	/*@ loop invariant is_lines(lines) && text.len <= \at(text.len, Pre);
	  @ loop invariant text.ptr + text.len == \at(text.ptr + text.len, Pre);
	  @ loop assigns text.ptr, text.len, lines->len, lines->last,
	  @   lines->out[0 .. REPLY_ROOM - 1];
	  @ loop variant text.len;
	  @*/
	while (text.len > most) {
		put_line(lines, text.ptr, most);
		text.ptr += most;
		text.len -= most;
	}
	put_line(lines, text.ptr, text.len);
}

void
mailin_lines_add_each(struct mailin_lines *lines, struct mailin_span text)
{
	struct mailin_span line;

	/*@ loop invariant is_lines(lines) && text.len <= \at(text.len, Pre);
	  @ loop invariant text.ptr + text.len == \at(text.ptr + text.len, Pre);
	  @ loop assigns text, line, lines->len, lines->last,
	  @   lines->out[0 .. REPLY_ROOM - 1];
	  @ loop variant text.len;
	  @*/
	do {
		(void)mailin_span_cut(&text, '\n', &line);
		add_line(lines, line);
	} while (text.len > 0);
}

size_t
mailin_lines_end(struct mailin_lines *lines)
{
	lines->out[lines->last + MARK] = ' ';
	return lines->len;
}

size_t
mailin_reply_encode(int code, const char *enhanced, struct mailin_span text,
    char *out)
{
	struct mailin_lines lines;

	mailin_lines_begin(&lines, code, enhanced, out);
	mailin_lines_add_each(&lines, text);
	return mailin_lines_end(&lines);
}

/* Skip "." and one to three digits without a leading zero (RFC 3463 2).
 * Returns the offset after the digits, or 0 if the text has no such number. */
/*@ requires valid_read_string(text) && at <= strlen(text);
  @ assigns \nothing;
  @ ensures \result <= strlen(text);
  @*/
static size_t
skip_number(const char *text, size_t at)
{
	size_t digits = 0;

	if (text[at++] != '.' ||
	    (text[at] == '0' && ascii_is_digit(text[at + 1])))
		return 0;
	/*@ loop invariant 0 <= digits <= 3 && at <= strlen(text);
	  @ loop assigns at, digits;
	  @ loop variant 3 - digits;
	  @*/
	for (; ascii_is_digit(text[at]) && digits < 3; at++)
		digits++;
	return digits > 0 ? at : 0;
}

bool
mailin_enhanced_valid(const char *enhanced, int code)
{
	char class = (char)('0' + code / 100);
	size_t at;

	if (enhanced[0] != class ||
	    (class != '2' && class != '4' && class != '5'))
		return false;
	at = skip_number(enhanced, 1);
	if (at > 0)
		at = skip_number(enhanced, at);
	return at > 0 && enhanced[at] == '\0';
}

enum mailin_reply
mailin_reply_of_class(int code)
{
	switch (code / 100) {
	case 2:
	case 3:
		return MAILIN_REPLY_OK;
	case 5:
		return MAILIN_REPLY_FAILED;
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}
