/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RARE_H
#define MAILIN_SRC_RARE_H

/*
 * RARE: a function that is seldom called.  If it were inlined, its caller would
 * be slower each time, because the caller would push more registers on the
 * stack, and check the stack if the function has a buffer.
 *
 * NOINLINE: a function that is often called, and not inlined for the same
 * reason.
 *
 * ALWAYS_INLINE: a function so short that a call would take about as long as
 * the function itself.
 */
#ifdef __GNUC__
#define RARE          __attribute__((noinline, cold))
#define NOINLINE      __attribute__((noinline))
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define RARE
#define NOINLINE
#define ALWAYS_INLINE static inline
#endif

#endif
