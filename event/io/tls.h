/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_H
#define MAILIN_EVENT_TLS_H

#include <mailin/event.h>

#include "io/io.h"

/*
 * The server's side of TLS, by OpenSSL.  Only tls*.c use OpenSSL.  In a build
 * without OpenSSL no_tls.c takes their place.
 */

/* TLS with one client. */
struct tls;

/* Keep the context alive until mailin_tls_context_free is called once more.
 * Does nothing to NULL. */
void mailin_tls_context_hold(struct mailin_tls_context *context);

/* Start TLS on the socket fd, which still belongs to the caller.  A client may
 * resume a session of the same context that began with the same scope.  Returns
 * NULL if there is no memory. */
struct tls *mailin_tls_new(const struct mailin_tls_context *context, int fd,
    uint64_t scope);
void mailin_tls_free(struct tls *tls);

/* If the handshake returns IO_GONE, tls_fault returns the reason. */
enum io mailin_tls_handshake(struct tls *tls);
const char *mailin_tls_fault(const struct tls *tls);

/* Returns the facts of the handshake.  Their spans are valid until tls is used
 * again. */
struct mailin_tls mailin_tls_facts(struct tls *tls);

/* After tls_facts: returns why the certificate that the client has sent gives
 * it no name, or NULL. */
const char *mailin_tls_client_fault(const struct tls *tls);

/* The most octets in one TLS record.  tls_recv needs at least as much room:
 * octets that stay inside OpenSSL would cause no event. */
#define TLS_RECORD_SIZE 16384

/* Like transport_recv and transport_send, but inside TLS.  The input ends
 * with close_notify of TLS, or with the end of TCP.  Neither is the end of a
 * message. */
enum io mailin_tls_recv(struct tls *tls, char *room, size_t size, size_t *len);
enum io mailin_tls_send(struct tls *tls, const char *octets, size_t len,
    size_t *sent);

/* Tell the client that no more output comes. */
enum io mailin_tls_finish(struct tls *tls);

#endif
