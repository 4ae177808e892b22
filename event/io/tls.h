/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TLS_H
#define MAILIN_SERVER_TLS_H

#include <mailin/session.h>

#include "io/io.h"

/*
 * The server's side of TLS, by OpenSSL.  Only tls.c and tls_context.c use
 * OpenSSL.  A build without OpenSSL has no_tls.c in their place.
 */

/* The certificate, its key and the rules, which all clients share. */
struct tls_context;

/* The TLS of one client. */
struct tls;

/* Returns true if the server was built with OpenSSL. */
bool tls_is_there(void);

/* certificate and key are names of PEM files.  Returns NULL, with the reason on
 * stderr, if they cannot be used. */
struct tls_context *tls_context_new(const char *certificate, const char *key);
void tls_context_free(struct tls_context *context);

/* Start TLS on the socket fd, which still belongs to the caller.  Returns NULL
 * if there is no memory. */
struct tls *tls_new(const struct tls_context *context, int fd);
void tls_free(struct tls *tls);

/* After IO_GONE, tls_fault returns the reason. */
enum io tls_handshake(struct tls *tls);
const char *tls_fault(const struct tls *tls);

/* Returns the facts of the handshake.  Their spans are valid until tls is used
 * again. */
struct mailin_tls tls_facts(struct tls *tls);

/* The most octets in one TLS record.  The room for tls_recv must be at least as
 * large: octets that stay inside OpenSSL would cause no event. */
#define TLS_RECORD_SIZE 16384

/* Like transport_recv and transport_send.  The end of input may be that of TLS
 * or of TCP; neither ends a message. */
enum io tls_recv(struct tls *tls, char *room, size_t size, size_t *len);
enum io tls_send(struct tls *tls, const char *octets, size_t len, size_t *sent);

/* Tell the client that no more output comes. */
enum io tls_finish(struct tls *tls);

#endif
