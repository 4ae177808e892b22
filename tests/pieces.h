/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PIECES_H
#define MAILIN_TESTS_PIECES_H

#include "decoder.h"

/* The decoder of src/body.c, run over a stream that comes in pieces. */

enum cut {
	WHOLE,
	SINGLE,  /* octet by octet */
	TWO      /* in two pieces */
};

/* at: where to cut in two.  BDAT: the stream is all of the message. */
void pieces_run(struct decoded *got, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, enum cut cut, size_t at);

/* Hold it against the other decoder: in every policy, DATA and BDAT, whole
 * and octet by octet; with splits, in two at every place too. */
void pieces_check(struct mailin_span stream, bool splits);

#endif
