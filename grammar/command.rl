/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The command lines: RFC 5321 4.1.1 and the extensions named beside each.
 * Definitions only.
 *
 * Names to define first: path, helo_name, and after_colon, which is what may
 * stand between "FROM:" or "TO:" and the path.
 *
 * Actions to supply: those of parameter.rl; one named after each verb, taken
 * on its last letter; path_follows, which goes to the machine of that name;
 * path_s and path_e around the path; path_ends, which goes to the octet before
 * and to parameter_follows; text_s and text_e around an argument; accepted.
 */

%%{
	machine command;
	include parameter "parameter.rl";

	# RFC 5321 4.1.1.1, RFC 2033 4.1
	helo = ("HELO"i @verb_helo | "EHLO"i @verb_ehlo | "LHLO"i @verb_lhlo)
	       SP helo_name;

	# 4.1.1.2, 4.1.1.3.  The path is one machine for both, so that there is
	# one copy of it: it is entered on the colon, and goes on in
	# parameter_follows.  Which paths are for which verb is told then.
	mail = "MAIL"i @verb_mail SP "FROM:"i @path_follows;
	rcpt = "RCPT"i @verb_rcpt SP "TO:"i @path_follows;

	path_end = (WSP | CR) @path_ends;
	one_path = path >path_s %path_e path_end;
	path_follows := after_colon one_path;
	path_alone   := one_path;
	line_ends    := WSP* CRLF @accepted;

	# 4.1.1.4, 4.1.1.5, 4.1.1.10; RFC 3207 4
	alone = "DATA"i @verb_data | "RSET"i @verb_rset | "QUIT"i @verb_quit
	      | "STARTTLS"i @verb_starttls;

	# 4.1.1.6 to 4.1.1.9: the argument is text for people or a mailbox
	# (3.5), and NOOP's is to be ignored, so any printable text will do.
	word  = (VCHAR @run_of_vchar)+;
	text  = (word (SP+ word)*) >text_s %text_e;
	uword = (VCHAR | UTF8_non_ascii)+;
	utext = (uword (SP+ uword)*) >text_s %text_e;
	ask   = ("NOOP"i @verb_noop | "HELP"i @verb_help) (SP text)?
	      | ("VRFY"i @verb_vrfy | "EXPN"i @verb_expn) SP utext;

	# RFC 3030 2
	bdat = "BDAT"i @verb_bdat SP (DIGIT+ $chunk_digit) (SP "LAST"i @last)?;

	# RFC 4954 4, RFC 4422 3.1
	sasl_mech        = (ALPHA | DIGIT | [\-_]){1,20};
	auth = "AUTH"i @verb_auth SP sasl_mech >mechanism_s %mechanism_e
	       (SP @initial_follows)?;
	initial_response := (base64 | "=") >value_s
	                    (WSP | CR | ":") @base64_ends
	                  | WSP* CRLF @accepted;


	# RFC 1985 5: a domain, all below it ("@"), or a queue's name ("#").
	queue_name = (atext | ".")+;
	etrn = "ETRN"i @verb_etrn SP ("@"? Domain | "#" queue_name)
	       >text_s %text_e;

	# RFC 4468 3.2, 3.3; RFC 3986 4.3 and appendix A for the characters: a
	# scheme, and then what a URI may hold.  Its parts are for who opens it.
	scheme       = ALPHA (ALPHA | DIGIT | [+\-.])*;
	uri_char     = ALPHA | DIGIT | [\-._~:/?\[\]@!$&'()*+,;=]
	             | "%" HEXDIG HEXDIG;
	any_URI      = scheme ":" uri_char*;
	burl = "BURL"i @verb_burl SP any_URI >uri_s %uri_e
	       (SP "LAST"i @burl_last)?;

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
	proxied = ("XCLIENT"i @verb_xclient | "XFORWARD"i @verb_xforward)
	          (SP attribute)+;

	# RFC 5321 4.1.1: white space before the CR LF is to be tolerated.
	command_line = mail | rcpt | (helo | alone | ask | bdat | auth | etrn
	             | burl | proxied) WSP* CRLF @accepted;
}%%
