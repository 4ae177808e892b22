/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_VECTOR_H
#define MAILIN_SRC_VECTOR_H

#include <stdbool.h>

/*
 * The vector instructions that read the text of a message.  Every x86-64
 * processor has SSE2, every AArch64 processor has NEON.  Only some x86-64
 * processors have AVX2.  The compiler's library asks the processor when the
 * program starts, and remembers the answer.
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

/* Returns true if the code for this vector was compiled and the processor can
 * run it. */
bool mailin_vector_has(enum mailin_vector vector);

/* Returns the widest vector that this processor has. */
enum mailin_vector mailin_vector_best(void);

#endif
