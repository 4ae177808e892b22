/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "io/tls_context.h"

/*
 * A client that asks by ALPN for another protocol has reached the wrong server.
 * Perhaps an attacker has led it here, so that octets meant for a web server
 * are taken for mail (ALPACA).  Such a client gets an alert (RFC 7301 3.2).  No
 * protocol name is registered for SMTP, and most clients of SMTP use no ALPN.
 */
static int
select_protocol(SSL *ssl, const unsigned char **chosen,
    unsigned char *chosen_len, const unsigned char *asked, unsigned asked_len,
    void *user)
{
	static const unsigned char ours[] = "\4smtp\5esmtp\4lmtp";
	unsigned char *protocol;

	(void)ssl;
	(void)user;
	if (SSL_select_next_proto(&protocol, chosen_len, ours, sizeof ours - 1,
		asked, asked_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*chosen = protocol;
	return SSL_TLSEXT_ERR_OK;
}

/*
 * Keep only the ciphers of TLS 1.2 with forward secrecy and ECDHE, in the order
 * of the system's configuration of OpenSSL.  (All ciphers of TLS 1.3 have
 * forward secrecy.)  DHE is left out: with DHE a client can make the server
 * compute much (CVE-2002-20001), and clients of TLS 1.2 do not need it.
 */
static bool
keep_forward_secrecy(SSL_CTX *ssl)
{
	STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(ssl);
	char names[4096];
	size_t len = 0;
	int i;

	for (i = 0; i < sk_SSL_CIPHER_num(ciphers); i++) {
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
		const char *name = SSL_CIPHER_get_name(cipher);

		if (SSL_CIPHER_get_kx_nid(cipher) != NID_kx_ecdhe ||
		    SSL_CIPHER_get_auth_nid(cipher) == NID_auth_psk ||
		    strlen(name) + 2 > sizeof names - len)
			continue;
		len += (size_t)snprintf(names + len, sizeof names - len, "%s%s",
		    len > 0 ? ":" : "", name);
	}
	return len == 0 || SSL_CTX_set_cipher_list(ssl, names) == 1;
}

/* Leave out the groups for DHE in TLS 1.3, too.  A version of OpenSSL that does
 * not know the first group of a list refuses the whole list. */
static bool
set_groups(SSL_CTX *ssl)
{
	return SSL_CTX_set1_groups_list(ssl,
		   "X25519MLKEM768:X25519:P-256:P-384:P-521") == 1 ||
	    SSL_CTX_set1_groups_list(ssl, "X25519:P-256:P-384:P-521") == 1;
}

/*
 * Allow TLS 1.2 or newer, as RFC 8314 4.1 and RFC 8996 require.  The system's
 * configuration of OpenSSL may require more.
 *
 * A TLS connection may end without close_notify (IGNORE_UNEXPECTED_EOF): a
 * client that has only shut down its sending side still gets its replies.  No
 * message can be cut short in this way, since SMTP marks the end of each
 * message.
 */
bool
mailin_tls_set_rules(SSL_CTX *ssl)
{
	if (SSL_CTX_get_min_proto_version(ssl) < TLS1_2_VERSION)
		(void)SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
	(void)SSL_CTX_set_options(ssl,
	    SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
		SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
	/* When unsent output is offered again, it may be at another address,
	 * and more octets may follow it. */
	(void)SSL_CTX_set_mode(ssl,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	/* Read at most one record without application data for each event;
	 * otherwise a client that sends only such records would keep the loop
	 * for itself. */
	(void)SSL_CTX_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
	/* The plaintext may be a password: overwrite it after use. */
	(void)SSL_CTX_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT);
	SSL_CTX_set_alpn_select_cb(ssl, select_protocol, NULL);
	return keep_forward_secrecy(ssl) && set_groups(ssl);
}
