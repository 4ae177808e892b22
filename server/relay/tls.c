/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "relay/tls.h"

struct trust {
	SSL_CTX *ssl;
};

bool
tls_exists(void)
{
	return true;
}

/* Returns why the last call of OpenSSL has failed. */
static const char *
last_fault(void)
{
	unsigned long error = ERR_peek_error();
	const char *reason = ERR_SYSTEM_ERROR(error) ?
	    strerror(ERR_GET_REASON(error)) :
	    ERR_reason_error_string(error);

	ERR_clear_error();
	return reason != NULL ? reason : "no certificate can be read";
}

static bool
read_authorities(SSL_CTX *ssl, const char *file)
{
	ERR_clear_error();
	if (file == NULL ? SSL_CTX_set_default_verify_paths(ssl) == 1 :
			   SSL_CTX_load_verify_file(ssl, file) == 1)
		return true;
	log_error("%s: %s", file != NULL ? file : "authorities of the system",
	    last_fault());
	return false;
}

/* Allow TLS 1.2 or newer (RFC 8996), and require a certificate.  A file may
 * also have the certificate of the back end itself, or of an issuer that is no
 * root. */
static bool
set_rules(SSL_CTX *ssl)
{
	(void)SSL_CTX_set_options(ssl,
	    SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	return (SSL_CTX_get_min_proto_version(ssl) >= TLS1_2_VERSION ||
		   SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) == 1) &&
	    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ssl),
		X509_V_FLAG_PARTIAL_CHAIN) == 1;
}

struct trust *
trust_new(const char *file)
{
	struct trust *trust = calloc(1, sizeof *trust);

	if (trust != NULL)
		trust->ssl = SSL_CTX_new(TLS_client_method());
	if (trust == NULL || trust->ssl == NULL || !set_rules(trust->ssl))
		log_error("cannot start OpenSSL");
	else if (read_authorities(trust->ssl, file))
		return trust;
	trust_free(trust);
	return NULL;
}

void
trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	SSL_CTX_free(trust->ssl);
	free(trust);
}

/* Require that a subjectAltName of the certificate names this host.  A common
 * name does not count (RFC 9525 2). */
static bool
expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);
	size_t len = strlen(host);

	if (X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1)
		return true;
	ERR_clear_error();
	/* No certificate has the dot after an absolute name. */
	if (len > 1 && host[len - 1] == '.')
		len--;
	X509_VERIFY_PARAM_set_hostflags(rules,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return X509_VERIFY_PARAM_set1_host(rules, host, len) == 1 &&
	    SSL_set_tlsext_host_name(ssl,
		X509_VERIFY_PARAM_get0_host(rules, 0)) == 1;
}

struct bufferevent *
tls_start(struct event_base *base, evutil_socket_t fd,
    const struct trust *trust, const char *host)
{
	SSL *ssl = SSL_new(trust->ssl);

	if (ssl == NULL || !expect_host(ssl, host)) {
		SSL_free(ssl);
		ERR_clear_error();
		return NULL;
	}
	return bufferevent_openssl_socket_new(base, fd, ssl,
	    BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
}

bool
tls_exporter(struct bufferevent *io, char octets[TLS_EXPORTER_SIZE])
{
	static const char label[] = "EXPORTER-Channel-Binding";
	SSL *ssl = bufferevent_openssl_get_ssl(io);

	return ssl != NULL && SSL_version(ssl) >= TLS1_3_VERSION &&
	    SSL_export_keying_material(ssl, (unsigned char *)octets,
		TLS_EXPORTER_SIZE, label, sizeof label - 1, NULL, 0, 0) == 1;
}

const char *
tls_fault(struct bufferevent *io)
{
	SSL *ssl = bufferevent_openssl_get_ssl(io);
	unsigned long error;

	if (ssl == NULL)
		return NULL;
	if (SSL_get_verify_result(ssl) != X509_V_OK)
		return X509_verify_cert_error_string(
		    SSL_get_verify_result(ssl));
	error = bufferevent_get_openssl_error(io);
	return error != 0 ? ERR_reason_error_string(error) : NULL;
}

void
tls_write_last(struct bufferevent *io, const char *octets, size_t len)
{
	SSL *ssl = bufferevent_openssl_get_ssl(io);
	size_t written;

	if (SSL_write_ex(ssl, octets, len, &written) == 1)
		(void)SSL_shutdown(ssl);
	ERR_clear_error();
}
