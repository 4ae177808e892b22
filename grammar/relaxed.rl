/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The RELAXED state machine: it accepts all that STRICT accepts, and the
 * leniencies of relaxed_address.rl and relaxed_command.rl.
 */

%%{
	machine relaxed;
	include actions "actions.rl";
	include relaxed_address "relaxed_address.rl";
	include relaxed_command "relaxed_command.rl";

	# <Postmaster> is an unqualified path, too.  The action at the end of
	# the path decides whether the path is <Postmaster> or another one.
	mailbox      = loose_mailbox %path_mailbox;
	unqualified  = local_alone %path_unqualified;
	loose_path   = (loose_a_d_l ":")? mailbox | unqualified;

	# MAIL FROM:user@example.org, without the angle brackets.
	bare_path    = mailbox | unqualified;

	null_path    = "<" inner_blanks ">" @path_null;
	path         = "<" inner_blanks loose_path inner_blanks ">"
	             | null_path | bare_path;

	# A name that is neither a domain nor an address literal is not refused,
	# but reported as MAILIN_DOMAIN_OTHER.
	bad_name     = loose_name - (Domain | "[" dcontent+ "]");
	helo_name    = (Domain | address_literal | bad_name %name_other)
	               >name_s %name_e;

	include command "command.rl";

	mailbox_alone := mailbox >path_s %path_e path_end;
	main          := any @begin;
}%%

#include "command/scan_parameter.h"
#include "command/scan_path.h"

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
