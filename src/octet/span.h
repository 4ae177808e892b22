/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SPAN_H
#define MAILIN_SRC_SPAN_H

#include <mailin/address.h>

/* Split text at the first separator: *head becomes the part before it, *text
 * the part after it.  Without a separator *head becomes the whole text, *text
 * becomes empty, and the result is false. */
/*@ requires \valid(text) && \valid(head) && \separated(text, head);
  @ requires \valid_read(text->ptr + (0 .. text->len - 1));
  @ assigns *text, *head;
  @ ensures head->ptr == \old(text->ptr) && head->len <= \old(text->len);
  @ ensures text->len == \old(text->len) - head->len - (\result ? 1 : 0) >= 0;
  @ ensures !\result ==> text->len == 0;
  @ ensures text->ptr == \old(text->ptr) + head->len + (\result ? 1 : 0);
  @*/
bool mailin_span_cut(struct mailin_span *text, char separator,
    struct mailin_span *head);

/* If the span begins with the prefix, in any case of letters, remove the prefix
 * and return true.  Otherwise return false. */
bool mailin_span_cut_prefix(struct mailin_span *text, const char *prefix);

/* ---- Checks of the arguments that a program passes (mailin/error.h) ---- */

/* Predicates for the contracts: the memory that a caller of a codec must give.
 * A contract is a comment that begins with @; Frama-C reads it
 * (proof/README.md). */
/*@ predicate is_readable(struct mailin_span span) =
  @   span.ptr == \null || \valid_read(span.ptr + (0 .. span.len - 1));
  @ predicate is_room(char *out, integer size) =
  @   out == \null || \valid(out + (0 .. size - 1));
  @ predicate is_codec_memory(struct mailin_span in, char *out, integer size,
  @   size_t *out_len) =
  @   is_readable(in) && is_room(out, size) &&
  @   (out_len == \null || \valid(out_len)) &&
  @   \separated(out + (0 .. size - 1), out_len,
  @     in.ptr + (0 .. in.len - 1));
  @*/

/* Returns false for a span that has a length but no pointer. */
/*@ assigns \nothing;
  @ ensures \result <==> span.ptr != \null || span.len == 0;
  @*/
static inline bool
is_span_sound(struct mailin_span span)
{
	return span.ptr != NULL || span.len == 0;
}

/* Checks the arguments of a decoder or encoder.  out may be NULL if "in" is
 * empty, because then nothing is written. */
/*@ assigns \nothing;
  @ ensures \result <==> (in.ptr != \null || in.len == 0) &&
  @   (out != \null || in.len == 0) && out_len != \null;
  @*/
static inline bool
is_codec_call(struct mailin_span in, const char *out, const size_t *out_len)
{
	return is_span_sound(in) && (out != NULL || in.len == 0) &&
	    out_len != NULL;
}

static inline bool
is_syntax(enum mailin_syntax syntax)
{
	return (unsigned)syntax <= MAILIN_SYNTAX_RELAXED;
}

#endif
