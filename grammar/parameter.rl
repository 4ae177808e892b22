/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * ESMTP parameters: their form (RFC 5321 4.1.2), and their values, each with
 * its RFC above it.  Definitions only.
 *
 * At the end of a keyword an action looks the keyword up, and jumps to the
 * machine for its value.  That machine jumps to the machine for the next
 * parameter.  So there is one machine for each value, and a known keyword with
 * a bad value cannot match as an unknown keyword.
 *
 * Actions to supply, besides those of address.rl and xtext.rl:
 *
 *	parameter_s       where a parameter begins
 *	keyword_ends      after the keyword; jumps to the machine for the value
 *	size_digits       reads a number, and moves p to its last digit
 *	digits            reads a number, and moves p to its last digit
 *	digit, minus      a number of one digit, and its sign
 *	run_of_addr_type  p is at a letter or digit; may skip a run of these,
 *			  and leave p at the last one
 *	base64_ends       jumps to the machine for the octets after base64
 *	orcpt_follows     jumps to the machine for the address of ORCPT, which
 *			  depends on the type of the address
 *	value_s           where a text value begins
 *	value_ends        moves p back one octet, and jumps to parameter_follows
 *	accepted          on the LF of the line
 *
 * For each parameter there is also an action with the name of the parameter.
 * It runs where the value ends.
 *
 * Names to define first: blank and more_blanks, the white space between two
 * words; envelope_xtext, the value of ENVID and ORCPT.
 */

%%{
	machine parameter;
	include xtext "xtext.rl";
	include address "address.rl";

	# RFC 5321 4.1.2, RFC 6531 3.3

	esmtp_keyword = (ALPHA | DIGIT) (ALPHA | DIGIT | "-")*;
	uesmtp_value  = (0x21..0x3c | 0x3e..0x7e | UTF8_non_ascii)+;
	esmtp_param   = esmtp_keyword >parameter_s ("=" | WSP | CR)
	                @keyword_ends;

	gap = blank more_blanks;

	# RFC 5321 4.1.1: a server should tolerate white space before CR LF.
	line_end = WSP* CRLF @accepted;

	parameter_follows := gap esmtp_param | line_end;

	value_end = (WSP | CR) @value_ends;

	# A number has at most nine digits, the number of SIZE at most 20.  The
	# actions count the digits.
	number = DIGIT+ @digits;

	# SIZE (RFC 1870 5)
	size_value := DIGIT+ @size_digits %size value_end;

	# BODY (RFC 6152 2, RFC 3030 3)
	body_value := ("7BIT"i %body_7bit | "8BITMIME"i %body_8bitmime
	           | "BINARYMIME"i %body_binarymime) value_end;

	# RET and ENVID (RFC 3461 4.3, 4.4)
	ret_value   := ("FULL"i %ret_full | "HDRS"i %ret_hdrs) value_end;
	envid_value := (envelope_xtext - "") >value_s %envid value_end;

	# AUTH (RFC 4954 5).  check.c checks that the value is a mailbox, "<>",
	# or a form that RELAXED accepts.
	auth_value := mailbox_xtext >auth_mailbox_s %auth_mailbox_e value_end;

	# BY (RFC 2852 4)
	by_time  = ("+" | "-" @minus)? number;
	by_value := by_time %by_time ";" ("N"i | "R"i @by_return)
	            ("T"i @by_trace)? value_end;

	# HOLDFOR (RFC 4865 3, with its erratum 2040)
	future_release_integer = number - ("0" DIGIT*);
	holdfor_value := future_release_integer %holdfor value_end;

	# MT-PRIORITY (RFC 6710 6)
	priority_value = ("-" @minus)? [1-9] @digit | "0" @digit;
	mt_priority_value := priority_value %mt_priority value_end;

	# MTRK (RFC 3885 3)
	mtrk_timeout = number %mtrk_timeout;
	mtrk_follows := (":" mtrk_timeout)? value_end;

	# This machine ends like that of AUTH's initial-response, so that Ragel
	# makes one machine of both.
	mtrk_certifier := base64 >value_s (WSP | CR | ":") @base64_ends;

	# SOLICIT (RFC 3865 2.3)
	solicit_word  = ALPHA (ALPHA | DIGIT | [.\-_:])*;
	solicit_value := (solicit_word ("," solicit_word)*) >value_s
	                 $solicit_octet %solicit value_end;

	# NOTIFY (RFC 3461 4.1)
	notify_list_element = "SUCCESS"i %notify_success
	                    | "FAILURE"i %notify_failure
	                    | "DELAY"i %notify_delay;
	notify_value := ("NEVER"i %notify_never
	             | notify_list_element ("," notify_list_element)*)
	             value_end;

	# ORCPT (RFC 3461 4.2; RFC 6533 3 for the address type "utf-8")
	addr_type = ((atext - "=") @run_of_addr_type)+;
	orcpt_value   := addr_type >value_s ";" @orcpt_follows;
	orcpt_follows := envelope_xtext >value_s %orcpt value_end;
	orcpt_utf8_follows := utf_8_addr_unitext >value_s %orcpt value_end;

	# HOLDUNTIL (RFC 4865 3), or RRVS with its action (RFC 7293 3.1)
	rrvs_action = ";" @rrvs_action_follows
	              ("C"i @rrvs_continue | "R"i @rrvs_reject);
	date_value := date_time >value_s @date rrvs_action? value_end;

	# Any other parameter.
	unknown_value := uesmtp_value value_end;
}%%
