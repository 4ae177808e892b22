/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_ORACLE_H
#define MAILIN_TESTS_ORACLE_H

#include <mailin/address.h>

/*
 * A second reading of the same RFCs, by hand and without a state machine, to
 * hold the grammars against.  Slow, and shares no code with the library.
 */

/* Octets of the UTF-8 sequence at p (RFC 3629 3), 0 if it is none; len > 0. */
size_t oracle_utf8_sequence(const char *p, size_t len);

/* What stands between the brackets of an address literal (RFC 5321 4.1.3). */
enum mailin_domain_kind oracle_literal(struct mailin_span text);

/*
 * True if text is a Mailbox (RFC 5321 4.1.2, RFC 6531 3.3) within the limits
 * of RFC 5321 4.5.3.1; *local is then the length of its local part.
 */
bool oracle_mailbox(struct mailin_span text, size_t *local);

/* True if text needs no quotes as a local part. */
bool oracle_dot_string(struct mailin_span text);

#endif
