/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 3629, UTF-8, section 4: only well-formed sequences (no overlong form, no
 * surrogate, nothing above U+10FFFF).  This machine reads one character.  As a
 * part of other machines it would be copied to each place where a character may
 * be, and make them three times as large.
 */

%%{
	machine utf8;
	include core "core.rl";

	UTF8_tail = 0x80..0xbf;

	UTF8_2 = 0xc2..0xdf UTF8_tail;

	UTF8_3 = 0xe0       0xa0..0xbf UTF8_tail
	       | 0xe1..0xec UTF8_tail  UTF8_tail
	       | 0xed       0x80..0x9f UTF8_tail
	       | 0xee..0xef UTF8_tail  UTF8_tail;

	UTF8_4 = 0xf0       0x90..0xbf UTF8_tail UTF8_tail
	       | 0xf1..0xf3 UTF8_tail  UTF8_tail UTF8_tail
	       | 0xf4       0x80..0x8f UTF8_tail UTF8_tail;

	main := (UTF8_2 | UTF8_3 | UTF8_4) @{ fbreak; };
}%%

#include "octet/utf8.h"

%% write data noerror noentry;

bool
mailin_utf8_read(const unsigned char *octets, size_t len, size_t *used)
{
	const unsigned char *p = octets, *pe = octets + len;
	int cs;

	%% write init;
	%% write exec;

	*used = (size_t)(p - octets);
	return cs >= utf8_first_final;
}
