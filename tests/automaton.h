/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_AUTOMATON_H
#define MAILIN_TESTS_AUTOMATON_H

#include <mailin.h>

/*
 * A third decoder of message octets, octet by octet: a table of what each
 * does in each state.  It is as small as src/body.c's state and as quick, for
 * walks that decoder.h is too slow for; those that decoder.h can make hold it
 * against that.  It knows no long lines.
 */

enum automaton_state {
	AUTOMATON_LINE, /* behind CR LF */
	AUTOMATON_DOT,
	AUTOMATON_DOT_CR,
	AUTOMATON_TEXT,
	AUTOMATON_CR,
	AUTOMATON_END
};

struct automaton {
	enum automaton_state     state;
	enum mailin_bare_newline newline;
	bool                     dots;
	bool                     refused;
	struct mailin_facts      facts;
};

/* The most that one octet makes, and what was held back before it. */
#define AUTOMATON_MOST 2

void automaton_start(struct automaton *automaton,
    enum mailin_bare_newline newline, bool dots);

/* Both answer how many octets are in out now, which are to be handed on. */
size_t automaton_read(struct automaton *automaton, char octet, char *out);
size_t automaton_finish(struct automaton *automaton, char *out);

#endif
