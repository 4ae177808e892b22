/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_UTF8_H
#define MAILIN_SRC_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Read one character that is not ASCII (RFC 3629 4).  True if it is
 * well-formed, *used then its octets; else *used is the offset of the first
 * wrong octet, len if more must come.
 */
bool mailin_utf8_read(const unsigned char *octets, size_t len, size_t *used);

#endif
