/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Command lines that no RFC allows and that real clients send.  Each leniency
 * has a name of its own; none touches control characters or line endings.
 * Definitions only.  Actions to supply: those of xtext.rl.
 */

%%{
	machine relaxed_command;
	include xtext "xtext.rl";

	# Blanks and tabs, any number of them, where STRICT has one blank, and
	# before the path: MAIL FROM:<tab><a@b>  SIZE=1.
	blank       = WSP;
	more_blanks = WSP*;

	# QUIT foo: sent by devices.  No other verb without argument takes one.
	quit_gap = WSP+;

	# Lower-case hexadecimal digits in ENVID and ORCPT: sent by X.400
	# gateways.  They encode printable octets only, as in printable_xtext.
	loose_hexchar  = "+" ([2-6] HEXDIG | "7" (HEXDIG - [Ff]));
	envelope_xtext = (xchar @run_of_xchar | loose_hexchar)*;
}%%
