/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * HAProxy, proxy-protocol.txt, 2.1: Human-readable header format (Version 1).
 */

%%{
	machine proxy;
	include ip_address "ip_address.rl";

	action inet  { line->family = MAILIN_PROXY_FAMILY_INET; }
	action inet6 { line->family = MAILIN_PROXY_FAMILY_INET6; }

	action source_s      { open_span(&line->source, p); }
	action source_e      { close_span(&line->source, p); }
	action destination_s { open_span(&line->destination, p); }
	action destination_e { close_span(&line->destination, p); }

	action source_digit      { add_digit(&line->source_port, *p); }
	action destination_digit { add_digit(&line->destination_port, *p); }

	action end { fbreak; }

	# 0 to 65535.  "Heading zeroes are not permitted in front of numbers."
	port = "0"
	     | [1-9] DIGIT{0,3}
	     | [1-5] DIGIT{4}
	     | "6" [0-4] DIGIT{3}
	     | "65" [0-4] DIGIT{2}
	     | "655" [0-2] DIGIT
	     | "6553" [0-5];

	ports = port $source_digit SP port $destination_digit;

	TCP4 = "TCP4" @inet SP
	       IPv4address >source_s %source_e SP
	       IPv4address >destination_s %destination_e SP ports;

	TCP6 = "TCP6" @inet6 SP
	       IPv6address >source_s %source_e SP
	       IPv6address >destination_s %destination_e SP ports;

	# "The receiver must ignore anything presented before the CRLF", and
	# "must not tolerate a single CR or LF character to end the line".
	UNKNOWN = "UNKNOWN" (SP (any - CR - LF)*)?;

	main := "PROXY" SP (TCP4 | TCP6 | UNKNOWN) CRLF @end;
}%%

#include "proxy/line.h"

%% write data noentry;

static void
open_span(struct mailin_span *span, const unsigned char *p)
{
	span->ptr = (const char *)p;
}

static void
close_span(struct mailin_span *span, const unsigned char *p)
{
	span->len = (size_t)((const char *)p - span->ptr);
}

static void
add_digit(unsigned *number, unsigned char digit)
{
	*number = *number * 10 + (digit - '0');
}

enum mailin_proxy_result
mailin_proxy_line_parse(struct mailin_proxy_line *line, const char *octets,
    size_t len, size_t *used)
{
	const unsigned char *base = (const unsigned char *)octets;
	size_t most = len < MAILIN_PROXY_V1_MOST ? len : MAILIN_PROXY_V1_MOST;
	const unsigned char *p = base, *pe = base + most;
	int cs;

	%% write init;
	%% write exec;

	if (cs >= proxy_first_final) {
		*used = (size_t)(p - base);
		return MAILIN_PROXY_OK;
	}
	return cs == proxy_error || most == MAILIN_PROXY_V1_MOST
	    ? MAILIN_PROXY_MALFORMED : MAILIN_PROXY_INCOMPLETE;
}
