/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CLIENT_SASL_H
#define MAILIN_FUZZ_CLIENT_SASL_H

#include "check.h"

/* A second reader and writer of AUTH with challenges (RFC 4954 4, V73).  It
 * uses no function of the library.  The client's responses all have the same
 * value. */

/* Can the reply to this step be a challenge? */
bool sasl_has_challenge(enum mailin_client_step step);

/* Check the line of a step: AUTH SCRAM-SHA-256, a response, or "*".  Returns
 * false if it is another step. */
bool sasl_line(enum mailin_client_step step, struct mailin_span value,
    struct mailin_span line);

/* Check that the challenge is what the text of the reply says. */
void sasl_challenge(struct mailin_span challenge, struct mailin_span text);

#endif
