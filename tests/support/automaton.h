/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_AUTOMATON_H
#define MAILIN_TESTS_AUTOMATON_H

#include <mailin.h>

/*
 * A third decoder of message octets, besides src/message/body.c and decoder.h.
 * It reads octet by octet, with a table of what each octet does in each state.
 * It is small and fast, so that a test can try more streams than decoder.h
 * could decode in time.  Other tests compare the two decoders on fewer streams.
 * It does not detect long lines.
 */

enum automaton_state {
	AUTOMATON_LINE, /* after CR LF */
	AUTOMATON_DOT,
	AUTOMATON_DOT_CR,
	AUTOMATON_TEXT,
	AUTOMATON_CR,
	AUTOMATON_END
};

struct automaton {
	enum automaton_state state;
	enum mailin_bare_newline newline;
	bool dots;
	bool refused;
	struct mailin_facts facts;
};

/* The maximum number of octets that one call writes. */
#define AUTOMATON_MOST 2

void automaton_start(struct automaton *automaton,
    enum mailin_bare_newline newline, bool dots);

/* Both functions write the octets that must be delivered to "out", and return
 * their number. */
size_t automaton_read(struct automaton *automaton, char octet, char *out);
size_t automaton_finish(struct automaton *automaton, char *out);

#endif
