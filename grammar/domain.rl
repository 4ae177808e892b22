/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 5321, Simple Mail Transfer Protocol, sections 4.1.2 and 4.1.3: domain
 * names and the characters of address literals.  Definitions only.
 *
 * Action to supply: run_of_domain, after a letter or digit.  It may move p to a
 * later letter or digit, if all octets between the two belong to the Domain,
 * because the state machine is in the same state there.
 */

%%{
	machine domain;
	include core "core.rl";

	# RFC 5321 4.1.2

	Let_dig    = (ALPHA | DIGIT) @run_of_domain;
	Ldh_str    = (ALPHA | DIGIT | "-")* Let_dig;
	sub_domain = Let_dig Ldh_str?;
	Domain     = sub_domain ("." sub_domain)*;

	# RFC 5321 4.1.3: printable, except "[", "\" and "]"

	dcontent   = 0x21..0x5a | 0x5e..0x7e;
}%%
