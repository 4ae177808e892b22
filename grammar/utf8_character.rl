/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 3629, UTF-8, section 4: only well-formed sequences (no overlong form, no
 * surrogate, nothing above U+10FFFF).  Definitions only.
 */

%%{
	machine utf8_character;

	UTF8_tail = 0x80..0xbf;

	UTF8_2 = 0xc2..0xdf UTF8_tail;

	UTF8_3 = 0xe0       0xa0..0xbf UTF8_tail
	       | 0xe1..0xec UTF8_tail  UTF8_tail
	       | 0xed       0x80..0x9f UTF8_tail
	       | 0xee..0xef UTF8_tail  UTF8_tail;

	UTF8_4 = 0xf0       0x90..0xbf UTF8_tail UTF8_tail
	       | 0xf1..0xf3 UTF8_tail  UTF8_tail UTF8_tail
	       | 0xf4       0x80..0x8f UTF8_tail UTF8_tail;
}%%
