/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "text.h"
#include "word.h"

struct mailin_text_width
mailin_text_of(enum mailin_vector vector)
{
	switch (vector) {
#ifdef HAVE_AVX2
	case MAILIN_VECTOR_AVX2:
		return (struct mailin_text_width){ mailin_text_avx2,
			mailin_text_avx2_plain };
#endif
#ifdef HAVE_SSE2
	case MAILIN_VECTOR_SSE2:
		return (struct mailin_text_width){ mailin_text_sse2,
			mailin_text_sse2_plain };
#endif
#ifdef HAVE_NEON
	case MAILIN_VECTOR_NEON:
		return (struct mailin_text_width){ mailin_text_neon,
			mailin_text_neon_plain };
#endif
	default:
		return (struct mailin_text_width){ mailin_text_words,
			mailin_text_words_plain };
	}
}

size_t
mailin_text_lines(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;

	while (len >= 8 && word_equal(word_load(in + len - 8), '\n') == 0)
		len -= 8;
	while (len > 0 && in[len - 1] != '\n')
		len--;
	return len;
}
