/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The STRICT machine: RFC 5321 with its extensions, exactly.
 */

%%{
	machine strict;
	include actions "actions.rl";
	include address "address.rl";

	# RFC 5321 4.1.2

	uMailbox     = (local_quoted | local_dotted) "@" domain_part
	               %path_mailbox;
	uPath        = "<" (uA_d_l ":")? uMailbox ">";
	reverse_path = uPath | "<>";

	# 4.1.1.3: "<Postmaster>" alone, in any case
	postmaster   = "<" "Postmaster"i >local_s %local_e ">" @path_postmaster;
	forward_path = uPath | postmaster;

	# 4.1.1.1; HELO takes a literal as EHLO does
	helo_name    = (Domain | address_literal) >domain_s %domain_e;

	after_colon  = "";

	include command "command.rl";

	any_path     = (reverse_path | postmaster) >path_s %path_e;

	path_alone    := any_path;
	mailbox_alone := uMailbox >path_s %path_e;
	main          := command_line @accepted;
}%%

#include "scan_parameter.h"

%% write data noerror;

bool
mailin_scan_strict(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	const unsigned char *p = scan->p, *pe = scan->pe, *eof = pe;
	int cs = entry == SCAN_PATH ? strict_en_path_alone
	    : entry == SCAN_MAILBOX ? strict_en_mailbox_alone
	    : strict_start;

	%% write exec;

	scan->p = p;
	return cs >= strict_first_final;
}
