/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_DECODER_H
#define MAILIN_TESTS_DECODER_H

#include <mailin.h>

/*
 * A second decoder of message octets, slow and plain.  It has the whole stream
 * in memory, and looks ahead at the octets that follow.  Its only state is
 * whether a line begins.  For every stream, cut in any way, src/message/body.c
 * must give the same result.
 */

#define DECODED_ROOM ((size_t)1 << 17)

struct decoded {
	size_t len;   /* number of octets */
	size_t used;  /* number of octets that were read */
	bool ended;   /* CR LF . CR LF was found */
	bool refused; /* a bare newline came, and the policy is REJECT */
	struct mailin_facts facts;
	char octets[DECODED_ROOM];
};

/* Decode the stream, which is that of DATA if "dots" is true, else of BDAT.  If
 * "last" is true, the stream ends with the last chunk. */
void decoder_run(struct decoded *decoded, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, bool last);

/* Append octets to the decoded ones, unless the message is refused. */
void decoder_put(struct decoded *decoded, const char *octets, size_t len);

static inline bool
decoder_same_facts(const struct mailin_facts *a, const struct mailin_facts *b)
{
	return a->octets == b->octets && a->eight_bit == b->eight_bit &&
	    a->nul == b->nul && a->bare_cr == b->bare_cr &&
	    a->bare_lf == b->bare_lf && a->long_line == b->long_line;
}

/* Write m as the octets of DATA (RFC 5321 4.5.2), with the end of data.
 * Returns the length.  "out" must have room for 2 * m.len + 3 octets. */
size_t decoder_stuff(struct mailin_span m, char *out);

#endif
