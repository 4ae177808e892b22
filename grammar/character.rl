/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 6531 3.3: a character outside of ASCII.  Here it is any octet above 127;
 * the action has utf8.rl read what it begins, and goes to its last octet.
 * Definitions only.  Action to supply: character.
 */

%%{
	machine character;

	UTF8_non_ascii = 0x80..0xff @character;
}%%
