/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"

#define TEXT_WIDTH(name) \
	{ \
		mailin_text_##name, mailin_text_##name##_plain, \
		    mailin_text_##name##_gather, mailin_text_##name##_skip \
	}

static const struct mailin_text_width widths[MAILIN_VECTOR_COUNT] = {
	[MAILIN_VECTOR_WORDS] = TEXT_WIDTH(words),
#ifdef HAVE_SSE2
	[MAILIN_VECTOR_SSE2] = TEXT_WIDTH(sse2),
#endif
#ifdef HAVE_NEON
	[MAILIN_VECTOR_NEON] = TEXT_WIDTH(neon),
#endif
#ifdef HAVE_AVX2
	[MAILIN_VECTOR_AVX2] = TEXT_WIDTH(avx2),
#endif
};

const struct mailin_text_width *
mailin_text_of(enum mailin_vector vector)
{
	return &widths[widths[vector].search != NULL ? vector :
						       MAILIN_VECTOR_WORDS];
}
