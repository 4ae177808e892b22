/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The command lines: RFC 5321 4.1.1, and the extensions that are named above
 * each rule.
 *
 * One state machine reads the verb, other state machines read its arguments.  A
 * caller that already knows the verb begins with the machine of its arguments.
 *
 * Names to define first: path; helo_name; quit_gap, the white space between
 * QUIT and a text, or the empty set if no text may follow QUIT; and the names
 * that parameter.rl needs.
 *
 * Actions to supply, besides those of parameter.rl, and SCAN_IS(), which is
 * called on the last letter of a verb:
 *
 *	name_begins   before HELO's name; may pass over its first octets, up to
 *	              an octet with which a name can begin
 *	name_s        at the start of HELO's name, name_e at its end
 *	path_begins   moves p back one octet, and jumps to path_alone
 *	path_s        on the first octet of a path; may pass over octets, up to
 *	              an octet with which a local part can begin
 *	path_e        at the end of a path
 *	path_ends     moves p back one octet, or on to the octet before a later
 *	              blank or CR that ends a parameter; then jumps to
 *	              parameter_follows
 *	text_s        at the start of an argument, text_e at its end
 *	chunk_size    reads a number, and moves p to its last digit
 *	mechanism     reads a mechanism, and may move p to its last octet
 *	accepted      on the LF of the line
 */

%%{
	machine command;
	include parameter "parameter.rl";

	# Go to the machine of the arguments.
	action name_follows      { fgoto name_follows; }
	action from_follows      { fgoto from_follows; }
	action to_follows        { fgoto to_follows; }
	action text_follows      { fgoto text_follows; }
	action query_follows     { fgoto query_follows; }
	action quit_follows      { fgoto quit_follows; }
	action chunk_follows     { fgoto chunk_follows; }
	action mechanism_follows { fgoto mechanism_follows; }
	action queue_follows     { fgoto queue_follows; }
	action uri_follows       { fgoto uri_follows; }
	action attribute_follows { fgoto attribute_follows; }
	action line_ends         { fgoto line_ends; }

	# Each verb, and the machine of its arguments.
	verb := "HELO"i     @{ SCAN_IS(HELO); }     @name_follows
	      | "EHLO"i     @{ SCAN_IS(EHLO); }     @name_follows
	      | "LHLO"i     @{ SCAN_IS(LHLO); }     @name_follows
	      | "MAIL"i     @{ SCAN_IS(MAIL); }     @from_follows
	      | "RCPT"i     @{ SCAN_IS(RCPT); }     @to_follows
	      | "DATA"i     @{ SCAN_IS(DATA); }     @line_ends
	      | "BDAT"i     @{ SCAN_IS(BDAT); }     @chunk_follows
	      | "RSET"i     @{ SCAN_IS(RSET); }     @line_ends
	      | "NOOP"i     @{ SCAN_IS(NOOP); }     @text_follows
	      | "VRFY"i     @{ SCAN_IS(VRFY); }     @query_follows
	      | "EXPN"i     @{ SCAN_IS(EXPN); }     @query_follows
	      | "HELP"i     @{ SCAN_IS(HELP); }     @text_follows
	      | "QUIT"i     @{ SCAN_IS(QUIT); }     @quit_follows
	      | "STARTTLS"i @{ SCAN_IS(STARTTLS); } @line_ends
	      | "AUTH"i     @{ SCAN_IS(AUTH); }     @mechanism_follows
	      | "ETRN"i     @{ SCAN_IS(ETRN); }     @queue_follows
	      | "BURL"i     @{ SCAN_IS(BURL); }     @uri_follows
	      | "XCLIENT"i  @{ SCAN_IS(XCLIENT); }  @attribute_follows
	      | "XFORWARD"i @{ SCAN_IS(XFORWARD); } @attribute_follows;

	# Nothing follows DATA, RSET (RFC 5321 4.1.1.4, 4.1.1.5), STARTTLS
	# (RFC 3207 4).
	line_ends := line_end;

	# RFC 5321 4.1.1.1, RFC 2033 4.1: HELO, EHLO, LHLO
	name_follows := gap @name_begins helo_name line_end;

	# RFC 5321 4.1.1.2, 4.1.1.3.  One machine reads the path of MAIL, of
	# RCPT, and a path without a command.  Then the machine goes on in
	# parameter_follows, or ends.  The actions at the end of the path refuse
	# a path that the verb does not allow.
	from_follows := gap "FROM:"i @path_follows;
	to_follows   := gap "TO:"i @path_follows;

	path_end = (WSP | CR) @path_ends;
	path_follows := more_blanks ^WSP @path_begins;
	path_alone   := path >path_s %path_e path_end;

	# RFC 5321 4.1.1.6 to 4.1.1.9: the argument is text for people, or a
	# mailbox (3.5).  NOOP ignores it.  Any printable text is accepted.
	word  = (VCHAR @run_of_vchar)+;
	text  = (word (SP+ word)*) >text_s %text_e;
	uword = (VCHAR @run_of_vchar | UTF8_non_ascii)+;
	utext = (uword (SP+ uword)*) >text_s %text_e;
	text_follows  := (gap text)? line_end; # NOOP, HELP
	query_follows := gap utext line_end;   # VRFY, EXPN

	# RFC 5321 4.1.1.10: nothing follows QUIT.  RELAXED accepts a text, and
	# drops it.
	quit_follows := (quit_gap text)? line_end;

	# BDAT (RFC 3030 2)
	chunk_follows := gap DIGIT+ @chunk_size (gap "LAST"i @last)? line_end;

	# AUTH (RFC 4954 4, RFC 4422 3.1).  The action refuses a mechanism of
	# more than 20 octets.
	sasl_mech = ((ALPHA | DIGIT | [\-_]) @mechanism)+;
	mechanism_follows := gap sasl_mech >mechanism_s %mechanism_e
	                     ((blank @initial_follows)? line_end);
	initial_response  := more_blanks (base64 | "=") >value_s
	                     (WSP | CR | ":") @base64_ends
	                   | line_end;

	# RFC 1985 5: a domain, a domain with its subdomains ("@"), or the name
	# of a queue ("#").
	queue_name = (atext | ".")+;
	queue_follows := gap ("@"? Domain | "#" queue_name) >text_s %text_e
	                 line_end;

	# RFC 4468 3.2, 3.3; RFC 3986 4.3 and appendix A: a scheme, and then any
	# characters that a URI may have.  The parts of the URI are not parsed.
	scheme       = ALPHA (ALPHA | DIGIT | [+\-.])*;
	uri_char     = ALPHA | DIGIT | [\-._~:/?\[\]@!$&'()*+,;=]
	             | "%" HEXDIG HEXDIG;
	any_URI      = scheme ":" uri_char*;
	uri_follows := gap any_URI >uri_s %uri_e (gap "LAST"i @burl_last)?
	               line_end;

	# Postfix, XCLIENT_README and XFORWARD_README: attributes with xtext
	# values.  attribute_s refuses an attribute of the other verb.
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
