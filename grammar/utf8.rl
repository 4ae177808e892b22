/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 3629, UTF-8, section 4.  This state machine reads one character.  If it
 * were a part of the machines for command lines, it would be copied to each
 * place where a character may be, and these machines would be three times as
 * large.
 */

%%{
	machine utf8;
	include core "core.rl";
	include utf8_character "utf8_character.rl";

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
