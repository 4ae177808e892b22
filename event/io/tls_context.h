/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_CONTEXT_H
#define MAILIN_EVENT_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "io/tls.h"

/* For tls*.c only. */
struct mailin_tls_context {
	atomic_uint holders;
	SSL_CTX *ssl;
	BIO_METHOD *socket; /* how to send and receive */
};

/* ---- tls_socket.c ---- */

/* Returns NULL if there is no memory. */
BIO_METHOD *mailin_tls_socket_new(void);

/* Use the socket fd, which belongs to the caller, for the octets of ssl.
 * Returns false if there is no memory. */
bool mailin_tls_socket_set(const BIO_METHOD *method, SSL *ssl, int fd);

#endif
