/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "octet/vector.h"

#ifdef HAVE_AVX2
#include <cpuid.h>

/* Returns true if the operating system saves all of the AVX registers: bits 1
 * and 2 of XCR0 say so (Intel's manual, volume 1, 14.3). */
static bool
system_has_avx(void)
{
	unsigned low, high;

	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & 6) == 6;
}

static bool
has_avx2(void)
{
	unsigned a, b, c, d;
	unsigned wanted = bit_AVX | bit_OSXSAVE;

	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & wanted) != wanted ||
	    !system_has_avx())
		return false;
	wanted = bit_AVX2 | bit_BMI;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	    (b & wanted) == wanted;
}
#endif

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
		return has_avx2();
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
