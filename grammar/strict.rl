/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The STRICT state machine: exactly RFC 5321 with its extensions.
 */

%%{
	machine strict;
	include actions "actions.rl";
	include address "address.rl";
	include xtext "xtext.rl";

	# RFC 5321 4.1.2

	uMailbox     = (local_quoted | local_dotted) "@" domain_part
	               %path_mailbox;
	uPath        = "<" (uA_d_l ":")? uMailbox ">";

	# RFC 5321 4.1.1.2, 4.1.1.3: "<>", and "<Postmaster>" in any case.  The
	# action at the end of the path refuses other paths without a domain.
	null_path    = "<>" @path_null;
	postmaster   = "<" local_dotted ">" @path_postmaster;
	path         = uPath | null_path | postmaster;

	# RFC 5321 4.1.1.1.  The RFC allows an address literal only after EHLO;
	# here it may follow HELO, too.
	helo_name    = (Domain | address_literal) >name_s %name_e;

	blank        = SP;
	more_blanks  = "";
	quit_gap     = empty;

	# ENVID and ORCPT (RFC 3461 4.2, 4.4)
	envelope_xtext = printable_xtext;

	include command "command.rl";

	mailbox_alone := uMailbox >path_s %path_e path_end;
	main          := any @begin;
}%%

#include "command/scan_parameter.h"
#include "command/scan_path.h"

%% write data noerror nofinal noentry;

bool
mailin_scan_strict(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	const unsigned char *p = scan->p;
	int cs = strict_start;
	bool accepted = false;

	%% write exec noend;

	scan->p = p;
	return accepted;
}
