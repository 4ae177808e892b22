/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CERTIFICATE_H
#define MAILIN_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include <mailin/export.h>

/*
 * The TLS of servers that libmailin-event runs (mailin/event.h).  A context has
 * the certificates of a service, by OpenSSL.
 */

struct mailin_fault;
struct mailin_tls_context;

/* The names of PEM files, as in struct mailin_tls_options. */
struct mailin_tls_files {
	const char *certificate;
	const char *key;
};

struct mailin_tls_options {
	size_t size; /* sizeof (struct mailin_tls_options) */
	/* Names of PEM files: the certificate and its chain of issuers; its
	 * private key, without a passphrase (NULL: it is in the file of the
	 * certificate). */
	const char *certificate;
	const char *key;
	/* More certificates with their keys.  The name of the server that a
	 * client wants (SNI) chooses among them: a certificate that has this
	 * name, of the kind of key that client and server prefer if there is
	 * one with ECDSA and one with RSA.  If there is no such certificate, or
	 * the client names nobody, it is the first one of all, or another one
	 * that is for a name of the first. */
	const struct mailin_tls_files *others;
	size_t others_count;
	/* A host name, for trying things out, and no certificate: a
	 * certificate for the name is made in memory, and signed by itself.
	 * Clients cannot tell it from that of an attacker. */
	const char *self_signed;
};

/*
 * Read the files.  A context may be used by several services.  It is TLS 1.2 or
 * newer, with forward secrecy, and the server chooses the cipher.  There is no
 * compression, no renegotiation, and no data before the end of the handshake
 * (0-RTT).  Returns NULL if a file cannot be read, if the key is not that of
 * the certificate, and if this build has no TLS (ENOTSUP).
 *
 * A client may resume a TLS session for an hour, at the same listener and with
 * the same name of the server (SNI).  It does so by a ticket, whose key is only
 * in the memory of the context: so it cannot resume a session of another
 * context, such as one with older certificates.
 *
 * Certificates are replaced by a new context, and mailin_listener_replace.
 */
MAILIN_EXPORT struct mailin_tls_context *mailin_tls_context_new(
    const struct mailin_tls_options *options, struct mailin_fault *fault);

/* Returns when certificate number i, or one of its issuers in the same file, is
 * no longer valid: seconds since 1970.  Number 0 is that of the options, the
 * others follow it.  INT64_MAX: there are not so many. */
MAILIN_EXPORT int64_t mailin_tls_context_expires(
    const struct mailin_tls_context *context, size_t i);

/* A service that uses the context keeps it alive, so a program may free it as
 * soon as no more services will be made of it.  NULL is allowed. */
MAILIN_EXPORT void mailin_tls_context_free(struct mailin_tls_context *context);

#endif
