/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_H
#define MAILIN_EVENT_TLS_H

#include <mailin/event.h>

#include "io/io.h"

/*
 * The server's side of TLS, by OpenSSL.  Only the files tls*.c use OpenSSL.  A
 * build without OpenSSL has no_tls.c instead of them.
 */

/* TLS with one client. */
struct tls;

/* Add an owner to the context.  Each owner calls mailin_tls_context_free once.
 * Does nothing if the context is NULL. */
void mailin_tls_context_hold(struct mailin_tls_context *context);

/* Start TLS on the socket fd, which still belongs to the caller.  A client may
 * resume a session of the same context that began with the same scope.  Returns
 * NULL if there is no memory. */
struct tls *mailin_tls_new(const struct mailin_tls_context *context, int fd,
    uint64_t scope);
void mailin_tls_free(struct tls *tls);

/* Continue the handshake.  If it returns IO_GONE, mailin_tls_fault returns the
 * reason. */
enum io mailin_tls_handshake(struct tls *tls);
const char *mailin_tls_fault(const struct tls *tls);

/* Returns the facts of the handshake.  Their spans are valid until tls is used
 * again. */
struct mailin_tls mailin_tls_facts(struct tls *tls);

/* Returns the reason why the client's certificate gives the client no name, or
 * NULL.  Call this after mailin_tls_facts. */
const char *mailin_tls_client_fault(const struct tls *tls);

/* The maximum length of a TLS record, in octets.  mailin_tls_recv needs at
 * least this much room.  Otherwise octets could stay inside OpenSSL, and the
 * socket would report no event for them. */
#define TLS_RECORD_SIZE 16384

/* Like mailin_transport_recv and mailin_transport_send, but inside TLS.  The
 * input ends with close_notify of TLS, or with the end of TCP.  Neither is the
 * end of a message. */
enum io mailin_tls_recv(struct tls *tls, char *room, size_t size, size_t *len);
enum io mailin_tls_send(struct tls *tls, const char *octets, size_t len,
    size_t *sent);

/* Tell the client that no more output comes. */
enum io mailin_tls_finish(struct tls *tls);

#endif
