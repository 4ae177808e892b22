/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "octet/vector.h"

bool
mailin_vector_has(enum mailin_vector vector)
{
	switch (vector) {
	case MAILIN_VECTOR_WORDS:
		return true;
#ifdef HAVE_SSE2
	case MAILIN_VECTOR_SSE2:
		return true;
#endif
#ifdef HAVE_NEON
	case MAILIN_VECTOR_NEON:
		return true;
#endif
#ifdef HAVE_AVX2
	case MAILIN_VECTOR_AVX2:
		return __builtin_cpu_supports("avx2") != 0 &&
		    __builtin_cpu_supports("bmi") != 0;
#endif
	default:
		return false;
	}
}

enum mailin_vector
mailin_vector_best(void)
{
	int vector = MAILIN_VECTOR_COUNT;

	while (!mailin_vector_has((enum mailin_vector)-- vector))
		continue;
	return (enum mailin_vector)vector;
}
