/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TLS_H
#define MAILIN_SERVER_TLS_H

#include <mailin/session.h>

#include "event/io.h"

/*
 * The server's side of TLS, by OpenSSL: only tls.c and tls_context.c know it,
 * and in a build without it no_tls.c takes their place.
 */

/* What all clients share: the certificate, its key, what is acceptable. */
struct tls_context;

/* The TLS of one client. */
struct tls;

/* Was it built in? */
bool tls_is_there(void);

/* certificate and key are names of PEM files.  NULL, with the reason on stderr,
 * if they will not do. */
struct tls_context *tls_context_new(const char *certificate, const char *key);
void tls_context_free(struct tls_context *context);

/* Begin on the socket fd, which stays the caller's.  NULL: no memory. */
struct tls *tls_new(const struct tls_context *context, int fd);
void tls_free(struct tls *tls);

/* IO_GONE: tls_fault says why. */
enum io tls_handshake(struct tls *tls);
const char *tls_fault(const struct tls *tls);

/* What the handshake has shown; it lives as long as tls, and unchanged until
 * tls is used again. */
struct mailin_tls tls_facts(struct tls *tls);

/* The octets of one record, so that none are left behind that no event would
 * tell of: size has to be this at least. */
#define TLS_RECORD_SIZE 16384

/* As those of a transport.  The end of input is one of TLS or of TCP: a message
 * is ended by neither. */
enum io tls_recv(struct tls *tls, char *room, size_t size, size_t *len);
enum io tls_send(struct tls *tls, const char *octets, size_t len, size_t *sent);

/* Tell the client that no more will come. */
enum io tls_finish(struct tls *tls);

#endif
