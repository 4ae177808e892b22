/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/evp.h>
#include <string.h>

#include "io/tls_context.h"
#include "octet/ascii.h"

static size_t
number_at(const unsigned char *octets)
{
	return (size_t)octets[0] << 8 | octets[1];
}

/* Keep the server name that the client asks for (RFC 6066 3).  The extension
 * holds the length of a list and the list.  The list holds the octet 0 for
 * "host_name", the length of the name, and the name.  If the extension is
 * malformed, OpenSSL sends an alert later. */
static void
read_name(SSL *ssl, struct tls *tls)
{
	const unsigned char *octets;
	size_t len;

	tls->name_len = 0;
	if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &octets,
		&len) != 1 ||
	    len < 5 || len - 5 > sizeof tls->name ||
	    number_at(octets) != len - 2 || octets[2] != 0 ||
	    number_at(octets + 3) != len - 5)
		return;
	tls->name_len = len - 5;
	memcpy(tls->name, octets + 5, tls->name_len);
}

/*
 * Sessions may be resumed only at the same listener, and for the same server
 * name.  OpenSSL does not check the name, though RFC 6066 3 demands it.  But
 * OpenSSL resumes a session only in a context with the same id.  So make the id
 * from the listener's number and the name.
 */
static bool
set_session_context(SSL *ssl, const struct tls *tls)
{
	unsigned char octets[sizeof tls->scope + sizeof tls->name];
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t at = sizeof tls->scope, i;
	unsigned len = 0;

	memcpy(octets, &tls->scope, at);
	for (i = 0; i < tls->name_len; i++)
		octets[at++] = (unsigned char)ascii_upper(tls->name[i]);
	return EVP_Digest(octets, at, digest, &len, EVP_sha256(), NULL) == 1 &&
	    SSL_set_session_id_context(ssl, digest, len) == 1;
}

static int
on_hello(SSL *ssl, int *alert, void *user)
{
	struct tls *tls = SSL_get_app_data(ssl);

	(void)user;
	read_name(ssl, tls);
	if (set_session_context(ssl, tls))
		return SSL_CLIENT_HELLO_SUCCESS;
	*alert = SSL_AD_INTERNAL_ERROR;
	return SSL_CLIENT_HELLO_ERROR;
}

void
mailin_tls_read_hello(SSL_CTX *ssl)
{
	SSL_CTX_set_client_hello_cb(ssl, on_hello, NULL);
}
