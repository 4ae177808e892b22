/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Version 1 of the PROXY protocol, which is a line: grammar/proxy.rl
 * (threat V52). */
#include <stdio.h>
#include <string.h>

#include "support/proxy_rows.h"

struct accepted {
	struct mailin_span line; /* without CR LF */
	const char *shown;
};

static const struct accepted accepted[] = {
	/* The example in section 2.1 of proxy-protocol.txt. */
	{ TEXT("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443"),
	    "inet stream 192.168.0.1 56324 192.168.0.11 443" },
	{ TEXT("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535"),
	    "inet stream 0.0.0.0 0 255.255.255.255 65535" },
	{ TEXT("PROXY TCP4 199.200.249.250 10.99.100.9 9 10"),
	    "inet stream 199.200.249.250 9 10.99.100.9 10" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 65529 59999"),
	    "inet stream 1.2.3.4 65529 5.6.7.8 59999" },
	{ TEXT("PROXY TCP6 2001:db8::1 ::1 1234 25"),
	    "inet6 stream 2001:db8::1 1234 ::1 25" },
	{ TEXT("PROXY TCP6 2001:0DB8:0000:0000:0000:0000:0000:0001 :: 1 2"),
	    "inet6 stream 2001:db8::1 1 :: 2" },
	{ TEXT("PROXY TCP6 ::ffff:192.0.2.1 ::FFFF:c000:201 1 2"),
	    "inet6 stream ::ffff:192.0.2.1 1 ::ffff:192.0.2.1 2" },
	{ TEXT("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"),
	    "inet6 stream ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535" },
	{ TEXT("PROXY UNKNOWN"), "local" },
	{ TEXT("PROXY UNKNOWN "), "local" },
	{ TEXT("PROXY UNKNOWN \0\t\x7f\xff  PROXY TCP4"), "local" },
	/* The worst case in proxy-protocol.txt 2.1: 107 octets with CR LF. */
	{ TEXT("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"),
	    "local" },
};

START_TEST(line_tells_both_ends)
{
	char line[128];
	size_t i, len;

	for (i = 0; i < ROWS(accepted); i++) {
		len = accepted[i].line.len;
		memcpy(line, accepted[i].line.ptr, len);
		memcpy(line + len, "\r\n", 2);
		proxy_accept((struct mailin_span){ line, len + 2 },
		    accepted[i].shown);
	}
}
END_TEST

struct refused {
	struct mailin_span line;
	const char *caret; /* "^" below the first wrong octet */
};

/* clang-format off */
static const struct refused refused[] = {
	{ TEXT("EHLO example.org\r\n"),
	       "^" },
	{ TEXT("proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "^" },
	{ TEXT(" PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "^" },
	{ TEXT("PROXY\r\n"),
	       "     ^" },
	{ TEXT("PROXY\tTCP4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "     ^" },
	{ TEXT("PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "      ^" },
	{ TEXT("PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "      ^" },
	{ TEXT("PROXY TCP 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "         ^" },
	{ TEXT("PROXY TCP5 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "         ^" },
	{ TEXT("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "       ^" },
	{ TEXT("PROXY TCP4\r\n"),
	       "          ^" },
	{ TEXT("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n"),
	       "           ^" },
	{ TEXT("PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n"),
	       "                   ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8  1 2\r\n"),
	       "                           ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1  2\r\n"),
	       "                             ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n"),
	       "                              ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n"),
	       "                            ^" },
	{ TEXT("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n"),
	       "                ^" },
	{ TEXT("PROXY TCP4 1.2.3.4.5 5.6.7.8 1 2\r\n"),
	       "                  ^" },
	{ TEXT("PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n"),
	       "            ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.00 1 2\r\n"),
	       "                          ^" },
	{ TEXT("PROXY TCP4 256.2.3.4 5.6.7.8 1 2\r\n"),
	       "             ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.300 1 2\r\n"),
	       "                           ^" },
	{ TEXT("PROXY TCP4 ::1 ::1 1 2\r\n"),
	       "           ^" },
	{ TEXT("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n"),
	       "            ^" },
	{ TEXT("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n"),
	       "                  ^" },
	{ TEXT("PROXY TCP6 [::1] ::1 1 2\r\n"),
	       "           ^" },
	{ TEXT("PROXY TCP6 1::2::3 ::1 1 2\r\n"),
	       "                ^" },
	{ TEXT("PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\r\n"),
	       "                        ^" },
	{ TEXT("PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n"),
	       "                          ^" },
	{ TEXT("PROXY TCP6 ::1 ::10000 1 2\r\n"),
	       "                     ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 00 2\r\n"),
	       "                            ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 02\r\n"),
	       "                              ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n"),
	       "                               ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 65540\r\n"),
	       "                                 ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 65600\r\n"),
	       "                                 ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 70000\r\n"),
	       "                                 ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 100000\r\n"),
	       "                                  ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n"),
	       "                           ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n"),
	       "                              ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n"),
	       "                               ^" },
	{ TEXT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\0\r\n"),
	       "                              ^" },
	{ TEXT("PROXY UNKNOWNS\r\n"),
	       "             ^" },
	{ TEXT("PROXY UNKNOWN\n"),
	       "             ^" },
	{ TEXT("PROXY UNKNOWN a\nEHLO b\r\n"),
	       "               ^" },
	{ TEXT("PROXY UNKNOWN a\rb\r\n"),
	       "                ^" },
};
/* clang-format on */

START_TEST(line_is_refused_at_the_first_wrong_octet)
{
	size_t i;

	for (i = 0; i < ROWS(refused); i++)
		proxy_refuse(refused[i].line, strlen(refused[i].caret) - 1);
}
END_TEST

/* proxy-protocol.txt 2.1: "If the CRLF sequence is not found in the first 107
 * characters, the receiver should declare the line invalid." */
START_TEST(line_ends_within_107_octets)
{
	static const char longest[] = "ffff:ffff:ffff:ffff:ffff:ffff:"
				      "255.255.255.255";
	char line[256];
	size_t len = (size_t)sprintf(line, "PROXY UNKNOWN %092d\r\n", 0);

	proxy_refuse((struct mailin_span){ line, len },
	    MAILIN_PROXY_V1_MOST - 1);
	len = (size_t)sprintf(line, "PROXY TCP6 %s %s 1 2\r\n", longest,
	    longest);
	proxy_refuse((struct mailin_span){ line, len },
	    MAILIN_PROXY_V1_MOST - 1);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		line_tells_both_ends,
		line_is_refused_at_the_first_wrong_octet,
		line_ends_within_107_octets,
	};

	return suite_run("proxy_line", tests, ROWS(tests));
}
