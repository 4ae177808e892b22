/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_PROOF_H
#define MAILIN_SERVER_RELAY_PROOF_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/span.h>

#include "relay/credentials.h"

/*
 * The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC
 * 7677), by libgsasl.  The password is not sent, and both sides prove that they
 * know it.  A back end that does not prove it gets no mail.  A build without
 * libgsasl has no_proof.c in place of proof.c.
 */

/* False for a build without libgsasl. */
extern const bool proof_is_built;

/* What all logins share.  All threads may use it. */
struct prover;

/* count is the number of back ends.  Returns NULL if there is no memory, or if
 * this build has no SCRAM. */
struct prover *prover_new(size_t count);

/* Free it.  prover may be NULL. */
void prover_free(struct prover *prover);

/* Returns true if SCRAM can use the user and the password: both must be texts
 * that SASLprep accepts (RFC 4013).  A password with a control character, for
 * example, can be sent by PLAIN only. */
bool proof_can_use(const struct credentials *credentials);

/* Returns the name of the mechanism: that with channel binding if is_plus. */
static inline const char *
proof_mechanism(bool is_plus)
{
	return is_plus ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
}

/* One login to one back end. */
struct proof;

/*
 * Begin a login to the back end with this index.  exporter is the channel
 * binding "tls-exporter" (RFC 9266) for -PLUS, or absent for the mechanism
 * without -PLUS.  Returns NULL if there is no memory.
 *
 * Without -PLUS the first response begins with "n".  RFC 5802 6 asks for "y"
 * where this side could use -PLUS and the back end does not offer it, but
 * libgsasl 2.2 cannot say "y".  So a false back end with a trusted certificate
 * can hide -PLUS.  It still cannot prove that it knows the password, unless it
 * passes the exchange on to the true back end.
 */
struct proof *proof_new(struct prover *prover, size_t number,
    const struct credentials *credentials, struct mailin_span exporter);

/* End the login, and free it.  proof may be NULL. */
void proof_free(struct proof *proof);

/* Take the next step, and fill in the response, which stays valid until the
 * next step.  The first step has no challenge: give an absent span.  Returns
 * NULL, or why the login has failed. */
const char *proof_step(struct proof *proof, struct mailin_span challenge,
    struct mailin_span *response);

/* Returns the response of the last step, if it had one. */
struct mailin_span proof_response(const struct proof *proof);

/* Returns true if the back end has proved that it knows the password. */
bool proof_is_mutual(const struct proof *proof);

/* Returns true if the last step has failed because of what the back end sent,
 * and not for lack of memory here. */
bool proof_is_distrusted(const struct proof *proof);

#endif
