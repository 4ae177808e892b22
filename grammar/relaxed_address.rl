/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Addresses that real clients send although no RFC allows them.  Each leniency
 * has a name of its own.  No leniency is about control characters or line
 * endings.  Definitions only.  Actions to supply: those of address.rl; and
 * inner_blank, which notes that white space must be removed from the path's
 * text.
 */

%%{
	machine relaxed_address;
	include address "address.rl";

	# Dots at the ends or next to each other: <.user@>, <first..last@>.
	# Some Japanese carriers gave such addresses to their customers.
	loose_dot_string = (uatext | ".")+;

	# An underscore in a domain: host names of Windows networks.
	loose_let_dig    = ulet_dig | "_";
	loose_ldh_str    = (loose_let_dig | "-")* loose_let_dig;
	loose_sub_domain = loose_let_dig loose_ldh_str?;
	loose_domain     = loose_sub_domain ("." loose_sub_domain)*;

	# A dot at the end of a domain, as in the DNS: people type it.  domain_e
	# leaves the dot out of the span.
	dotted_domain = loose_domain "."?;

	loose_local  = loose_dot_string >local_s %local_e;
	loose_domain_part = (dotted_domain | address_literal)
	                  >domain_s %domain_e;

	loose_at_domain = "@" loose_domain;
	loose_a_d_l = (loose_at_domain ("," loose_at_domain)*)
	            >a_d_l_s %a_d_l_e;

	loose_mailbox = (local_quoted | loose_local) "@" loose_domain_part;

	# A local part without a domain, <root>: sent by cron, msmtp, devices.
	local_alone = local_quoted | loose_local;

	# White space inside the angle brackets, at both ends: < user@x >, sent
	# by form mailers, and found in address lists.
	inner_blanks = (WSP @inner_blank)*;

	# HELO my_pc, HELO [10.0.0.1, HELO what-ever it is; and octets above 127
	# that may not be UTF-8: host names of Windows.
	loose_word = (VCHAR | 0x80..0xff)+;
	loose_name = loose_word (SP+ loose_word)*;
}%%
