/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "access/scram.h"
#include "access/scram_hash.h"

const bool scram_is_built = false;

static const char none[] = "this build has no SCRAM, since it has no libgsasl";

const char *
scram_hash_read(struct scram_hash *hash, const char *text)
{
	(void)hash;
	(void)text;
	return none;
}

/* scram_hash_read never succeeds, so there is no hash to compare with. */
enum hash_outcome
scram_hash_compare(const struct scram_hash *hash, const char *password)
{
	(void)hash;
	(void)password;
	return HASH_DIFFERS;
}

const char *
scram_hash_make(char text[SCRAM_HASH_SIZE], const char *password)
{
	(void)text;
	(void)password;
	return none;
}

/* scram_server_new never succeeds, so no exchange begins. */
struct scram_server *
scram_server_new(void)
{
	return NULL;
}

void
scram_server_free(struct scram_server *server)
{
	(void)server;
}

struct scram *
scram_new(struct scram_server *server, const struct passwd_file *file,
    const struct scram_binding *binding)
{
	(void)server;
	(void)file;
	(void)binding;
	return NULL;
}

void
scram_free(struct scram *scram)
{
	(void)scram;
}

enum scram_outcome
scram_step(struct scram *scram, struct mailin_span response,
    struct mailin_span *challenge)
{
	(void)scram;
	(void)response;
	(void)challenge;
	return SCRAM_REFUSED;
}

const char *
scram_user(const struct scram *scram)
{
	(void)scram;
	return "";
}
