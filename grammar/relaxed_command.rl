/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Command lines that real clients send although no RFC allows them.  Each
 * leniency has a name of its own.  No leniency is about control characters or
 * line endings.  Definitions only.  Actions to supply: those of xtext.rl.
 */

%%{
	machine relaxed_command;
	include xtext "xtext.rl";

	# Any number of blanks and tabs where STRICT has one blank, and before
	# the path: MAIL FROM:<tab><a@b>  SIZE=1.
	blank       = WSP;
	more_blanks = WSP*;

	# QUIT foo: sent by devices.  Other verbs without argument stay strict.
	quit_gap = WSP+;

	# Lower-case hexadecimal digits in ENVID and ORCPT: sent by X.400
	# gateways.  The encoded octets are printable, as in printable_xtext.
	loose_hexchar  = "+" ([2-6] HEXDIG | "7" (HEXDIG - [Ff]));
	envelope_xtext = (xchar @run_of_xchar | loose_hexchar)*;
}%%
