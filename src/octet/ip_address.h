/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_IP_ADDRESS_H
#define MAILIN_SRC_IP_ADDRESS_H

#include <mailin/span.h>

/*
 * IP addresses as text, independent of the system: inet_ntop and inet_pton
 * are no part of C, and differ in what they take and write.
 */

/* Room for what the two below write, NUL included. */
#define IP_ADDRESS_ROOM 46

/* 4 octets in network order as "192.0.2.1". */
void mailin_inet_write(char *out, const unsigned char *octets);

/* 16 octets in the form of RFC 5952, "2001:db8::1". */
void mailin_inet6_write(char *out, const unsigned char *octets);

/*
 * Read an IPv6 address in any form of RFC 4291 2.2 into its 16 octets.  False
 * if text is no such address; octets are then undefined.  A number of the IPv4
 * address at its end may have zeros in front, up to three digits.
 */
bool mailin_inet6_read(struct mailin_span text, unsigned char *octets);

/*
 * Write the one form that an address is told to programs in: an IPv4 address in
 * IPv6 form (::ffff:0:0/96) as the IPv4 address, other IPv6 addresses as above,
 * IPv4 without zeros in front.  False, and out is undefined, if text is no IP
 * address.
 */
bool mailin_ip_plain(struct mailin_span text, char *out);

#endif
