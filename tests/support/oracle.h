/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_ORACLE_H
#define MAILIN_TESTS_ORACLE_H

#include <mailin/address.h>

/* A second implementation of the RFCs, written by hand without a state machine.
 * The grammars are compared with it.  It is slow, and shares no code with the
 * library. */

/* Returns the length of the UTF-8 sequence at p (RFC 3629 3), or 0 if it is not
 * valid.  len must not be 0. */
size_t oracle_utf8_sequence(const char *p, size_t len);

/* Classifies the text between the brackets of an address literal (RFC 5321
 * 4.1.3). */
enum mailin_domain_kind oracle_literal(struct mailin_span text);

/* Returns true if text is a Mailbox (RFC 5321 4.1.2, RFC 6531 3.3) within the
 * limits of RFC 5321 4.5.3.1.  *local is then the length of its local part. */
bool oracle_mailbox(struct mailin_span text, size_t *local);

/* Returns true if text is a local part that needs no quotes. */
bool oracle_dot_string(struct mailin_span text);

#endif
