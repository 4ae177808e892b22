/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "io/tls.h"

/* tls_context_new fails, so none of the functions that take a context or a
 * struct tls is ever called. */

bool
tls_is_there(void)
{
	return false;
}

struct tls_context *
tls_context_new(const char *certificate, const char *key)
{
	(void)certificate;
	(void)key;
	return NULL;
}

void
tls_context_free(struct tls_context *context)
{
	(void)context;
}

struct tls *
tls_new(const struct tls_context *context, int fd)
{
	(void)context;
	(void)fd;
	return NULL;
}

void
tls_free(struct tls *tls)
{
	(void)tls;
}

enum io
tls_handshake(struct tls *tls)
{
	(void)tls;
	return IO_GONE;
}

const char *
tls_fault(const struct tls *tls)
{
	(void)tls;
	return "there is none";
}

struct mailin_tls
tls_facts(struct tls *tls)
{
	(void)tls;
	return (struct mailin_tls){ .version = { NULL, 0 } };
}

enum io
tls_recv(struct tls *tls, char *room, size_t size, size_t *len)
{
	(void)tls;
	(void)room;
	(void)size;
	(void)len;
	return IO_GONE;
}

enum io
tls_send(struct tls *tls, const char *octets, size_t len, size_t *sent)
{
	(void)tls;
	(void)octets;
	(void)len;
	(void)sent;
	return IO_GONE;
}

enum io
tls_finish(struct tls *tls)
{
	(void)tls;
	return IO_GONE;
}
