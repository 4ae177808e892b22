/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The command lines: RFC 5321 4.1.1 and the extensions named beside each.
 * Definitions only.
 *
 * Names to define first: reverse_path, forward_path, helo_name, and
 * after_colon, which is what may stand between "FROM:" or "TO:" and the path.
 *
 * Actions to supply: those of parameter.rl; one named after each verb, taken
 * on its last letter; path_follows on the colon, path_s and path_e around the
 * path; text_s and text_e around an argument.
 */

%%{
	machine command;
	include parameter "parameter.rl";

	# RFC 5321 4.1.1.1, RFC 2033 4.1
	helo = ("HELO"i @verb_helo | "EHLO"i @verb_ehlo | "LHLO"i @verb_lhlo)
	       SP helo_name;

	# 4.1.1.2, 4.1.1.3
	mail = "MAIL"i @verb_mail SP "FROM:"i @path_follows after_colon
	       reverse_path >path_s %path_e (SP Mail_parameters)?;
	rcpt = "RCPT"i @verb_rcpt SP "TO:"i @path_follows after_colon
	       forward_path >path_s %path_e (SP Rcpt_parameters)?;

	# 4.1.1.4, 4.1.1.5, 4.1.1.10; RFC 3207 4
	alone = "DATA"i @verb_data | "RSET"i @verb_rset | "QUIT"i @verb_quit
	      | "STARTTLS"i @verb_starttls;

	# 4.1.1.6 to 4.1.1.9: the argument is text for people or a mailbox
	# (3.5), and NOOP's is to be ignored, so any printable text will do.
	word  = VCHAR+;
	text  = (word (SP+ word)*) >text_s %text_e;
	uword = (VCHAR | UTF8_non_ascii)+;
	utext = (uword (SP+ uword)*) >text_s %text_e;
	ask   = ("NOOP"i @verb_noop | "HELP"i @verb_help) (SP text)?
	      | ("VRFY"i @verb_vrfy | "EXPN"i @verb_expn) SP utext;

	# RFC 3030 2
	bdat = "BDAT"i @verb_bdat SP (DIGIT+ $chunk_digit) (SP "LAST"i @last)?;

	# RFC 4954 4, RFC 4422 3.1
	sasl_mech        = (ALPHA | DIGIT | [\-_]){1,20};
	initial_response = base64 | "=";
	auth = "AUTH"i @verb_auth SP sasl_mech >mechanism_s %mechanism_e
	       (SP @initial_follows initial_response >initial_s %initial_e)?;

	# RFC 1985 5: a domain, all below it ("@"), or a queue's name ("#").
	queue_name = (atext | ".")+;
	etrn = "ETRN"i @verb_etrn SP ("@"? Domain | "#" queue_name)
	       >text_s %text_e;

	# RFC 4468 3.2, 3.3; RFC 3986 4.3 and appendix A for the characters: a
	# scheme, and then what a URI may hold.
	scheme       = ALPHA (ALPHA | DIGIT | [+\-.])*;
	uri_char     = ALPHA | DIGIT | [\-._~:/?\[\]@!$&'()*+,;=]
	             | "%" HEXDIG HEXDIG;
	absolute_URI = scheme ":" uri_char+;
	burl = "BURL"i @verb_burl SP absolute_URI >uri_s %uri_e
	       (SP "LAST"i @burl_last)?;

	# Postfix, XCLIENT_README and XFORWARD_README: attributes with xtext
	# values.  Which of them belong to which verb is told by the names.
	attribute_value = printable_xtext - "";
	xclient_name  = "NAME"i %attribute_name | "ADDR"i %attribute_addr
	              | "PORT"i %attribute_port | "PROTO"i %attribute_proto
	              | "HELO"i %attribute_helo | "LOGIN"i %attribute_login
	              | "DESTADDR"i %attribute_destaddr
	              | "DESTPORT"i %attribute_destport;
	xforward_name = "NAME"i %attribute_name | "ADDR"i %attribute_addr
	              | "PORT"i %attribute_port | "PROTO"i %attribute_proto
	              | "HELO"i %attribute_helo | "IDENT"i %attribute_ident
	              | "SOURCE"i %attribute_source;
	xclient_attribute  = xclient_name "=" attribute_value >value_s
	                     %attribute_e;
	xforward_attribute = xforward_name "=" attribute_value >value_s
	                     %attribute_e;
	xclient  = "XCLIENT"i @verb_xclient (SP xclient_attribute)+;
	xforward = "XFORWARD"i @verb_xforward (SP xforward_attribute)+;

	# RFC 5321 4.1.1: white space before the CR LF is to be tolerated.
	command_line = (helo | mail | rcpt | alone | ask | bdat | auth | etrn
	             | burl | xclient | xforward) WSP* CRLF;
}%%
