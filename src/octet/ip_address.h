/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_IP_ADDRESS_H
#define MAILIN_SRC_IP_ADDRESS_H

#include <mailin/span.h>

/* IP addresses as text.  inet_ntop and inet_pton are not part of C, and differ
 * between systems. */

/* Room for the output of the two functions below, with its NUL. */
#define IP_ADDRESS_ROOM 46

/* Write 4 octets in network order as "192.0.2.1". */
void mailin_inet_write(char *out, const unsigned char *octets);

/* Write 16 octets in the form of RFC 5952, "2001:db8::1". */
void mailin_inet6_write(char *out, const unsigned char *octets);

/*
 * Read an IPv6 address in any form of RFC 4291 2.2 into its 16 octets.
 * Returns false if text is no IPv6 address; octets are then undefined.  If an
 * IPv4 address is its last part, the numbers of that part may have leading
 * zeros, but no more than three digits.
 */
bool mailin_inet6_read(struct mailin_span text, unsigned char *octets);

/*
 * Write the IP address in text in the one form that programs see.  IPv4 has no
 * leading zeros.  IPv6 has the form of RFC 5952, but an address in
 * ::ffff:0:0/96 is written as the IPv4 address that it contains.  Returns
 * false if text is no IP address; out is then undefined.
 */
bool mailin_ip_plain(struct mailin_span text, char *out);

#endif
