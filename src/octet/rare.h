/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RARE_H
#define MAILIN_SRC_RARE_H

/*
 * RARE: most steps pass this function by.  It stays a function of its own, so
 * that its callers need not save registers, or guard a buffer, on its behalf.
 *
 * APART: this function is not rare, but stays apart from a quick one that calls
 * it, for the same reason.
 *
 * USUAL: this function becomes part of each of its callers, since a call would
 * cost a good part of its work.
 */
#ifdef __GNUC__
#define RARE  __attribute__((noinline, cold))
#define APART __attribute__((noinline))
#define USUAL static inline __attribute__((always_inline))
#else
#define RARE
#define APART
#define USUAL static inline
#endif

#endif
