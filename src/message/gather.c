/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "message/body.h"

/* This file reads dense text, in which one of every few octets needs a change
 * (body.h). */

static inline uint64_t
all_or_none(bool is_all)
{
	return is_all ? UINT64_MAX : 0;
}

static inline struct mailin_text_pass
begin(const struct mailin_body *body, enum mailin_bare_newline newline)
{
	return (struct mailin_text_pass){
		.dots = all_or_none(body->dots),
		.normalizes = all_or_none(
		    newline == MAILIN_BARE_NEWLINE_NORMALIZE),
		.rejects = all_or_none(newline == MAILIN_BARE_NEWLINE_REJECT),
		.line_start = body->state == BODY_LINE_START,
		.column = body->column,
		.lull = body->lull,
		.most_lull = MAILIN_GATHER_LULL,
	};
}

static inline void
end(struct mailin_body *body, const struct mailin_text_pass *pass)
{
	struct mailin_facts *facts = &body->facts;

	body->state = pass->line_start ? BODY_LINE_START : BODY_TEXT;
	body->column = pass->column;
	body->lull = (uint16_t)pass->lull;
	if (pass->lull >= MAILIN_GATHER_LULL)
		body->pieces = 0;
	facts->bare_cr |= pass->bare_cr != 0;
	facts->bare_lf |= pass->bare_lf != 0;
	facts->nul |= pass->nul != 0;
	facts->eight_bit |= pass->eight_bit != 0;
	facts->long_line |= pass->has_long;
}

static inline bool
is_text(const struct mailin_body *body)
{
	return body->state == BODY_LINE_START || body->state == BODY_TEXT;
}

/* ---- Output to a buffer -------------------------------------------------- */

/* The input that has not been read, and the free part of the buffer. */
struct gathering {
	const char *in, *in_end;
	char *out, *most;
};

static void
gather_text(struct mailin_body *body, struct gathering *gathering)
{
	struct mailin_text_pass pass = begin(body, body->newline);

	pass.in = gathering->in;
	pass.in_end = gathering->in_end;
	pass.out = gathering->out;
	pass.most = gathering->most;
	body->text->gather(&pass);
	body->facts.octets += (size_t)(pass.out - gathering->out);
	gathering->in = pass.in;
	gathering->out = pass.out;
	end(body, &pass);
}

/* Read one octet with the automaton, and write what it hands on. */
static inline void
gather_octet(struct mailin_body *body, struct gathering *gathering)
{
	struct mailin_span out = { NULL, 0 };

	gathering->in += mailin_body_octet(body, *gathering->in, &out);
	if (out.len > 0)
		memcpy(gathering->out, out.ptr, out.len);
	gathering->out += out.len;
}

/* Returns true if the octet "next" may be refused.  Then first hand on the
 * octets before it, and read it in a call of its own: the facts must not count
 * octets that the handler does not get. */
static inline bool
may_refuse(const struct mailin_body *body, char next)
{
	return body->newline == MAILIN_BARE_NEWLINE_REJECT && next != '.';
}

/* Returns true if the pass ended because all input has been read, because the
 * buffer is full, or because the text is no longer dense.  If it returns false,
 * the automaton reads the next octet. */
static inline bool
is_over(const struct mailin_body *body, const struct gathering *gathering)
{
	return gathering->in == gathering->in_end ||
	    gathering->out > gathering->most || !mailin_body_is_dense(body);
}

size_t
mailin_body_gather(struct mailin_body *body, const char *in, size_t len,
    char *room, size_t size, struct mailin_span *out)
{
	struct gathering gathering = { in, in + len, room,
		room + size - MAILIN_TEXT_ROOM };

	do {
		if (is_text(body))
			gather_text(body, &gathering);
		if (is_over(body, &gathering) ||
		    (gathering.out > room && may_refuse(body, *gathering.in)))
			break;
		gather_octet(body, &gathering);
	} while (!body->refused && body->state != BODY_ENDED);
	*out = (struct mailin_span){ room, (size_t)(gathering.out - room) };
	return (size_t)(gathering.in - in);
}

/* ---- No output ----------------------------------------------------------- */

static size_t
skip_text(struct mailin_body *body, const char *in, size_t len)
{
	struct mailin_text_pass pass = begin(body,
	    MAILIN_BARE_NEWLINE_PRESERVE);

	pass.in = in;
	pass.in_end = in + len;
	body->text->skip(&pass);
	end(body, &pass);
	return (size_t)(pass.in - in);
}

size_t
mailin_body_skip(struct mailin_body *body, const char *in, size_t len)
{
	struct mailin_facts facts = body->facts;
	enum mailin_bare_newline newline = body->newline;
	bool refused = body->refused;
	struct mailin_span out;
	size_t used = 0;

	/* The message is already refused, so a bare newline need not be refused
	 * again. */
	body->newline = MAILIN_BARE_NEWLINE_PRESERVE;
	body->refused = false;
	while (used < len && body->state != BODY_ENDED) {
		if (mailin_body_is_dense(body) && is_text(body))
			used += skip_text(body, in + used, len - used);
		if (used < len)
			used += mailin_body_read(body, in + used, len - used,
			    &out);
	}
	body->newline = newline;
	body->refused = refused;
	body->facts = facts;
	return used;
}
