/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 5321 4.2, SMTP Replies, as a client reads them.  The state machine reads
 * one line of a reply.  The line may come in pieces, so the machine keeps its
 * state between two calls.
 *
 * The caller compares the codes of several lines (4.2.1), and counts lines and
 * octets.
 */

%%{
	machine reply;
	include core "core.rl";
	include utf8_character "utf8_character.rl";

	action code_digit { line->code = line->code * 10 + (*p - '0'); }
	action goes_on    { line->goes_on = true; }
	action octet      { put(line, *p); }
	action enhanced   { line->enhanced_len = line->len; }
	action line_ends  { fbreak; }

	action text_follows {
		switch (line->octets) {
		case REPLY_OCTETS_ASCII:
			fgoto ascii_text;
		case REPLY_OCTETS_UTF8:
			fgoto utf8_text;
		default:
			fgoto any_text;
		}
	}

	Reply_code = [2-5] [0-5] DIGIT;

	# RFC 2034 4, RFC 3463 2: "numeric sub-codes ... leading zero digits"
	# are not allowed.  A code without a blank after it is text, unless the
	# line ends there.
	class       = [245];
	sub_code    = "0" | [1-9] DIGIT{0,2};
	status_code = class "." sub_code "." sub_code;

	# RFC 5321 4.2.  The RFC does not allow an empty textstring after the
	# blank, but servers send "250 " (4.2: "any text, including no text at
	# all ... MUST be acceptable").
	text_octet  = HTAB | 0x20..0x7e;

	# RFC 6531 3.7.4.2: replies in a transaction with SMTPUTF8.
	UTF8_non_ascii = UTF8_2 | UTF8_3 | UTF8_4;

	line_end = CRLF @line_ends;

	ascii_text := ((status_code %enhanced (SP text_octet*)?) | text_octet*)
	              $octet line_end;
	utf8_octet = text_octet | UTF8_non_ascii;
	utf8_text  := ((status_code %enhanced (SP utf8_octet*)?) | utf8_octet*)
	              $octet line_end;

	# RELAXED: some servers send Latin-1.
	any_octet = text_octet | 0x80..0xff;
	any_text := ((status_code %enhanced (SP any_octet*)?) | any_octet*)
	            $octet line_end;

	main := Reply_code $code_digit
	        (("-" @goes_on | SP) @text_follows | line_end);
}%%

#include "client/reply.h"

%% write data noentry;

static void
put(struct mailin_reply_line *line, unsigned char octet)
{
	if (octet == '\t')
		octet = ' ';
	else if (octet > 0x7f && line->octets == REPLY_OCTETS_ANY)
		octet = '?';
	line->text[line->len++] = (char)octet;
}

void
mailin_reply_line_begin(struct mailin_reply_line *line, char *text,
    enum mailin_reply_octets octets)
{
	int cs;

	%% write init;

	*line = (struct mailin_reply_line){
		.cs = cs, .octets = octets, .text = text
	};
}

enum mailin_reply_result
mailin_reply_line_read(struct mailin_reply_line *line, const char *octets,
    size_t len, size_t *used)
{
	const unsigned char *base = (const unsigned char *)octets;
	const unsigned char *p = base, *pe = base + len;
	int cs = line->cs;

	%% write exec;

	*used = (size_t)(p - base);
	line->cs = cs;
	if (cs == reply_error)
		return REPLY_WRONG;
	return cs >= reply_first_final ? REPLY_LINE : REPLY_MORE;
}
