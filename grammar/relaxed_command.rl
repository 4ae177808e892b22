/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Command lines that no RFC allows and that real clients send.  Each leniency
 * has a name of its own; none touches control characters or line endings.
 * Definitions only.  Actions to supply: those of xtext.rl.
 */

%%{
	machine relaxed_command;
	include xtext "xtext.rl";

	# White space, blanks or tabs, of any length where STRICT has one blank,
	# and where the path begins: MAIL FROM:<tab><a@b>  SIZE=1.
	blank       = WSP;
	more_blanks = WSP*;

	# QUIT foo: devices.  No other verb that takes nothing is so lenient.
	quit_gap = WSP+;

	# Lower-case hexadecimal digits in ENVID and ORCPT: X.400 gateways.
	# What they stand for is printable as in printable_xtext.
	loose_hexchar  = "+" ([2-6] HEXDIG | "7" (HEXDIG - [Ff]));
	envelope_xtext = (xchar @run_of_xchar | loose_hexchar)*;
}%%
