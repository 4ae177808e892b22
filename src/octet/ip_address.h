/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_IP_ADDRESS_H
#define MAILIN_SRC_IP_ADDRESS_H

#include <mailin/span.h>

/* IP addresses as text.  inet_ntop and inet_pton are not part of C, and differ
 * between systems. */

/* Room for any address that these functions write, with its NUL. */
#define IP_ADDRESS_ROOM 46

/* Write 4 octets in network order as "192.0.2.1". */
/*@ requires \valid(out + (0 .. 15)) && \valid_read(octets + (0 .. 3));
  @ requires \separated(out + (0 .. 15), octets + (0 .. 3));
  @ assigns out[0 .. 15];
  @ ensures \exists integer len; 0 <= len <= 15 && out[len] == 0;
  @*/
void mailin_inet_write(char *out, const unsigned char *octets);

/* Write 16 octets in the form of RFC 5952, "2001:db8::1". */
/*@ requires \valid(out + (0 .. IP_ADDRESS_ROOM - 1));
  @ requires \valid_read(octets + (0 .. 15));
  @ requires \separated(out + (0 .. IP_ADDRESS_ROOM - 1), octets + (0 .. 15));
  @ assigns out[0 .. IP_ADDRESS_ROOM - 1];
  @ ensures \exists integer len; 0 <= len < IP_ADDRESS_ROOM && out[len] == 0;
  @*/
void mailin_inet6_write(char *out, const unsigned char *octets);

/*
 * Read an IPv6 address in any form of RFC 4291 2.2 into 16 octets.  Returns
 * false if text is no IPv6 address; octets are then undefined.  If an IPv4
 * address is its last part, the numbers of that part may have leading zeros,
 * but no more than three digits.
 */
/*@ requires \valid_read(text.ptr + (0 .. text.len - 1));
  @ requires \valid(octets + (0 .. 15));
  @ requires \separated(octets + (0 .. 15), text.ptr + (0 .. text.len - 1));
  @ assigns octets[0 .. 15];
  @*/
bool mailin_inet6_read(struct mailin_span text, unsigned char *octets);

/*
 * Write the IP address in text in the one form that programs see.  IPv4 has no
 * leading zeros.  IPv6 has the form of RFC 5952, but an address in
 * ::ffff:0:0/96 is written as the IPv4 address that it contains.  Returns
 * false if text is no IP address; out is then undefined.
 */
/*@ requires \valid_read(text.ptr + (0 .. text.len - 1));
  @ requires \valid(out + (0 .. IP_ADDRESS_ROOM - 1));
  @ requires \separated(out + (0 .. IP_ADDRESS_ROOM - 1),
  @   text.ptr + (0 .. text.len - 1));
  @ assigns out[0 .. IP_ADDRESS_ROOM - 1];
  @ ensures \result ==>
  @   \exists integer len; 0 <= len < IP_ADDRESS_ROOM && out[len] == 0;
  @*/
bool mailin_ip_plain(struct mailin_span text, char *out);

#endif
