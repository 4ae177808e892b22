/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 3629, UTF-8, section 4: well-formed sequences and no others (no overlong
 * form, no surrogate, nothing above U+10FFFF).  RFC 6531 3.3 for the name of
 * their union.  Definitions only.
 *
 * Action to supply: eight_bit, an octet above 127 has come.
 */

%%{
	machine utf8;

	UTF8_tail = 0x80..0xbf;

	UTF8_2 = 0xc2..0xdf UTF8_tail;

	UTF8_3 = 0xe0       0xa0..0xbf UTF8_tail
	       | 0xe1..0xec UTF8_tail  UTF8_tail
	       | 0xed       0x80..0x9f UTF8_tail
	       | 0xee..0xef UTF8_tail  UTF8_tail;

	UTF8_4 = 0xf0       0x90..0xbf UTF8_tail UTF8_tail
	       | 0xf1..0xf3 UTF8_tail  UTF8_tail UTF8_tail
	       | 0xf4       0x80..0x8f UTF8_tail UTF8_tail;

	UTF8_non_ascii = (UTF8_2 | UTF8_3 | UTF8_4) >eight_bit;
}%%
