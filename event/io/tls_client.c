/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "io/tls_context.h"

/*
 * Finds the name of the client in its certificate.  A certificate that is not
 * accepted does not end the handshake: mail programs often send one that is not
 * meant for this server.  The client then has no name.
 *
 * No session of a client with a certificate is resumed, so each handshake
 * verifies the certificate and its dates anew.
 */

/* The maximum number of issuers between the certificate and an authority. */
#define LONGEST_CHAIN 8

/* The names of the authorities are sent to clients if they have at most this
 * many octets in all.  TLS allows 65535, but some clients accept fewer. */
#define MOST_NAMES 16384

/* OpenSSL calls this if the client has sent a certificate, before the client
 * proves that it has the key.  X509_verify_cert stops at the first fault.  So
 * nobody can make the server verify signatures of issuers that it does not
 * trust. */
static int
verify(X509_STORE_CTX *store, void *user)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store,
	    SSL_get_ex_data_X509_STORE_CTX_idx());

	(void)user;
	if (SSL_set_num_tickets(ssl, 0) != 1)
		return 0;
	if (X509_verify_cert(store) != 1 &&
	    X509_STORE_CTX_get_error(store) == X509_V_OK)
		X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED);
	ERR_clear_error();
	return 1;
}

/* Returns how many octets the names of the authorities have in TLS. */
static size_t
size_of_names(const STACK_OF(X509) * authorities)
{
	size_t size = 0;
	int i, len;

	for (i = 0; i < sk_X509_num(authorities); i++) {
		len = i2d_X509_NAME(
		    X509_get_subject_name(sk_X509_value(authorities, i)), NULL);
		size += 2 + (len > 0 ? (size_t)len : 0);
	}
	return size;
}

static bool
trust(SSL_CTX *ssl, X509_STORE *store, const STACK_OF(X509) * authorities)
{
	bool tell_names = size_of_names(authorities) <= MOST_NAMES;
	int i;

	for (i = 0; i < sk_X509_num(authorities); i++) {
		X509 *authority = sk_X509_value(authorities, i);

		if (X509_STORE_add_cert(store, authority) != 1 ||
		    (tell_names && SSL_CTX_add_client_CA(ssl, authority) != 1))
			return false;
	}
	return true;
}

/* If the certificate names purposes, OpenSSL also checks by default that client
 * authentication is one of them. */
bool
mailin_tls_ask_client(SSL_CTX *ssl, const STACK_OF(X509) * authorities)
{
	X509_STORE *store = X509_STORE_new();
	bool good = store != NULL &&
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
	    trust(ssl, store, authorities) &&
	    SSL_CTX_set1_verify_cert_store(ssl, store) == 1;

	X509_STORE_free(store);
	SSL_CTX_set_verify_depth(ssl, LONGEST_CHAIN);
	SSL_CTX_set_cert_verify_callback(ssl, verify, NULL);
	SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	return good;
}

static bool
has_control(const unsigned char *octets, int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (octets[i] < 0x20 || octets[i] == 0x7f)
			return true;
	return false;
}

/* Returns the reason why the subject names no client, or NULL. */
static const char *
read_common_name(struct tls *tls, const X509_NAME *subject)
{
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	int len;

	if (at < 0)
		return "it has no common name";
	if (X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return "it has several common names";
	len = ASN1_STRING_to_UTF8(&tls->client,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (len <= 0 || has_control(tls->client, len))
		return "its common name is no name of a user";
	tls->client_len = (size_t)len;
	return NULL;
}

void
mailin_tls_read_client(struct tls *tls)
{
	const X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	long result = SSL_get_verify_result(tls->ssl);

	if (certificate == NULL || tls->client != NULL)
		return;
	if (result != X509_V_OK)
		tls->client_fault = X509_verify_cert_error_string(result);
	else
		tls->client_fault = read_common_name(tls,
		    X509_get_subject_name(certificate));
	ERR_clear_error();
}
