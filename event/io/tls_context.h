/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_CONTEXT_H
#define MAILIN_EVENT_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "io/ticket_keys.h"
#include "io/tls.h"

/* Only tls*.c include this. */

/* A certificate and its key, by which the server proves to clients who it
 * is. */
struct credential {
	X509 *certificate;
	STACK_OF(X509) * chain; /* the issuers; NULL: no issuers */
	EVP_PKEY *key;
};

struct mailin_tls_context {
	atomic_uint holders;
	SSL_CTX *ssl;
	BIO_METHOD *socket; /* sends and receives for OpenSSL */
	struct ticket_keys keys;
	struct credential *credentials; /* the first one is the default */
	size_t count;
	int64_t client_ca_expires;
};

struct tls {
	SSL *ssl;
	const char *fault;
	uint64_t scope; /* a session is resumed only with an equal scope */
	size_t name_len;
	char name[255]; /* the server name that the client asks for */
	char binding[EVP_MAX_MD_SIZE];
	/* The client's name, from its certificate.  If client_len is 0 the
	 * client has no name.  OpenSSL frees the octets. */
	unsigned char *client;
	size_t client_len;
	/* Why the client's certificate gives it no name, or NULL. */
	const char *client_fault;
};

/* ---- tls_rules.c ---- */

/* Set the rules that are the same for all contexts.  Returns false if OpenSSL
 * does not support one of them. */
bool mailin_tls_set_rules(SSL_CTX *ssl);

/* ---- tls_files.c ---- */

/* Fill in the credential, which must be all 0.  The caller must call
 * mailin_credential_end, even if this fails. */
bool mailin_credential_read(struct credential *credential, SSL_CTX *ssl,
    const struct mailin_tls_files *files, struct mailin_fault *fault);
void mailin_credential_end(struct credential *credential);

/* Add all certificates of the file "name" to the list "found". */
bool mailin_authorities_read(STACK_OF(X509) * found, const char *name,
    struct mailin_fault *fault);

/* ---- tls_self.c ---- */

/* Make a key, and a certificate for the name.  Returns false if there is no
 * memory. */
bool mailin_credential_make(struct credential *credential, const char *name);

/* ---- tls_name.c ---- */

/* Let OpenSSL choose the credential by the server name that the client asks
 * for.  Returns false if there is no memory. */
bool mailin_tls_set_names(struct mailin_tls_context *context);

/* ---- tls_ticket.c ---- */

/* Let clients resume sessions.  Returns false if there is no memory. */
bool mailin_tls_offer_tickets(struct mailin_tls_context *context);

/* ---- tls_client.c ---- */

/* Ask each client for a certificate that one of the authorities has issued.
 * Returns false if there is no memory. */
bool mailin_tls_ask_client(SSL_CTX *ssl, const STACK_OF(X509) * authorities);

/* Find out who the client is.  Call this after the handshake. */
void mailin_tls_read_client(struct tls *tls);

/* ---- tls_hello.c ---- */

/* Let OpenSSL look at the server name that a client asks for. */
void mailin_tls_read_hello(SSL_CTX *ssl);

/* ---- tls_socket.c ---- */

/* Returns the functions by which OpenSSL sends and receives (tls_socket.c), or
 * NULL if there is no memory. */
BIO_METHOD *mailin_tls_socket_new(void);

/* Let ssl use the socket fd, which belongs to the caller.  Returns false if
 * there is no memory. */
bool mailin_tls_socket_set(const BIO_METHOD *method, SSL *ssl, int fd);

#endif
