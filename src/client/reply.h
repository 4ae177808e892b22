/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_REPLY_H
#define MAILIN_SRC_CLIENT_REPLY_H

#include <stdbool.h>
#include <stddef.h>

/* One line of a server's reply (grammar/reply.rl), which may come in pieces. */

/* The octets that the text of a line may have. */
enum mailin_reply_octets {
	REPLY_OCTETS_ASCII, /* printable ASCII and tabs */
	REPLY_OCTETS_UTF8,  /* ASCII as above, and UTF-8 */
	REPLY_OCTETS_ANY    /* ASCII as above, and any octet above 127, which
			       becomes "?" */
};

struct mailin_reply_line {
	int cs; /* the state of the state machine */
	enum mailin_reply_octets octets;
	int code;            /* valid when the line is complete */
	bool goes_on;        /* a "-" is after the code: another line follows */
	char *text;          /* without the code; a tab became a blank */
	size_t len;          /* the length of the text so far */
	size_t enhanced_len; /* the length of the enhanced code at the beginning
				of the text, or 0 */
};

enum mailin_reply_result {
	REPLY_MORE, /* all octets were read, and the line is not complete */
	REPLY_LINE, /* the line is complete */
	REPLY_WRONG /* the octets are no line of a reply */
};

/* Begin a line.  The function mailin_reply_line_read() appends its text to the
 * buffer "text", which must have room for as many octets as that function
 * reads. */
void mailin_reply_line_begin(struct mailin_reply_line *line, char *text,
    enum mailin_reply_octets octets);

/* Read octets of the line up to its CR LF.  Sets *used to the number of octets
 * that were read, or to the offset of the first wrong octet. */
enum mailin_reply_result mailin_reply_line_read(struct mailin_reply_line *line,
    const char *octets, size_t len, size_t *used);

#endif
