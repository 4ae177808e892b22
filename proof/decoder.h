/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_DECODER_H
#define MAILIN_PROOF_DECODER_H

#include <string.h>

#include "message/body.h"

/* The specification of a message's octets (RFC 5321 2.3.8, 4.1.1.4, 4.5.2; RFC
 * 3030 2), and one step of src/message/body.c for one octet.  A step leads
 * from a state and an octet to a state and some octets. */

/* The octets that one step hands on. */
struct octets {
	size_t len;
	char octets[8];
};

static inline void
octets_add(struct octets *octets, const char *more, size_t len)
{
	memcpy(octets->octets + octets->len, more, len);
	octets->len += len;
}

static inline bool
octets_equal(const struct octets *a, const struct octets *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

/* ---- The specification --------------------------------------------------- */

struct spec {
	enum mailin_bare_newline newline;
	bool dots;          /* DATA */
	bool line_start;    /* the octets in "held" are at the start of a
			       line */
	bool ended;         /* CR LF . CR LF */
	bool refused;       /* REJECT, and a bare newline */
	struct octets held; /* octets that the next octet decides about */
};

static inline void
spec_put(const struct spec *spec, const char *octets, size_t len,
    struct octets *out)
{
	if (!spec->refused)
		octets_add(out, octets, len);
}

static inline void
spec_bare(struct spec *spec, char newline, struct octets *out)
{
	if (spec->newline == MAILIN_BARE_NEWLINE_REJECT)
		spec->refused = true;
	else if (spec->newline == MAILIN_BARE_NEWLINE_PRESERVE)
		spec_put(spec, &newline, 1, out);
	else if (newline == '\r')
		spec_put(spec, " ", 1, out);
	else
		spec_put(spec, "\r\n", 2, out);
}

/* The transducer.  It holds octets until the next octet decides about them. */
static inline void
spec_read(struct spec *spec, char octet, struct octets *out)
{
	static const char end[] = { '.', '\r', '\n' };
	struct octets text = spec->held;
	size_t at = 0;

	octets_add(&text, &octet, 1);
	spec->held.len = 0;
	if (spec->dots && spec->line_start) {
		if (memcmp(text.octets, end, text.len) == 0) {
			spec->ended = text.len == sizeof end;
			spec->held = text;
			return;
		}
		at = text.octets[0] == '.';
	}
	for (; at < text.len; at++) {
		const char *next = text.octets + at;

		if (*next == '\r' && at + 1 == text.len) {
			octets_add(&spec->held, next, 1);
			spec->line_start &= at == 0;
			return;
		}
		spec->line_start = *next == '\r' && next[1] == '\n';
		if (spec->line_start)
			spec_put(spec, next, 2, out), at++;
		else if (*next == '\r' || *next == '\n')
			spec_bare(spec, *next, out);
		else
			spec_put(spec, next, 1, out);
	}
}

/* ---- The decoder --------------------------------------------------------- */

/* Read one octet with the real decoder, as a session does: a message that is
 * refused is skipped. */
static inline void
decoder_read(struct mailin_body *body, char octet, struct octets *out)
{
	struct mailin_span some;
	size_t used = 0;

	while (used == 0 && body->state != BODY_ENDED) {
		if (body->refused) {
			used = mailin_body_skip(body, &octet, 1);
			continue;
		}
		used = mailin_body_read(body, &octet, 1, &some);
		if (some.len > 0)
			octets_add(out, some.ptr, some.len);
	}
}

#endif
