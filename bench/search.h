/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_SEARCH_H
#define MAILIN_BENCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a body decoder is held against: ways to look at each octet of a
 * message that know nothing of messages.
 */

/* How many LF there are, by one memchr() for each. */
size_t search_lf(const char *in, size_t len);

/* How many dots stand behind a LF: the least that a decoder of DATA must find.
 * By AVX2, where has is true. */
bool search_has_avx2(void);
size_t search_lf_dot_avx2(const char *in, size_t len);

#endif
