/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 5321, Simple Mail Transfer Protocol, section 4.1.2: the address part of
 * "Command Argument Syntax", in the order of the RFC.  The rules that RFC 6531
 * 3.3 extends have the same names with a "u" in front.  Definitions only.
 *
 * The text inside an address literal is 1*dcontent here.  Another state
 * machine, literal.rl, reads this text, because its rules would triple the size
 * of this machine.
 *
 * Actions to supply, besides those of domain.rl and character.rl:
 *
 *	run_of_atoms      may move p to a later octet of a Dot-string
 *	run_of_qtext      may move p to the last octet of a run of qtextSMTP
 *	run_of_dcontent   may move p to the last octet of a run of dcontent
 *	a_d_l_s, a_d_l_e, local_s, local_e, domain_s, domain_e, literal_s,
 *	literal_e         the spans of a mailbox
 *	quoted_s          the span of a quoted local part
 *	quoted_e          on its closing quote
 */

%%{
	machine address;
	include domain "domain.rl";
	include character "character.rl";

	# RFC 5321 4.1.2

	atext           = ALPHA | DIGIT | [!#$%&'*+\-/=?^_`{|}~];
	qtextSMTP       = 0x20..0x21 | 0x23..0x5b | 0x5d..0x7e;
	quoted_pairSMTP = "\\" 0x20..0x7e;

	# RFC 6531 3.3.  A U-label (RFC 5890 2.3.2.1) has letters, digits,
	# hyphens inside, and any non-ASCII code point.  A code point that IDNA
	# forbids is found when the name is looked up in the DNS.

	ulet_dig    = Let_dig | UTF8_non_ascii;
	usub_domain = ulet_dig ((ulet_dig | "-")* ulet_dig)?;
	uDomain     = usub_domain ("." usub_domain)*;

	uatext         = atext @run_of_atoms | UTF8_non_ascii;
	uAtom          = uatext+;
	uDot_string    = uAtom ("." uAtom)*;
	uqtextSMTP     = qtextSMTP @run_of_qtext | UTF8_non_ascii;
	uQcontentSMTP  = uqtextSMTP | quoted_pairSMTP;
	uQuoted_string = DQUOTE uQcontentSMTP* DQUOTE;

	# RFC 5321 4.1.3.  This rule only says which characters are allowed.

	literal_text    = (dcontent @run_of_dcontent)+;
	address_literal = "[" literal_text >literal_s %literal_e "]";

	# The parts of a mailbox, with the actions that mark their spans.

	local_quoted  = uQuoted_string >quoted_s @quoted_e;
	local_dotted  = uDot_string >local_s %local_e;
	domain_part   = (uDomain | address_literal) >domain_s %domain_e;

	uAt_domain = "@" uDomain;
	uA_d_l     = (uAt_domain ("," uAt_domain)*) >a_d_l_s %a_d_l_e;
}%%
