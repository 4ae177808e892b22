/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_CONTEXT_H
#define MAILIN_EVENT_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "io/ticket_keys.h"
#include "io/tls.h"

/* For tls*.c only. */

/* By which the server proves who it is. */
struct credential {
	X509 *certificate;
	STACK_OF(X509) * chain; /* its issuers; NULL: none */
	EVP_PKEY *key;
};

struct mailin_tls_context {
	atomic_uint holders;
	SSL_CTX *ssl;
	BIO_METHOD *socket; /* how to send and receive */
	struct ticket_keys keys;
	struct credential *credentials; /* the first one is the default */
	size_t count;
};

struct tls {
	SSL *ssl;
	const char *fault;
	uint64_t scope; /* where sessions may be resumed, see tls_new */
	size_t name_len;
	char name[255]; /* of the server, as the client wants it */
	char binding[EVP_MAX_MD_SIZE];
};

/* ---- tls_rules.c ---- */

/* Set what is the same for all contexts.  Returns false if OpenSSL cannot do
 * it. */
bool mailin_tls_set_rules(SSL_CTX *ssl);

/* ---- tls_files.c ---- */

/* Fill in the credential, which is all 0.  End it also if this fails. */
bool mailin_credential_read(struct credential *credential, SSL_CTX *ssl,
    const struct mailin_tls_files *files, struct mailin_fault *fault);
void mailin_credential_end(struct credential *credential);

/* ---- tls_self.c ---- */

/* Make a key, and a certificate for the name.  Returns false if there is no
 * memory. */
bool mailin_credential_make(struct credential *credential, const char *name);

/* ---- tls_name.c ---- */

/* Let the name that the client wants choose among the credentials.  Returns
 * false if there is no memory. */
bool mailin_tls_set_names(struct mailin_tls_context *context);

/* ---- tls_ticket.c ---- */

/* Let clients resume sessions.  Returns false if there is no memory. */
bool mailin_tls_offer_tickets(struct mailin_tls_context *context);

/* ---- tls_hello.c ---- */

/* Read the name of the server in the client's hello. */
void mailin_tls_read_hello(SSL_CTX *ssl);

/* ---- tls_socket.c ---- */

/* Returns NULL if there is no memory. */
BIO_METHOD *mailin_tls_socket_new(void);

/* Use the socket fd, which belongs to the caller, for the octets of ssl.
 * Returns false if there is no memory. */
bool mailin_tls_socket_set(const BIO_METHOD *method, SSL *ssl, int fd);

#endif
