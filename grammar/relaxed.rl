/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The RELAXED machine: what STRICT takes, and the leniencies of
 * relaxed_address.rl.
 */

%%{
	machine relaxed;
	include actions "actions.rl";
	include relaxed_address "relaxed_address.rl";

	mailbox      = loose_mailbox %path_mailbox;
	path         = "<" (loose_a_d_l ":")? mailbox ">" | mailbox;
	reverse_path = path | "<>";

	postmaster   = "<" "Postmaster"i >local_s %local_e ">" @path_postmaster
	             | "Postmaster"i >local_s %local_e %path_postmaster;
	forward_path = path | postmaster;

	# A fact, never a refusal: the name is reported as MAILIN_DOMAIN_OTHER.
	bad_name     = loose_name - (Domain | "[" dcontent+ "]");
	helo_name    = (Domain | address_literal | bad_name %name_other)
	               >domain_s %domain_e;

	after_colon  = SP*;

	include command "command.rl";

	any_path     = (reverse_path | postmaster) >path_s %path_e;

	path_alone    := any_path;
	mailbox_alone := mailbox >path_s %path_e;
	main          := command_line @accepted;
}%%

#include "scan_parameter.h"

%% write data noerror;

bool
mailin_scan_relaxed(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	const unsigned char *p = scan->p, *pe = scan->pe, *eof = pe;
	int cs = entry == SCAN_PATH ? relaxed_en_path_alone
	    : entry == SCAN_MAILBOX ? relaxed_en_mailbox_alone
	    : relaxed_start;

	%% write exec;

	scan->p = p;
	return cs >= relaxed_first_final;
}
