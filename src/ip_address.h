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

/* text is an IPv6address of grammar/ip_address.rl: its 16 octets. */
void mailin_inet6_read(struct mailin_span text, unsigned char *octets);

#endif
