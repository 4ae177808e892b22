/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 6531 3.3: a non-ASCII character.  The rule accepts any octet above 127.
 * Definitions only.  Action to supply: character, which runs the state machine
 * of utf8.rl from that octet on, and moves p to the last octet of the
 * character.
 */

%%{
	machine character;

	UTF8_non_ascii = 0x80..0xff @character;
}%%
