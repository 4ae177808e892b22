/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LITERAL_H
#define MAILIN_SRC_LITERAL_H

#include <mailin/address.h>

/* Parse the text between the brackets of an address literal (RFC 5321 4.1.3).
 * Returns IPV4, IPV6 or GENERAL.  If the text is wrong, returns NONE, and
 * *error_at is the offset of the first wrong octet. */
enum mailin_domain_kind mailin_literal_parse(struct mailin_span text,
    size_t *error_at);

#endif
