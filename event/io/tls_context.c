/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/fault.h"
#include "io/tls_context.h"

/* Returns the time at which the certificate expires. */
static int64_t
end_of(const X509 *certificate)
{
	struct tm time;

	return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1 ?
	    (int64_t)timegm(&time) :
	    0;
}

/* Returns the time at which the first of the certificates expires, or INT64_MAX
 * if there are no certificates. */
static int64_t
first_end_of(const STACK_OF(X509) * certificates)
{
	int64_t first = INT64_MAX, end;
	int i;

	for (i = 0; i < sk_X509_num(certificates); i++) {
		end = end_of(sk_X509_value(certificates, i));
		first = end < first ? end : first;
	}
	return first;
}

int64_t
mailin_tls_context_expires(const struct mailin_tls_context *context, size_t i)
{
	const struct credential *credential = &context->credentials[i];
	int64_t expires, chain;

	if (i >= context->count)
		return INT64_MAX;
	expires = end_of(credential->certificate);
	chain = first_end_of(credential->chain);
	return chain < expires ? chain : expires;
}

int64_t
mailin_tls_context_client_ca_expires(const struct mailin_tls_context *context)
{
	return context->client_ca_expires;
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

static bool
no_memory(struct mailin_fault *fault)
{
	mailin_fault_set(fault, ENOMEM, "no memory");
	return false;
}

/* Read the certificates and keys from the files, or make a self-signed pair. */
static bool
read_all(struct mailin_tls_context *context,
    const struct mailin_tls_options *options, struct mailin_fault *fault)
{
	const struct mailin_tls_files first = { options->certificate,
		options->key };
	size_t i;

	context->credentials = calloc(1 + options->others_count,
	    sizeof context->credentials[0]);
	if (context->credentials == NULL)
		return no_memory(fault);
	context->count = 1;
	if (options->self_signed != NULL)
		return mailin_credential_make(&context->credentials[0],
			   options->self_signed) ||
		    no_memory(fault);
	if (!mailin_credential_read(&context->credentials[0], context->ssl,
		&first, fault))
		return false;
	for (i = 0; i < options->others_count; i++)
		if (!mailin_credential_read(
			&context->credentials[context->count++], context->ssl,
			&options->others[i], fault))
			return false;
	return true;
}

static bool
ask_client(struct mailin_tls_context *context, const char *file,
    struct mailin_fault *fault)
{
	STACK_OF(X509) * authorities;
	bool good;

	context->client_ca_expires = INT64_MAX;
	if (file == NULL)
		return true;
	authorities = sk_X509_new_null();
	if (authorities == NULL)
		return no_memory(fault);
	good = mailin_authorities_read(authorities, file, fault) &&
	    (mailin_tls_ask_client(context->ssl, authorities) ||
		no_memory(fault));
	context->client_ca_expires = first_end_of(authorities);
	sk_X509_pop_free(authorities, X509_free);
	return good;
}

struct mailin_tls_context *
mailin_tls_context_new(const struct mailin_tls_options *given,
    struct mailin_fault *fault)
{
	struct mailin_tls_options options = { .size = 0 };
	struct mailin_tls_context *context;

	memcpy(&options, given,
	    given->size < sizeof options ? given->size : sizeof options);
	if ((options.certificate == NULL) == (options.self_signed == NULL)) {
		mailin_fault_set(fault, EINVAL,
		    options.certificate == NULL ?
			"no certificate is named" :
			"a certificate and a self-signed one exclude "
			"each other");
		return NULL;
	}
	context = calloc(1, sizeof *context);
	if (context == NULL) {
		(void)no_memory(fault);
		return NULL;
	}
	atomic_init(&context->holders, 1);
	mailin_ticket_keys_init(&context->keys);
	if (!start(context))
		mailin_fault_set(fault, ENOMEM, "cannot start OpenSSL");
	else if (read_all(context, &options, fault) &&
	    ask_client(context, options.client_ca, fault) &&
	    (mailin_tls_set_names(context) || no_memory(fault))) {
		ERR_clear_error();
		return context;
	}
	ERR_clear_error();
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
	while (context->count > 0)
		mailin_credential_end(&context->credentials[--context->count]);
	free(context->credentials);
	BIO_meth_free(context->socket);
	mailin_ticket_keys_end(&context->keys);
	free(context);
}
