/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "search.h"

size_t
search_lf(const char *in, size_t len)
{
	const char *end = in + len;
	size_t count = 0;

	while ((in = memchr(in, '\n', (size_t)(end - in))) != NULL) {
		in++;
		count++;
	}
	return count;
}

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

bool
search_has_avx2(void)
{
	return __builtin_cpu_supports("avx2") != 0;
}

__attribute__((target("avx2"))) size_t
search_lf_dot_avx2(const char *in, size_t len)
{
	const __m256i lf = _mm256_set1_epi8('\n');
	const __m256i dot = _mm256_set1_epi8('.');
	size_t at, count = 0;

	for (at = 0; at + 33 <= len; at += 32) {
		__m256i here = _mm256_loadu_si256((const void *)(in + at));
		__m256i next = _mm256_loadu_si256((const void *)(in + at + 1));
		__m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(here, lf),
		    _mm256_cmpeq_epi8(next, dot));
		unsigned mask = (unsigned)_mm256_movemask_epi8(both);

		for (; mask != 0; mask &= mask - 1)
			count++;
	}
	for (; at + 1 < len; at++)
		count += in[at] == '\n' && in[at + 1] == '.';
	return count;
}
#else
bool
search_has_avx2(void)
{
	return false;
}

size_t
search_lf_dot_avx2(const char *in, size_t len)
{
	(void)in, (void)len;
	return 0;
}
#endif
