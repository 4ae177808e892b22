/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 5321 4.1.3, Address Literals: exactly the text between the brackets.
 * Another state machine, of address.rl, has found this text.
 */

%%{
	machine literal;

	action run_of_domain { }  # domains in literals are short
	include domain "domain.rl";

	action ipv4    { kind = MAILIN_DOMAIN_IPV4; }
	action ipv6    { kind = MAILIN_DOMAIN_IPV6; }
	action general { kind = MAILIN_DOMAIN_GENERAL; }

	# 0 to 255 in one to three digits.  RFC 5321 allows leading zeros.
	Snum = DIGIT{1,2} | [01] DIGIT DIGIT | "2" ([0-4] DIGIT | "5" [0-5]);

	IPv4_address_literal = Snum ("." Snum){3};

	IPv6_hex  = HEXDIG{1,4};
	IPv6_full = IPv6_hex (":" IPv6_hex){7};

	# "::" replaces at least two groups, so there are at most six others.
	hex_1 = IPv6_hex;
	hex_2 = IPv6_hex ":" hex_1;
	hex_3 = IPv6_hex ":" hex_2;
	hex_4 = IPv6_hex ":" hex_3;
	hex_5 = IPv6_hex ":" hex_4;
	hex_6 = IPv6_hex ":" hex_5;

	hex_upto_1 = hex_1?;
	hex_upto_2 = hex_upto_1 | hex_2;
	hex_upto_3 = hex_upto_2 | hex_3;
	hex_upto_4 = hex_upto_3 | hex_4;
	hex_upto_5 = hex_upto_4 | hex_5;
	hex_upto_6 = hex_upto_5 | hex_6;

	IPv6_comp = "::" hex_upto_6
	          | hex_1 "::" hex_upto_5
	          | hex_2 "::" hex_upto_4
	          | hex_3 "::" hex_upto_3
	          | hex_4 "::" hex_upto_2
	          | hex_5 "::" hex_upto_1
	          | hex_6 "::";

	IPv6v4_full = hex_6 ":" IPv4_address_literal;

	# An IPv4 address takes the place of two groups, so there are at most
	# four others.
	v4_upto_0 = IPv4_address_literal;
	v4_upto_1 = v4_upto_0 | hex_1 ":" IPv4_address_literal;
	v4_upto_2 = v4_upto_1 | hex_2 ":" IPv4_address_literal;
	v4_upto_3 = v4_upto_2 | hex_3 ":" IPv4_address_literal;
	v4_upto_4 = v4_upto_3 | hex_4 ":" IPv4_address_literal;

	IPv6v4_comp = "::" v4_upto_4
	            | hex_1 "::" v4_upto_3
	            | hex_2 "::" v4_upto_2
	            | hex_3 "::" v4_upto_1
	            | hex_4 "::" v4_upto_0;

	IPv6_addr = IPv6_full | IPv6_comp | IPv6v4_full | IPv6v4_comp;
	IPv6_address_literal = "IPv6:"i IPv6_addr;

	# "IPv6:" without an IPv6 address is not a general literal.
	Standardized_tag = Ldh_str - "IPv6"i;
	General_address_literal = Standardized_tag ":" dcontent+;

	main := IPv4_address_literal %/ipv4
	      | IPv6_address_literal %/ipv6
	      | General_address_literal %/general;
}%%

#include "command/literal.h"

%% write data nofinal noerror noentry;

enum mailin_domain_kind
mailin_literal_parse(struct mailin_span text, size_t *error_at)
{
	enum mailin_domain_kind kind = MAILIN_DOMAIN_NONE;
	const unsigned char *base = (const unsigned char *)text.ptr;
	const unsigned char *p = base, *pe = base + text.len, *eof = pe;
	int cs;

	%% write init;
	%% write exec;

	*error_at = (size_t)(p - base);
	return kind;
}
