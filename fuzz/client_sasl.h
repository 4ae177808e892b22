/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CLIENT_SASL_H
#define MAILIN_FUZZ_CLIENT_SASL_H

#include "check.h"

/* A second reader and writer of AUTH with challenges (RFC 4954 4, V73).  It
 * uses no function of the library.  Each response that the client sends is the
 * same "value". */

/* Returns true if the reply to this step may be a challenge. */
bool sasl_has_challenge(enum mailin_client_step step);

/* Check the line that the client sent for a step of AUTH: "AUTH SCRAM-SHA-256",
 * a response, or "*".  Returns false if the step is none of these. */
bool sasl_line(enum mailin_client_step step, struct mailin_span value,
    struct mailin_span line);

/* Check that the text of the reply is the base64 form of the challenge that the
 * client has decoded. */
void sasl_challenge(struct mailin_span challenge, struct mailin_span text);

#endif
