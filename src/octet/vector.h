/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_VECTOR_H
#define MAILIN_SRC_VECTOR_H

#include <stdbool.h>

/*
 * How many octets of a message are looked at in one step.  SSE2 and NEON are
 * part of every x86-64 and AArch64; AVX2 is asked for at run time, once for
 * each config: the library has no global state to keep the answer in.
 */
enum mailin_vector {
	MAILIN_VECTOR_WORDS,
	MAILIN_VECTOR_SSE2,
	MAILIN_VECTOR_NEON,
	MAILIN_VECTOR_AVX2,
	MAILIN_VECTOR_COUNT
};

#if defined __SSE2__
#define HAVE_SSE2 1
#endif
#if defined __x86_64__ && defined __GNUC__
#define HAVE_AVX2 1
#endif
#if defined __ARM_NEON && defined __aarch64__
#define HAVE_NEON 1
#endif

/* Was it compiled, and does this processor have it? */
bool mailin_vector_has(enum mailin_vector vector);

/* The widest that it has. */
enum mailin_vector mailin_vector_best(void);

#endif
