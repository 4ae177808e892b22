/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * RFC 3986, Uniform Resource Identifier, section 3.2.2: IP addresses.  The
 * rules accept all forms of RFC 4291 2.2, but no leading zero in a decimal
 * number.  Definitions only.
 */

%%{
	machine ip_address;
	include core "core.rl";

	dec_octet = DIGIT
	          | [1-9] DIGIT
	          | "1" DIGIT{2}
	          | "2" [0-4] DIGIT
	          | "25" [0-5];

	IPv4address = dec_octet "." dec_octet "." dec_octet "." dec_octet;

	h16  = HEXDIG{1,4};
	ls32 = h16 ":" h16 | IPv4address;

	IPv6address =                            (h16 ":"){6} ls32
	            |                       "::" (h16 ":"){5} ls32
	            |                (h16)? "::" (h16 ":"){4} ls32
	            |  ((h16 ":"){,1} h16)? "::" (h16 ":"){3} ls32
	            |  ((h16 ":"){,2} h16)? "::" (h16 ":"){2} ls32
	            |  ((h16 ":"){,3} h16)? "::" h16 ":"      ls32
	            |  ((h16 ":"){,4} h16)? "::"              ls32
	            |  ((h16 ":"){,5} h16)? "::" h16
	            |  ((h16 ":"){,6} h16)? "::";
}%%
