/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The command lines: RFC 5321 4.1.1 and the extensions named beside each.
 * Definitions only.
 *
 * A verb is read by one machine, and what it takes by another, which does not
 * ask how the verb was found: who knows it begins there.
 *
 * Names to define first: path; helo_name; quit_gap, after which QUIT takes a
 * text, or the empty set; and those of parameter.rl.
 *
 * Actions to supply: those of parameter.rl; one named after each verb, taken
 * on its last letter; those that follow a verb, which go to the machine of
 * their name; name_begins before HELO's name and path_s on the first octet of a
 * path, which may go on to another octet that can be first in the name or in
 * the local part; name_s and name_e around HELO's name; path_begins, which goes
 * to the octet before and to path_alone; path_e at the end of the path;
 * path_ends, which goes to the octet before, or to that before a later blank or
 * CR that a parameter ends with, and to parameter_follows; text_s
 * and text_e around an argument; chunk_size and mechanism, which read one and
 * may go to its last octet; accepted.
 */

%%{
	machine command;
	include parameter "parameter.rl";

	verb := ("HELO"i @verb_helo | "EHLO"i @verb_ehlo
	      | "LHLO"i @verb_lhlo) @name_follows
	      | "MAIL"i @verb_mail @from_follows
	      | "RCPT"i @verb_rcpt @to_follows
	      | ("DATA"i @verb_data | "RSET"i @verb_rset
	      | "STARTTLS"i @verb_starttls) @line_ends
	      | "QUIT"i @verb_quit @quit_follows
	      | ("NOOP"i @verb_noop | "HELP"i @verb_help) @text_follows
	      | ("VRFY"i @verb_vrfy | "EXPN"i @verb_expn) @query_follows
	      | "BDAT"i @verb_bdat @chunk_follows
	      | "AUTH"i @verb_auth @mechanism_follows
	      | "ETRN"i @verb_etrn @queue_follows
	      | "BURL"i @verb_burl @uri_follows
	      | ("XCLIENT"i @verb_xclient
	      | "XFORWARD"i @verb_xforward) @attribute_follows;

	# Nothing follows DATA, RSET (RFC 5321 4.1.1.4, 4.1.1.5), STARTTLS
	# (RFC 3207 4).
	line_ends := line_end;

	# RFC 5321 4.1.1.1, RFC 2033 4.1: HELO, EHLO, LHLO
	name_follows := gap @name_begins helo_name line_end;

	# 4.1.1.2, 4.1.1.3.  The path is one machine for both, and for one that
	# is no part of a command, so that there is one copy of it: it goes on
	# in parameter_follows, or ends.  Which paths are for which verb is told
	# then.
	from_follows := gap "FROM:"i @path_follows;
	to_follows   := gap "TO:"i @path_follows;

	path_end = (WSP | CR) @path_ends;
	path_follows := more_blanks ^WSP @path_begins;
	path_alone   := path >path_s %path_e path_end;

	# 4.1.1.6 to 4.1.1.9: the argument is text for people or a mailbox
	# (3.5), and NOOP's is to be ignored, so any printable text will do.
	word  = (VCHAR @run_of_vchar)+;
	text  = (word (SP+ word)*) >text_s %text_e;
	uword = (VCHAR @run_of_vchar | UTF8_non_ascii)+;
	utext = (uword (SP+ uword)*) >text_s %text_e;
	text_follows  := (gap text)? line_end; # NOOP, HELP
	query_follows := gap utext line_end;   # VRFY, EXPN

	# 4.1.1.10: nothing follows QUIT; what does in RELAXED is not told.
	quit_follows := (quit_gap text)? line_end;

	# RFC 3030 2
	chunk_follows := gap DIGIT+ @chunk_size (gap "LAST"i @last)? line_end;

	# RFC 4954 4, RFC 4422 3.1: at most 20, which the action counts
	sasl_mech = ((ALPHA | DIGIT | [\-_]) @mechanism)+;
	mechanism_follows := gap sasl_mech >mechanism_s %mechanism_e
	                     ((blank @initial_follows)? line_end);
	initial_response  := more_blanks (base64 | "=") >value_s
	                     (WSP | CR | ":") @base64_ends
	                   | line_end;

	# RFC 1985 5: a domain, all below it ("@"), or a queue's name ("#").
	queue_name = (atext | ".")+;
	queue_follows := gap ("@"? Domain | "#" queue_name) >text_s %text_e
	                 line_end;

	# RFC 4468 3.2, 3.3; RFC 3986 4.3 and appendix A for the characters: a
	# scheme, and then what a URI may hold.  Its parts are for who opens it.
	scheme       = ALPHA (ALPHA | DIGIT | [+\-.])*;
	uri_char     = ALPHA | DIGIT | [\-._~:/?\[\]@!$&'()*+,;=]
	             | "%" HEXDIG HEXDIG;
	any_URI      = scheme ":" uri_char*;
	uri_follows := gap any_URI >uri_s %uri_e (gap "LAST"i @burl_last)?
	               line_end;

	# Postfix, XCLIENT_README and XFORWARD_README: attributes with xtext
	# values.  Which of them are for which verb is told at their ends.
	attribute_value = printable_xtext - "";
	attribute_name = "NAME"i %attribute_name | "ADDR"i %attribute_addr
	               | "PORT"i %attribute_port | "PROTO"i %attribute_proto
	               | "HELO"i %attribute_helo | "LOGIN"i %attribute_login
	               | "DESTADDR"i %attribute_destaddr
	               | "DESTPORT"i %attribute_destport
	               | "IDENT"i %attribute_ident
	               | "SOURCE"i %attribute_source;
	attribute = attribute_name >attribute_s "=" attribute_value >value_s
	            %attribute_e;
	attribute_follows := (SP attribute)+ line_end;
}%%
