/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RARE_H
#define MAILIN_SRC_RARE_H

/*
 * RARE: a function that few steps call.  It is not inlined, so that its callers
 * need not save registers or guard a buffer for it.
 *
 * NOINLINE: a function that is not rare, but is not inlined for the same
 * reason.
 *
 * ALWAYS_INLINE: a function that is inlined in each of its callers, because a
 * call would cost a good part of its work.
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
