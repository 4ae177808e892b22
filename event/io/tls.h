/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_H
#define MAILIN_EVENT_TLS_H

#include <mailin/event.h>

#include "io/io.h"

/*
 * The server's side of TLS, by OpenSSL.  Only tls*.c use OpenSSL.  A build
 * without OpenSSL has no_tls.c in their place.
 */

/* The TLS of one client. */
struct tls;

/* Keep the context alive until another call of mailin_tls_context_free.  NULL
 * is allowed. */
void mailin_tls_context_hold(struct mailin_tls_context *context);

/* Start TLS on the socket fd, which still belongs to the caller.  A client may
 * resume a session of the same context that began with the same scope.  Returns
 * NULL if there is no memory. */
struct tls *mailin_tls_new(const struct mailin_tls_context *context, int fd,
    uint64_t scope);
void mailin_tls_free(struct tls *tls);

/* After IO_GONE, tls_fault returns the reason. */
enum io mailin_tls_handshake(struct tls *tls);
const char *mailin_tls_fault(const struct tls *tls);

/* Returns the facts of the handshake.  Their spans are valid until tls is used
 * again. */
struct mailin_tls mailin_tls_facts(struct tls *tls);

/* The most octets in one TLS record.  The room for tls_recv must be at least as
 * large: octets that stay inside OpenSSL would cause no event. */
#define TLS_RECORD_SIZE 16384

/* Like transport_recv and transport_send.  The end of input may be that of TLS
 * or of TCP; neither ends a message. */
enum io mailin_tls_recv(struct tls *tls, char *room, size_t size, size_t *len);
enum io mailin_tls_send(struct tls *tls, const char *octets, size_t len,
    size_t *sent);

/* Tell the client that no more output comes. */
enum io mailin_tls_finish(struct tls *tls);

#endif
