/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_UTF8_H
#define MAILIN_SRC_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Read one character outside of ASCII (RFC 3629 4).  Returns true if it is
 * well-formed; *used is then its length.  If not, *used is the offset of the
 * first wrong octet, or len if more octets must follow. */
/*@ requires \valid_read(octets + (0 .. len - 1)) && \valid(used);
  @ requires \separated(octets + (0 .. len - 1), used);
  @ assigns *used;
  @ ensures 0 <= *used <= len;
  @ ensures \result ==> 0 < *used;
  @*/
bool mailin_utf8_read(const unsigned char *octets, size_t len, size_t *used);

#endif
