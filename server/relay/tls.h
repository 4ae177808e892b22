/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TLS_H
#define MAILIN_SERVER_TLS_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdbool.h>

/*
 * TLS with back ends, by OpenSSL.  This server is the TLS client.  A build
 * without OpenSSL or libevent_openssl has no_tls.c instead of tls.c.
 */

#define TLS_EXPORTER_SIZE 32

enum tls_mode {
	TLS_NONE,
	TLS_STARTTLS,
	TLS_IMPLICIT /* from the first octet on */
};

/* The authorities whose certificates are accepted.  All threads may use it. */
struct trust;

/* Returns true if this build has TLS with back ends. */
bool tls_exists(void);

/* Trust the authorities in this file, or those of the system if it is NULL.
 * Returns NULL, with the reason on stderr, if that is impossible. */
struct trust *trust_new(const char *file);

/* Free the authorities.  trust may be NULL. */
void trust_free(struct trust *trust);

/* Begin TLS on a connected socket with a server that must prove to be this
 * host, a name or an IP address.  The result owns the socket.  Returns NULL if
 * there is no memory; the caller then still owns the socket. */
struct bufferevent *tls_start(struct event_base *base, evutil_socket_t fd,
    const struct trust *trust, const char *host);

/* Write octets, and the end of TLS, as far as the socket takes them at once. */
void tls_write_last(struct bufferevent *io, const char *octets, size_t len);

/* Fill in the channel binding "tls-exporter" (RFC 9266).  Returns false unless
 * the connection uses TLS 1.3. */
bool tls_exporter(struct bufferevent *io, char octets[TLS_EXPORTER_SIZE]);

/* Returns why TLS has failed, or NULL if it has not. */
const char *tls_fault(struct bufferevent *io);

#endif
