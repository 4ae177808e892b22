/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SOUND_H
#define MAILIN_SRC_SOUND_H

#include <mailin/address.h>

/* What a program gives is checked where it comes in (mailin/error.h). */

/* False for a span that has octets and no place where they are. */
static inline bool
is_span_sound(struct mailin_span span)
{
	return span.ptr != NULL || span.len == 0;
}

/* The arguments of a decoder or encoder; where nothing comes in, nothing goes
 * out, and there need be no room. */
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
