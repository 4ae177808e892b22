/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/automaton.h"

#define LINE AUTOMATON_LINE
#define DOT  AUTOMATON_DOT
#define DTCR AUTOMATON_DOT_CR
#define TEXT AUTOMATON_TEXT
#define CR   AUTOMATON_CR
#define END  AUTOMATON_END

/* The table: for each state and octet the next state, and the output (RFC 5321
 * 4.1.1.4 and 4.5.2).  In the output "l" means a line end, "r" a bare CR, "n" a
 * bare LF, and "c" the octet itself. */
static const struct {
	enum automaton_state next;
	const char *out;
} table[6][4] = {
	/*         CR            LF            .              other */
	[LINE] = { { CR, "" }, { TEXT, "n" }, { DOT, "" }, { TEXT, "c" } },
	[DOT] = { { DTCR, "" }, { TEXT, "n" }, { TEXT, "c" }, { TEXT, "c" } },
	[DTCR] = { { CR, "r" }, { END, "" }, { TEXT, "rc" }, { TEXT, "rc" } },
	[TEXT] = { { CR, "" }, { TEXT, "n" }, { TEXT, "c" }, { TEXT, "c" } },
	[CR] = { { CR, "r" }, { LINE, "l" }, { TEXT, "rc" }, { TEXT, "rc" } },
	[END] = { { END, "" }, { END, "" }, { END, "" }, { END, "" } },
};

static unsigned
column_of(char octet)
{
	switch (octet) {
	case '\r':
		return 0;
	case '\n':
		return 1;
	case '.':
		return 2;
	default:
		return 3;
	}
}

void
automaton_start(struct automaton *automaton, enum mailin_bare_newline newline,
    bool dots)
{
	memset(automaton, 0, sizeof *automaton);
	automaton->state = dots ? LINE : TEXT;
	automaton->newline = newline;
	automaton->dots = dots;
}

/* Write the replacement of a bare CR or LF.  Returns its length. */
static size_t
put_bare(struct automaton *automaton, char newline, char *out)
{
	bool is_cr = newline == '\r';

	if (is_cr)
		automaton->facts.bare_cr = true;
	else
		automaton->facts.bare_lf = true;
	switch (automaton->newline) {
	case MAILIN_BARE_NEWLINE_REJECT:
		automaton->refused = true;
		return 0;
	case MAILIN_BARE_NEWLINE_PRESERVE:
		out[0] = newline;
		return 1;
	case MAILIN_BARE_NEWLINE_NORMALIZE:
		break;
	}
	memcpy(out, is_cr ? " " : "\r\n", is_cr ? 1 : 2);
	return is_cr ? 1 : 2;
}

/* Write the output that the letters describe, until the message is refused. */
static size_t
put(struct automaton *automaton, const char *letters, char octet, char *out)
{
	size_t len = 0;

	for (; *letters != '\0' && !automaton->refused; letters++)
		switch (*letters) {
		case 'l':
			memcpy(out + len, "\r\n", 2);
			len += 2;
			break;
		case 'r':
			len += put_bare(automaton, '\r', out + len);
			break;
		case 'n':
			len += put_bare(automaton, '\n', out + len);
			break;
		default:
			out[len++] = octet;
			automaton->facts.nul |= octet == '\0';
			automaton->facts.eight_bit |= (octet & 0x80) != 0;
		}
	automaton->facts.octets += len;
	return len;
}

size_t
automaton_read(struct automaton *automaton, char octet, char *out)
{
	enum automaton_state state = automaton->state;
	unsigned column = column_of(octet);

	automaton->state = table[state][column].next;
	if (automaton->state == LINE && !automaton->dots)
		automaton->state = TEXT;
	return put(automaton, table[state][column].out, octet, out);
}

size_t
automaton_finish(struct automaton *automaton, char *out)
{
	return put(automaton, automaton->state == CR ? "r" : "", '\0', out);
}
