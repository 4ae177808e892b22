/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RARE_H
#define MAILIN_SRC_RARE_H

/*
 * A function that most steps pass by: it stays a function of its own, so that
 * who calls it need not save registers, or guard a buffer, on its behalf.
 *
 * USUAL is the opposite: a function that is part of each of its callers, since
 * the call would cost a good part of its work.
 */
#ifdef __GNUC__
#define RARE  __attribute__((noinline, cold))
#define USUAL static inline __attribute__((always_inline))
#else
#define RARE
#define USUAL static inline
#endif

#endif
