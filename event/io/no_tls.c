/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>

#include "io/fault.h"
#include "io/tls.h"

/* In this build mailin_tls_context_new fails.  So the functions that take a
 * context or a struct tls are never called. */

struct mailin_tls_context *
mailin_tls_context_new(const struct mailin_tls_options *options,
    struct mailin_fault *fault)
{
	(void)options;
	mailin_fault_set(fault, ENOTSUP,
	    "there is no TLS: libmailin-event was "
	    "built without OpenSSL");
	return NULL;
}

int64_t
mailin_tls_context_expires(const struct mailin_tls_context *context, size_t i)
{
	(void)context;
	(void)i;
	return INT64_MAX;
}

int64_t
mailin_tls_context_client_ca_expires(const struct mailin_tls_context *context)
{
	(void)context;
	return INT64_MAX;
}

void
mailin_tls_context_free(struct mailin_tls_context *context)
{
	(void)context;
}

void
mailin_tls_context_hold(struct mailin_tls_context *context)
{
	(void)context;
}

struct tls *
mailin_tls_new(const struct mailin_tls_context *context, int fd, uint64_t scope)
{
	(void)context;
	(void)fd;
	(void)scope;
	return NULL;
}

void
mailin_tls_free(struct tls *tls)
{
	(void)tls;
}

enum io
mailin_tls_handshake(struct tls *tls)
{
	(void)tls;
	return IO_GONE;
}

const char *
mailin_tls_fault(const struct tls *tls)
{
	(void)tls;
	return "there is none";
}

struct mailin_tls
mailin_tls_facts(struct tls *tls)
{
	(void)tls;
	return (struct mailin_tls){ .version = { NULL, 0 } };
}

const char *
mailin_tls_client_fault(const struct tls *tls)
{
	(void)tls;
	return NULL;
}

enum io
mailin_tls_recv(struct tls *tls, char *room, size_t size, size_t *len)
{
	(void)tls;
	(void)room;
	(void)size;
	(void)len;
	return IO_GONE;
}

enum io
mailin_tls_send(struct tls *tls, const char *octets, size_t len, size_t *sent)
{
	(void)tls;
	(void)octets;
	(void)len;
	(void)sent;
	return IO_GONE;
}

enum io
mailin_tls_finish(struct tls *tls)
{
	(void)tls;
	return IO_GONE;
}
