/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <time.h>

#include "io/tls_context.h"
#include "octet/wipe.h"

/*
 * Sessions are resumed by tickets.  The client keeps its ticket, so the server
 * stores no sessions.  A full handshake costs the server a signature; a
 * handshake with a ticket does not.  Each context has its own keys, so a change
 * of certificates makes all older tickets useless.  Otherwise a client could be
 * accepted by a ticket that it got when the server still trusted other
 * authorities.
 */

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec;
}

/* Set up the cipher and the MAC of a ticket.  Returns false if OpenSSL lacks an
 * algorithm or memory. */
static bool
use_key(struct ticket_key *key, const unsigned char *iv, EVP_CIPHER_CTX *cipher,
    EVP_MAC_CTX *mac, bool encrypt)
{
	char digest[] = "SHA256";
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac,
		    sizeof key->mac),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
		    0),
		OSSL_PARAM_construct_end(),
	};

	return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher,
		   iv, encrypt ? 1 : 0) == 1 &&
	    EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

/* Returns 1, or 0 to continue the handshake without a new ticket. */
static int
make_ticket(struct ticket_keys *keys, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	struct ticket_key key;
	bool good = mailin_ticket_keys_for_new(keys, now(), &key);

	if (!good)
		return 0;
	memcpy(name, key.name, sizeof key.name);
	good = RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) ==
		1 &&
	    use_key(&key, iv, cipher, mac, true);
	wipe(&key, sizeof key);
	return good ? 1 : 0;
}

/* Returns 1, or 2 if the client needs a new ticket, or 0 for a full
 * handshake. */
static int
read_ticket(struct ticket_keys *keys, const unsigned char *name,
    const unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	struct ticket_key key;
	bool renew, good;

	if (!mailin_ticket_keys_find(keys, now(), name, &key, &renew))
		return 0;
	good = use_key(&key, iv, cipher, mac, false);
	wipe(&key, sizeof key);
	return !good ? 0 : renew ? 2 : 1;
}

static int
on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypt)
{
	struct mailin_tls_context *context = SSL_CTX_get_app_data(
	    SSL_get_SSL_CTX(ssl));

	/* A client with a certificate gets no ticket in TLS 1.2.  tls_client.c
	 * does the same for TLS 1.3. */
	if (encrypt != 0 && SSL_get0_peer_certificate(ssl) != NULL)
		return 0;
	return encrypt != 0 ?
	    make_ticket(&context->keys, name, iv, cipher, mac) :
	    read_ticket(&context->keys, name, iv, cipher, mac);
}

/* Let clients resume sessions.  Each handshake has a new key exchange, which is
 * the default of OpenSSL in TLS 1.3.  Data before the end of the handshake
 * (0-RTT) is not accepted, because an attacker could replay it. */
bool
mailin_tls_offer_tickets(struct mailin_tls_context *context)
{
	SSL_CTX *ssl = context->ssl;

	(void)SSL_CTX_set_app_data(ssl, context);
	(void)SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_timeout(ssl, TICKET_PERIOD);
	return SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, on_ticket) == 1 &&
	    SSL_CTX_set_num_tickets(ssl, 1) == 1 &&
	    SSL_CTX_set_max_early_data(ssl, 0) == 1;
}
