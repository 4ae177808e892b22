/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CERTIFICATE_H
#define MAILIN_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include <mailin/export.h>

/*
 * TLS for the servers of libmailin-event (mailin/event.h), by OpenSSL.  A TLS
 * context has the certificates for a struct mailin_service.
 */

struct mailin_fault;

/* A TLS context: certificates with their keys, and the rules of TLS. */
struct mailin_tls_context;

/* The names of PEM files, as in struct mailin_tls_options.  They are read once,
 * by mailin_tls_context_new. */
struct mailin_tls_files {
	const char *certificate; /* with the chain of its issuers */
	const char *key;         /* NULL: it is in the file of certificate */
};

/* The options of a TLS context. */
struct mailin_tls_options {
	size_t size; /* sizeof (struct mailin_tls_options) */
	/* The names of PEM files.  certificate has the certificate and the
	 * chain of its issuers.  key has its private key, without a passphrase;
	 * NULL: the key is in the file of the certificate. */
	const char *certificate;
	const char *key;
	/* More certificates with their keys.  A client may ask for a server by
	 * name (SNI).  It then gets a certificate that has this name.  If two
	 * certificates have it, one with an ECDSA key and one with an RSA key,
	 * client and server agree on one of them.  If no certificate has the
	 * name, or if the client asks for no name, it gets the first
	 * certificate, or one with another type of key that shares a name with
	 * the first. */
	const struct mailin_tls_files *others;
	size_t others_count;
	/* For trials: a host name, in place of certificate and key.  The
	 * library makes a self-signed certificate for this name in memory.
	 * Clients cannot distinguish it from the certificate of an attacker. */
	const char *self_signed;
	/* The name of a PEM file with the certificates of authorities.  Each
	 * client is asked for a certificate that one of these authorities has
	 * issued.  Each certificate in the file is trusted, even one that is
	 * not signed by itself, and even the certificate of a client.  NULL: no
	 * client is asked. */
	const char *client_ca;
};

/*
 * Read the files.  Several services may use one context.  The server accepts
 * TLS 1.2 or newer, with forward secrecy, and chooses the cipher.  There is no
 * compression, no renegotiation, and no data before the end of the handshake
 * (0-RTT).  Returns NULL if a file cannot be read, if the key does not fit the
 * certificate, or if this build has no TLS (ENOTSUP).
 *
 * A client may resume a TLS session for an hour, at the same listener and with
 * the same name of the server (SNI).  For that it sends a TLS session ticket,
 * which is encrypted with a key that exists only in the memory of the context.
 * So it cannot resume a session of another context, such as one with older
 * certificates.
 *
 * To replace certificates, make a new context, and call
 * mailin_listener_replace.
 *
 * With client_ca a client gets a name, for AUTH EXTERNAL: client_name in struct
 * mailin_tls.  The name is the common name (CN) of the certificate's subject,
 * in UTF-8.  The client has a name only if all of this is true:
 * - An authority in the file has issued the certificate, either itself or by
 *   issuers whose certificates the client sends.
 * - The certificate is valid now, and is for a client: it has no
 *   extendedKeyUsage, or one with clientAuth.
 * - Its subject has exactly one common name, which is not empty and has no
 *   control octet, such as NUL.
 * A client whose certificate gives it no name is served like one without a
 * certificate, and the reason of MAILIN_EVENT_TLS_STARTED says why.  The
 * subjectAltName is not read: a certificate can have many names there, so it
 * would be unclear which of them is the user.
 *
 * A client that has sent a certificate cannot resume its TLS session: its
 * certificate is verified at each handshake.  If a PROXY header came before the
 * handshake, the certificate gives the client no name, since it may be the
 * proxy's certificate.  The library does not read lists of revoked
 * certificates, and a file with such a list is a fault: the program decides
 * which names it lets in.
 */
MAILIN_EXPORT struct mailin_tls_context *mailin_tls_context_new(
    const struct mailin_tls_options *options, struct mailin_fault *fault);

/* Returns the time when the certificate with index i, or one of its issuers in
 * the same file, expires: seconds since 1970.  Index 0 is the member
 * "certificate" of the options; "others" begins at index 1.  Returns INT64_MAX
 * if there is no certificate with this index. */
MAILIN_EXPORT int64_t mailin_tls_context_expires(
    const struct mailin_tls_context *context, size_t i);

/* Returns the time when the first of the certificates in client_ca expires:
 * seconds since 1970.  After this time a certificate that this authority has
 * issued gives a client no name.  Returns INT64_MAX without client_ca. */
MAILIN_EXPORT int64_t mailin_tls_context_client_ca_expires(
    const struct mailin_tls_context *context);

/* Free the context.  A service keeps its context alive, so a program may call
 * this when it has made all services that use the context.  context may be
 * NULL. */
MAILIN_EXPORT void mailin_tls_context_free(struct mailin_tls_context *context);

#endif
