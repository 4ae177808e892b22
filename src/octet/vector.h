/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_VECTOR_H
#define MAILIN_SRC_VECTOR_H

#include <stdbool.h>

/*
 * The vectors that read the octets of a message.  Every x86-64 processor has
 * SSE2, every AArch64 NEON.  AVX2 is looked for at run time, once for each
 * config, because the library has no global state to keep the result in.
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

/* Returns true if the vector was compiled and this processor has it. */
bool mailin_vector_has(enum mailin_vector vector);

/* Returns the widest vector that this processor has. */
enum mailin_vector mailin_vector_best(void);

#endif
