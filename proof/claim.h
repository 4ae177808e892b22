/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_CLAIM_H
#define MAILIN_PROOF_CLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* The programs of this folder print one line for each claim.  A claim that was
 * never tested is a failure, so each claim counts its cases. */
struct claim {
	const char *what;
	const char *bound; /* NULL: the claim is about all inputs */
	uint64_t cases;
	bool failed;
	char counterexample[512];
};

/* Print the line.  Returns false if the claim failed. */
static inline bool
claim_end(const struct claim *claim)
{
	unsigned long long cases = claim->cases;

	if (claim->failed || cases == 0) {
		printf("failed: %s: %s\n", claim->what,
		    claim->failed ? claim->counterexample :
				    "counterexample: no case was tried");
		return false;
	}
	if (claim->bound != NULL)
		printf("bounded: %s (%s; %llu cases)\n", claim->what,
		    claim->bound, cases);
	else
		printf("proved: %s (%llu cases)\n", claim->what, cases);
	return true;
}

/* Write octets into room, which has size octets, as the text of a C string. */
static inline void
claim_quote(char *room, size_t size, const char *octets, size_t len)
{
	size_t i, at = 0;

	room[0] = '\0';
	for (i = 0; i < len && at + 8 < size; i++) {
		unsigned char octet = (unsigned char)octets[i];
		const char *form = octet > 32 && octet < 127 ? "%c" : "\\x%02x";

		at += (size_t)snprintf(room + at, size - at, form, octet);
	}
	if (i < len)
		snprintf(room + at, size - at, "...");
}

#endif
