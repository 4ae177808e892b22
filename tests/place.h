/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PLACE_H
#define MAILIN_TESTS_PLACE_H

#include <stddef.h>

/*
 * Where the octets that a test gives away lie in memory.  Whoever reads
 * around them, or after the call, is to crash or to come to a wrong result.
 */
enum place {
	PLACE_HEAP,        /* a block of their own size */
	PLACE_STREAM,      /* where they are */
	PLACE_AMONG,       /* at an alignment, among others that mislead */
	PLACE_BEFORE_EDGE, /* behind them comes a page that is not mapped */
	PLACE_BEHIND_EDGE  /* or before them */
};

/* PLACE_AMONG has this many alignments. */
#define PLACE_ALIGNMENTS 64

/* Put them there; they may be used until the next call, or place_leave(). */
const char *place_octets(enum place place, unsigned alignment,
    const char *octets, size_t len);
void place_leave(void);

#endif
