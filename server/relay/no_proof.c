/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stddef.h>

#include "relay/proof.h"

const bool proof_is_built = false;

struct prover *
prover_new(size_t count)
{
	(void)count;
	return NULL;
}

void
prover_free(struct prover *prover)
{
	(void)prover;
}

bool
proof_can_use(const struct credentials *credentials)
{
	(void)credentials;
	return false;
}

/* proof_new never succeeds, so no login begins. */
struct proof *
proof_new(struct prover *prover, size_t number,
    const struct credentials *credentials, struct mailin_span exporter)
{
	(void)prover;
	(void)number;
	(void)credentials;
	(void)exporter;
	return NULL;
}

void
proof_free(struct proof *proof)
{
	(void)proof;
}

const char *
proof_step(struct proof *proof, struct mailin_span challenge,
    struct mailin_span *response)
{
	(void)proof;
	(void)challenge;
	(void)response;
	return "this build has no SCRAM";
}

struct mailin_span
proof_response(const struct proof *proof)
{
	(void)proof;
	return (struct mailin_span){ NULL, 0 };
}

bool
proof_is_mutual(const struct proof *proof)
{
	(void)proof;
	return false;
}

bool
proof_is_distrusted(const struct proof *proof)
{
	(void)proof;
	return false;
}
