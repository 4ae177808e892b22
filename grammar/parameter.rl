/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * ESMTP parameters: RFC 5321 4.1.2 for their form, and for each the document
 * named beside it.  Definitions only.
 *
 * Actions to supply: those of address.rl and xtext.rl; parameter_s where a
 * parameter begins (its number is then 0); digit and minus for that number;
 * value_s where a text value begins; and those named after a parameter, at its
 * end.
 */

%%{
	machine parameter;
	include xtext "xtext.rl";
	include address "address.rl";

	# RFC 1870 5
	size = "SIZE="i DIGIT{1,20} $digit %size;

	# RFC 6152 2, RFC 3030 3
	body = "BODY="i ("7BIT"i %body_7bit | "8BITMIME"i %body_8bitmime
	     | "BINARYMIME"i %body_binarymime);

	# RFC 6531 3.1
	smtputf8 = "SMTPUTF8"i %smtputf8;

	# RFC 3461 4.3, 4.4
	ret   = "RET="i ("FULL"i %ret_full | "HDRS"i %ret_hdrs);
	envid = "ENVID="i (printable_xtext - "") >value_s %envid;

	# RFC 4954 5; that it holds a mailbox or "<>" is checked on its value
	auth_mailbox = "AUTH="i mailbox_xtext >auth_mailbox_s %auth_mailbox_e;

	# RFC 2852 4
	by_time  = ("+" | "-" @minus)? DIGIT{1,9} $digit;
	by_value = by_time %by_time ";" ("N"i | "R"i @by_return)
	           ("T"i @by_trace)?;
	by = "BY="i by_value %by;

	# RFC 4865 3, with its erratum 2040
	future_release_integer = [1-9] DIGIT{0,8};
	holdfor   = "HOLDFOR="i future_release_integer $digit %holdfor;
	holduntil = "HOLDUNTIL="i date_time >value_s %holduntil;

	# RFC 6710 6
	priority_value = ("-" @minus)? [1-9] $digit | "0" $digit;
	mt_priority = "MT-PRIORITY="i priority_value %mt_priority;

	# RFC 3885 3
	mtrk_certifier = base64 >value_s %mtrk_certifier;
	mtrk_timeout   = DIGIT{1,9} $digit %mtrk_timeout;
	mtrk = "MTRK="i mtrk_certifier (":" mtrk_timeout)? %mtrk;

	# RFC 8689 3
	requiretls = "REQUIRETLS"i %requiretls;

	# RFC 3865 2.3
	solicit_word = ALPHA (ALPHA | DIGIT | [.\-_:])*;
	solicit = "SOLICIT="i (solicit_word ("," solicit_word)*) >value_s
	          $solicit_octet %solicit;

	# RFC 3461 4.1
	notify_list_element = "SUCCESS"i %notify_success
	                    | "FAILURE"i %notify_failure
	                    | "DELAY"i %notify_delay;
	notify = "NOTIFY="i ("NEVER"i %notify_never
	       | notify_list_element ("," notify_list_element)*) %notify;

	# RFC 3461 4.2; RFC 6533 3 for the address type "utf-8"
	addr_type = (atext - "=")+;
	orcpt_any  = (addr_type - "utf-8"i) >value_s %orcpt_type ";"
	             printable_xtext >value_s %orcpt;
	orcpt_utf8 = "utf-8"i >value_s %orcpt_type ";"
	             utf_8_addr_unitext >value_s %orcpt;
	orcpt = "ORCPT="i (orcpt_any | orcpt_utf8);

	# RFC 7293 3.1
	rrvs = "RRVS="i date_time >value_s %rrvs
	       (";" ("C"i @rrvs_continue | "R"i @rrvs_reject))?;

	# RFC 5321 4.1.2 and RFC 6531 3.3: any other.  The keywords above are
	# taken out, so that a known one with a bad value is never unknown.

	esmtp_keyword = (ALPHA | DIGIT) (ALPHA | DIGIT | "-")*;
	uesmtp_value  = (0x21..0x3c | 0x3e..0x7e | UTF8_non_ascii)+;

	mail_keyword = "SIZE"i | "BODY"i | "SMTPUTF8"i | "RET"i | "ENVID"i
	             | "AUTH"i | "BY"i | "HOLDFOR"i | "HOLDUNTIL"i
	             | "MT-PRIORITY"i | "MTRK"i | "REQUIRETLS"i | "SOLICIT"i;
	rcpt_keyword = "NOTIFY"i | "ORCPT"i | "RRVS"i;

	unknown_to_mail = (esmtp_keyword - mail_keyword) ("=" uesmtp_value)?
	                  %unknown_parameter;
	unknown_to_rcpt = (esmtp_keyword - rcpt_keyword) ("=" uesmtp_value)?
	                  %unknown_parameter;

	mail_param = (size | body | smtputf8 | ret | envid | auth_mailbox | by
	           | holdfor | holduntil | mt_priority | mtrk | requiretls
	           | solicit | unknown_to_mail) >parameter_s;
	rcpt_param = (notify | orcpt | rrvs | unknown_to_rcpt) >parameter_s;

	Mail_parameters = (mail_param (SP mail_param)*)
	                >parameters_s %parameters_e;
	Rcpt_parameters = (rcpt_param (SP rcpt_param)*)
	                >parameters_s %parameters_e;
}%%
