/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PLACE_H
#define MAILIN_TESTS_PLACE_H

#include <stddef.h>

/* Memory for octets that a test passes to the library.  Code that reads
 * outside the octets, or after the call, crashes or gets a wrong result. */
enum place {
	PLACE_HEAP,        /* a heap block of the same size */
	PLACE_STREAM,      /* the octets themselves, not a copy */
	PLACE_AMONG,       /* at an alignment, among misleading octets */
	PLACE_BEFORE_EDGE, /* right before a page that is not mapped */
	PLACE_AFTER_EDGE   /* right after a page that is not mapped */
};

/* PLACE_AMONG supports this many alignments. */
#define PLACE_ALIGNMENTS 64

/* Put the octets at this place.  They stay valid until the next call or
 * place_leave(). */
const char *place_octets(enum place place, unsigned alignment,
    const char *octets, size_t len);
void place_leave(void);

#endif
