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
	loose_path   = "<" (loose_a_d_l ":")? mailbox ">" | mailbox;

	# That it is this name and no other is told at its end.
	null_path    = "<>" @path_null;
	postmaster   = "<" loose_local ">" @path_postmaster
	             | loose_local %path_postmaster;
	path         = loose_path | null_path | postmaster;

	# A fact, never a refusal: the name is reported as MAILIN_DOMAIN_OTHER.
	bad_name     = loose_name - (Domain | "[" dcontent+ "]");
	helo_name    = (Domain | address_literal | bad_name %name_other)
	               >name_s %name_e;

	after_colon  = SP*;

	include command "command.rl";

	mailbox_alone := mailbox >path_s %path_e path_end;
	main          := any @begin;
}%%

#include "scan_parameter.h"

%% write data noerror nofinal noentry;

bool
mailin_scan_relaxed(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	const unsigned char *p = scan->p;
	int cs = relaxed_start;
	bool accepted = false;

	%% write exec noend;

	scan->p = p;
	return accepted;
}
