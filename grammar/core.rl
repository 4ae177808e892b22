/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 5234, Augmented BNF for Syntax Specifications, Appendix B.1: the core
 * rules.  Definitions only.
 */

%%{
	machine core;

	# With signed chars, 0x80..0xff would compile to comparisons that never
	# match.
	alphtype unsigned char;

	ALPHA  = [A-Za-z];
	DIGIT  = [0-9];
	HEXDIG = DIGIT | "A"i | "B"i | "C"i | "D"i | "E"i | "F"i;
	DQUOTE = 0x22;
	VCHAR  = 0x21..0x7e;
	SP     = 0x20;
	HTAB   = 0x09;
	WSP    = SP | HTAB;
	CR     = 0x0d;
	LF     = 0x0a;
	CRLF   = CR LF;
}%%
