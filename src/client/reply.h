/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_REPLY_H
#define MAILIN_SRC_CLIENT_REPLY_H

#include <stdbool.h>
#include <stddef.h>

/* One line of a server's reply (grammar/reply.rl), which may come in pieces. */

/* The octets that its text may have. */
enum mailin_reply_octets {
	REPLY_OCTETS_ASCII, /* printable ASCII and tabs */
	REPLY_OCTETS_UTF8,  /* also UTF-8 */
	REPLY_OCTETS_ANY    /* also any octet above 127, which becomes "?" */
};

struct mailin_reply_line {
	int cs; /* the state of the machine */
	enum mailin_reply_octets octets;
	int code;            /* complete when the line is */
	bool goes_on;        /* "-" after the code: another line follows */
	char *text;          /* without the code; a tab became a blank */
	size_t len;          /* of the text so far */
	size_t enhanced_len; /* of the enhanced code that the text begins
				with; 0: it begins with none */
};

enum mailin_reply_result {
	REPLY_MORE, /* all octets were read, and the line is not complete */
	REPLY_LINE, /* the line is complete */
	REPLY_WRONG /* the octets are no line of a reply */
};

/* Begin a line.  Its text goes to text, which must have room for as many octets
 * as mailin_reply_line_read gets. */
void mailin_reply_line_begin(struct mailin_reply_line *line, char *text,
    enum mailin_reply_octets octets);

/* Read octets of the line up to its CR LF.  *used is the number of octets that
 * were read; if they are wrong, the offset of the first wrong one. */
enum mailin_reply_result mailin_reply_line_read(struct mailin_reply_line *line,
    const char *octets, size_t len, size_t *used);

#endif
