/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_DECODER_H
#define MAILIN_TESTS_DECODER_H

#include <mailin.h>

/*
 * A second decoder of message octets, slow and plain: it has the whole stream
 * in hand, looks one octet at a time at what follows, and has no state but
 * whether a line begins.  What src/body.c makes of a stream, in whatever
 * pieces, must be what this makes of it.
 */

#define DECODED_ROOM ((size_t)1 << 17)

struct decoded {
	size_t              len;     /* of octets */
	size_t              used;    /* of the stream, to the end of data */
	bool                ended;   /* by CR LF . CR LF */
	bool                refused; /* REJECT met a bare newline */
	struct mailin_facts facts;
	char                octets[DECODED_ROOM];
};

/* dots: DATA; else BDAT, and last: its last chunk ends with the stream. */
void decoder_run(struct decoded *decoded, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, bool last);

/* Put octets behind those that are decoded, unless the message is refused. */
void decoder_put(struct decoded *decoded, const char *octets, size_t len);

static inline bool
decoder_same_facts(const struct mailin_facts *a, const struct mailin_facts *b)
{
	return a->octets == b->octets && a->eight_bit == b->eight_bit &&
	    a->nul == b->nul && a->bare_cr == b->bare_cr &&
	    a->bare_lf == b->bare_lf && a->long_line == b->long_line;
}

/* Write m as DATA has it (RFC 5321 4.5.2), with its end; answers the length.
 * out has room for 2 * m.len + 3 octets. */
size_t decoder_stuff(struct mailin_span m, char *out);

#endif
