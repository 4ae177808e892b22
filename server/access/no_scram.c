/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "access/scram_hash.h"

static const char none[] = "this build has no SCRAM, since it has no libgsasl";

const char *
scram_hash_read(struct scram_hash *hash, const char *text)
{
	(void)hash;
	(void)text;
	return none;
}

/* scram_hash_read never succeeds, so there is no hash to compare with. */
bool
scram_hash_matches(const struct scram_hash *hash, const char *password)
{
	(void)hash;
	(void)password;
	return false;
}

const char *
scram_hash_make(char text[SCRAM_HASH_SIZE], const char *password)
{
	(void)text;
	(void)password;
	return none;
}
