/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "support/decoder.h"
#include "support/place.h"
#include "support/suite.h"

static char *block; /* used by PLACE_HEAP */

static const char *
on_heap(const char *octets, size_t len)
{
	block = malloc(len > 0 ? len : 1);
	if (block == NULL)
		ck_abort_msg("no memory");
	memcpy(block, octets, len);
	return block;
}

/* Octets to put around a piece.  If the decoder wrongly read the nearest of
 * these octets, they would form a line end, an end of data or a stuffed dot
 * together with the piece.  The octets farther away would change the facts. */
#define AROUND ((size_t)64)

static const char before[][5] = { "x\r\n", "\r\n.", "\r\n.\r", "\n\r", "xx" };
static const char after[][5] = { "\n", ".\r\n", "\r\n.", "x", "\n.\r\n",
	"\r\n" };

static const char *
among(unsigned alignment, const char *octets, size_t len)
{
	static _Alignas(
	    64) char room[2 * AROUND + PLACE_ALIGNMENTS + DECODED_ROOM];
	static unsigned turn;
	char *start = room + AROUND + alignment % PLACE_ALIGNMENTS;
	const char *mark = before[turn % ROWS(before)];

	if (len > DECODED_ROOM)
		ck_abort_msg("%zu octets do not fit", len);
	memset(start - AROUND, turn % 2 == 0 ? '\0' : '\xff', AROUND);
	memcpy(start - strlen(mark), mark, strlen(mark));
	memcpy(start, octets, len);
	mark = after[turn % ROWS(after)];
	memset(start + len, turn % 2 == 0 ? '\x80' : '\0', AROUND);
	memcpy(start + len, mark, strlen(mark));
	turn++;
	return start;
}

const char *
place_octets(enum place place, unsigned alignment, const char *octets,
    size_t len)
{
	struct mailin_span span = { octets, len };

	place_leave();
	switch (place) {
	case PLACE_HEAP:
		return on_heap(octets, len);
	case PLACE_STREAM:
		break;
	case PLACE_AMONG:
		return among(alignment, octets, len);
	case PLACE_BEFORE_EDGE:
		return suite_edge(span).ptr;
	case PLACE_AFTER_EDGE:
		return suite_after_edge(span).ptr;
	}
	return octets;
}

void
place_leave(void)
{
	free(block);
	block = NULL;
}
