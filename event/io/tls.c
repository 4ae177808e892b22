/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "io/tls_context.h"
#include "octet/wipe.h"

struct tls *
mailin_tls_new(const struct mailin_tls_context *context, int fd, uint64_t scope)
{
	struct tls *tls = calloc(1, sizeof *tls);

	if (tls == NULL)
		return NULL;
	tls->fault = "";
	tls->scope = scope;
	tls->ssl = SSL_new(context->ssl);
	if (tls->ssl != NULL && SSL_set_app_data(tls->ssl, tls) == 1 &&
	    mailin_tls_socket_set(context->socket, tls->ssl, fd)) {
		SSL_set_accept_state(tls->ssl);
		return tls;
	}
	mailin_tls_free(tls);
	return NULL;
}

void
mailin_tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	wipe(tls->binding, sizeof tls->binding);
	OPENSSL_free(tls->client);
	free(tls);
}

/* Returns what went wrong; the text is never freed. */
static const char *
reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text != NULL ? text : "the client is gone";
}

/* A call of OpenSSL did not succeed, and its return value is "result".  Returns
 * what to do next.  SSL_get_error looks at the error queue of this thread, so
 * the caller must have cleared that queue before that call. */
static enum io
outcome(struct tls *tls, int result)
{
	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return IO_WAIT_READ;
	case SSL_ERROR_WANT_WRITE:
		return IO_WAIT_WRITE;
	default:
		tls->fault = reason();
		return IO_GONE;
	}
}

enum io
mailin_tls_handshake(struct tls *tls)
{
	int result;

	ERR_clear_error();
	result = SSL_do_handshake(tls->ssl);
	return result == 1 ? IO_DONE : outcome(tls, result);
}

const char *
mailin_tls_fault(const struct tls *tls)
{
	return tls->fault;
}

/*
 * Returns the channel binding.  In TLS 1.3 it is tls-exporter (RFC 9266).  In
 * TLS 1.2 it is tls-unique (RFC 5929 3), which is the first Finished message of
 * the handshake.  The client sends this message or, if a session is resumed,
 * the server.  tls-unique is unique only with the extended master secret (RFC
 * 7627).
 */
static struct mailin_span
channel_binding(struct tls *tls)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	size_t len = 0;

	if (SSL_version(tls->ssl) >= TLS1_3_VERSION) {
		if (SSL_export_keying_material(tls->ssl,
			(unsigned char *)tls->binding, 32, label,
			sizeof label - 1, NULL, 0, 0) == 1)
			len = 32;
	} else if (SSL_get_extms_support(tls->ssl) == 1) {
		len = (SSL_session_reused(tls->ssl) == 1 ?
			SSL_get_finished :
			SSL_get_peer_finished)(tls->ssl, tls->binding,
		    sizeof tls->binding);
	}
	return (struct mailin_span){ len > 0 ? tls->binding : NULL, len };
}

static struct mailin_span
span_of(const char *text)
{
	return text != NULL ? mailin_span_of(text) :
			      (struct mailin_span){ NULL, 0 };
}

struct mailin_tls
mailin_tls_facts(struct tls *tls)
{
	const unsigned char *protocol;
	unsigned len;

	SSL_get0_alpn_selected(tls->ssl, &protocol, &len);
	mailin_tls_read_client(tls);
	return (struct mailin_tls){
		.version = span_of(SSL_get_version(tls->ssl)),
		.cipher = span_of(SSL_get_cipher_name(tls->ssl)),
		.sni = { tls->name_len > 0 ? tls->name : NULL, tls->name_len },
		.alpn = { (const char *)protocol, len },
		.client_name = { (const char *)tls->client, tls->client_len },
		.channel_binding = channel_binding(tls),
	};
}

const char *
mailin_tls_client_fault(const struct tls *tls)
{
	return tls->client_fault;
}

enum io
mailin_tls_recv(struct tls *tls, char *room, size_t size, size_t *len)
{
	int result;

	ERR_clear_error();
	result = SSL_read_ex(tls->ssl, room, size, len);
	if (result == 1)
		return IO_DONE;
	*len = 0;
	return SSL_get_error(tls->ssl, result) == SSL_ERROR_ZERO_RETURN ?
	    IO_DONE :
	    outcome(tls, result);
}

enum io
mailin_tls_send(struct tls *tls, const char *octets, size_t len, size_t *sent)
{
	int result;

	ERR_clear_error();
	result = SSL_write_ex(tls->ssl, octets, len, sent);
	return result == 1 ? IO_DONE : outcome(tls, result);
}

/* Send close_notify.  SSL_shutdown returns 0 if the client's close_notify has
 * not come yet; do not wait for it. */
enum io
mailin_tls_finish(struct tls *tls)
{
	int result;

	ERR_clear_error();
	result = SSL_shutdown(tls->ssl);
	return result >= 0 ? IO_DONE : outcome(tls, result);
}
