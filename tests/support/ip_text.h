/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_IP_TEXT_H
#define MAILIN_TESTS_IP_TEXT_H

#include <stdbool.h>

/*
 * IP addresses as text, read and written in the simplest way, for comparison
 * with src/octet/ip_address.c.  inet_pton() and inet_ntop() are not suitable: C
 * libraries differ, and some shorten a single group of zeros (RFC 5952 4.2.2).
 */

/* Room for the longest text and its NUL. */
#define IP_TEXT_ROOM 46

/* Reads four decimal octets without leading zeros.  Returns false for any other
 * text. */
bool ip_text_read4(const char *text, unsigned char octets[4]);

/* Reads an address in any of the three forms of RFC 4291 2.2; "::" is one
 * group or more.  Returns false for any other text. */
bool ip_text_read6(const char *text, unsigned char octets[16]);

/* Writes the form of RFC 5952 4 and 5.  Returns out. */
char *ip_text_write6(char out[IP_TEXT_ROOM], const unsigned char octets[16]);

#endif
