/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/fault.h"
#include "io/tls_context.h"

/* Nobody can be asked for a passphrase. */
static int
no_passphrase(char *room, int size, int writing, void *user)
{
	bool *asked = user;

	(void)room;
	(void)size;
	(void)writing;
	*asked = true;
	return -1;
}

/* Tell why OpenSSL cannot use a file.  If the file holds nothing of the kind,
 * OpenSSL's own text says little. */
static bool
unusable(const char *file, const char *kind, struct mailin_fault *fault)
{
	unsigned long error = ERR_peek_error();
	bool by_system = ERR_SYSTEM_ERROR(error);
	const char *reason = by_system ? strerror(ERR_GET_REASON(error)) :
					 ERR_reason_error_string(error);
	bool none = (ERR_GET_LIB(error) == ERR_LIB_PEM &&
			ERR_GET_REASON(error) == PEM_R_NO_START_LINE) ||
	    ERR_GET_LIB(error) == ERR_LIB_OSSL_DECODER;

	if (none || reason == NULL)
		mailin_fault_set(fault, EINVAL, "%s: no %s in it", file, kind);
	else
		mailin_fault_set(fault,
		    by_system ? ERR_GET_REASON(error) : EINVAL, "%s: %s", file,
		    reason);
	return false;
}

static FILE *
open_file(const char *name, struct mailin_fault *fault)
{
	FILE *file = fopen(name, "re");

	if (file == NULL)
		mailin_fault_set(fault, errno, "%s: %s", name, strerror(errno));
	return file;
}

static bool
use_certificate(SSL_CTX *ssl, const char *name, struct mailin_fault *fault)
{
	FILE *file = open_file(name, fault);

	if (file == NULL)
		return false;
	(void)fclose(file);
	ERR_clear_error();
	return SSL_CTX_use_certificate_chain_file(ssl, name) == 1 ||
	    unusable(name, "certificate", fault);
}

static EVP_PKEY *
read_key(const char *name, struct mailin_fault *fault)
{
	FILE *file = open_file(name, fault);
	bool asked = false;
	EVP_PKEY *key;

	if (file == NULL)
		return NULL;
	/* Without a buffer, no part of the key stays in memory of stdio. */
	setvbuf(file, NULL, _IONBF, 0);
	ERR_clear_error();
	key = PEM_read_PrivateKey(file, NULL, no_passphrase, &asked);
	if (key == NULL && asked)
		mailin_fault_set(fault, EINVAL,
		    "%s: the private key has a passphrase", name);
	else if (key == NULL)
		unusable(name, "private key", fault);
	(void)fclose(file);
	return key;
}

static bool
use_key(SSL_CTX *ssl, const char *name, const char *certificate,
    struct mailin_fault *fault)
{
	EVP_PKEY *key = read_key(name, fault);
	bool good = false;

	if (key == NULL)
		return false;
	if (X509_check_private_key(SSL_CTX_get0_certificate(ssl), key) != 1)
		mailin_fault_set(fault, EINVAL,
		    "%s: the key is not that of the certificate in %s", name,
		    certificate);
	else
		good = SSL_CTX_use_PrivateKey(ssl, key) == 1 ||
		    unusable(name, "usable key", fault);
	EVP_PKEY_free(key);
	return good;
}

static bool
read_files(SSL_CTX *ssl, const char *certificate, const char *key,
    struct mailin_fault *fault)
{
	bool good = use_certificate(ssl, certificate, fault) &&
	    use_key(ssl, key != NULL ? key : certificate, certificate, fault);
	ERR_clear_error();
	return good;
}

static bool
start(struct mailin_tls_context *context)
{
	context->socket = mailin_tls_socket_new();
	context->ssl = SSL_CTX_new(TLS_server_method());
	if (context->socket == NULL || context->ssl == NULL)
		return false;
	mailin_tls_read_hello(context->ssl);
	return mailin_tls_set_rules(context->ssl) &&
	    mailin_tls_offer_tickets(context);
}

struct mailin_tls_context *
mailin_tls_context_new(const struct mailin_tls_options *given,
    struct mailin_fault *fault)
{
	struct mailin_tls_options options = { .size = 0 };
	struct mailin_tls_context *context;

	memcpy(&options, given,
	    given->size < sizeof options ? given->size : sizeof options);
	if (options.certificate == NULL) {
		mailin_fault_set(fault, EINVAL, "no certificate is named");
		return NULL;
	}
	context = calloc(1, sizeof *context);
	if (context == NULL) {
		mailin_fault_set(fault, ENOMEM, "no memory");
		return NULL;
	}
	atomic_init(&context->holders, 1);
	mailin_ticket_keys_init(&context->keys);
	if (!start(context))
		mailin_fault_set(fault, ENOMEM, "cannot start OpenSSL");
	else if (read_files(context->ssl, options.certificate, options.key,
		     fault))
		return context;
	mailin_tls_context_free(context);
	return NULL;
}

void
mailin_tls_context_hold(struct mailin_tls_context *context)
{
	if (context != NULL)
		atomic_fetch_add(&context->holders, 1);
}

void
mailin_tls_context_free(struct mailin_tls_context *context)
{
	if (context == NULL || atomic_fetch_sub(&context->holders, 1) > 1)
		return;
	SSL_CTX_free(context->ssl);
	BIO_meth_free(context->socket);
	mailin_ticket_keys_end(&context->keys);
	free(context);
}
