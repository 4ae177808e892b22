/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SOUND_H
#define MAILIN_SRC_SOUND_H

#include <mailin/address.h>

/* Checks of the arguments that a program passes (mailin/error.h). */

/* False for a span with a length but no pointer. */
static inline bool
is_span_sound(struct mailin_span span)
{
	return span.ptr != NULL || span.len == 0;
}

/* The arguments of a decoder or encoder.  out may be NULL if in is empty,
 * because then nothing is written. */
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
