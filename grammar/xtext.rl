/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The encodings of ESMTP values: xtext (RFC 3461 4, RFC 4954 8), the UTF-8
 * addresses of RFC 6533 3, base64 (RFC 4954 8), date-time (RFC 3339 5.6).
 * Definitions only.  Actions to supply, besides those of character.rl:
 *
 *	run_of_xchar   may move p to the last octet of a run of xchars
 *	run_of_base64  may move p to the end of a run of whole groups of four
 *	full_date      on the last octet of a date
 */

%%{
	machine xtext;
	include core "core.rl";
	include character "character.rl";

	# RFC 3461 4.  The text in ENVID and ORCPT MUST be printable (4.2, 4.4).
	# So this rule accepts no hexchar of a control character or an 8-bit
	# octet: programs write the decoded text to logs and spool files.

	xchar = VCHAR - [+=];
	upper_hex         = DIGIT | [A-F];
	printable_hexchar = "+" ([2-6] upper_hex | "7" (upper_hex - "F"));
	printable_xtext   = (xchar @run_of_xchar | printable_hexchar)*;

	# RFC 4954 8: hexadecimal digits in any case.  8-bit octets are
	# accepted, because a mailbox may have UTF-8.  Control characters are
	# refused, because no mailbox has them.

	any_hexchar   = "+" ([2-6] HEXDIG | "7" (HEXDIG - [Ff])
	              | [89A-Fa-f] HEXDIG);
	mailbox_xtext = (xchar @run_of_xchar | any_hexchar)+;

	# RFC 6533 3, but HEXPOINT encodes no control characters.

	QCHAR     = 0x21..0x2a | 0x2c..0x3c | 0x3e..0x5b | 0x5d..0x7e;
	HEXDIG8   = HEXDIG - [0-7];
	NZHEXDIG  = HEXDIG - "0";
	NZDHEXDIG = NZHEXDIG - [Dd];
	HEXPOINT  = "20" | "2B"i | "3D"i | "5C"i
	          | HEXDIG8 HEXDIG
	          | NZHEXDIG HEXDIG{2}
	          | NZDHEXDIG HEXDIG{3}
	          | "D"i [0-7] HEXDIG{2}
	          | NZHEXDIG HEXDIG{4}
	          | "10" HEXDIG{4};
	EmbeddedUnicodeChar = "\\x{" HEXPOINT "}";
	utf_8_addr_unitext  = (QCHAR | UTF8_non_ascii | EmbeddedUnicodeChar)+;

	# RFC 4954 8.  The bits of the last character that encode nothing must
	# be 0.

	base64_char     = ALPHA | DIGIT | [+/];
	base64_4_zeros  = [AQgw];
	base64_2_zeros  = [AEIMQUYcgkosw048];
	base64_terminal = base64_char base64_4_zeros "=="
	                | base64_char{2} base64_2_zeros "=";
	base64_group = base64_char{3} base64_char @run_of_base64;
	base64 = base64_group+ base64_terminal? | base64_terminal;

	# A date and time (RFC 3339 5.6)

	date_fullyear  = DIGIT{4};
	date_month     = "0" [1-9] | "1" [0-2];
	date_mday      = "0" [1-9] | [12] DIGIT | "3" [01];
	time_hour      = [01] DIGIT | "2" [0-3];
	time_minute    = [0-5] DIGIT;
	time_second    = [0-5] DIGIT | "60";
	time_secfrac   = "." DIGIT+;
	time_numoffset = [+\-] time_hour ":" time_minute;
	time_offset    = "Z"i | time_numoffset;
	partial_time   = time_hour ":" time_minute ":" time_second
	                 time_secfrac?;
	full_date      = date_fullyear "-" date_month "-" date_mday @full_date;
	full_time      = partial_time time_offset;
	date_time      = full_date "T"i full_time;
}%%
