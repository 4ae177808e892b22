/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_SEARCH_H
#define MAILIN_BENCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* Functions to compare a body decoder with: they look at each octet of a
 * message but do not decode it. */

/* Returns the number of LFs, with one memchr() for each. */
size_t search_lf(const char *in, size_t len);

/* Returns the number of dots that follow a LF.  A decoder of DATA must find at
 * least these.  Uses AVX2; call it only if search_has_avx2() is true. */
bool search_has_avx2(void);
size_t search_lf_dot_avx2(const char *in, size_t len);

#endif
