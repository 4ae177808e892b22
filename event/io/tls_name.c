/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "io/tls_context.h"

/* Use the credential, unless a credential with the same type of key is used
 * already. */
static bool
add(SSL *ssl, const struct credential *credential)
{
	return SSL_use_cert_and_key(ssl, credential->certificate,
		   credential->key, credential->chain, 0) == 1;
}

static bool
is_for(const struct credential *credential, const struct tls *tls)
{
	return X509_check_host(credential->certificate, tls->name,
		   tls->name_len, 0, NULL) == 1;
}

/* The client has named the server that it wants.  Use each credential whose
 * certificate has this name.  If no certificate has it, the default credential
 * is used, and the result is not SSL_TLSEXT_ERR_OK. */
static int
on_name(SSL *ssl, int *alert, void *user)
{
	const struct mailin_tls_context *context = user;
	const struct tls *tls = SSL_get_app_data(ssl);
	bool found = false;
	size_t i;

	(void)alert;
	for (i = 0; tls->name_len > 0 && i < context->count; i++) {
		if (!is_for(&context->credentials[i], tls))
			continue;
		/* Until now the default credential was used. */
		if (!found && context->count > 1)
			SSL_certs_clear(ssl);
		found = true;
		if (context->count > 1)
			(void)add(ssl, &context->credentials[i]);
	}
	ERR_clear_error();
	return found ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/* Returns true if a name is in both certificates. */
static bool
have_equal_names(const GENERAL_NAMES *one, const GENERAL_NAMES *other)
{
	int i, j;

	for (i = 0; i < sk_GENERAL_NAME_num(one); i++)
		for (j = 0; j < sk_GENERAL_NAME_num(other); j++)
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(one, i),
				sk_GENERAL_NAME_value(other, j)) == 0)
				return true;
	return false;
}

static bool
share_a_name(X509 *one, X509 *other)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(one, NID_subject_alt_name, NULL,
	    NULL);
	GENERAL_NAMES *others = X509_get_ext_d2i(other, NID_subject_alt_name,
	    NULL, NULL);
	bool equal = have_equal_names(names, others);

	GENERAL_NAMES_free(names);
	GENERAL_NAMES_free(others);
	return equal;
}

bool
mailin_tls_set_names(struct mailin_tls_context *context)
{
	const struct credential *first = &context->credentials[0];
	size_t i;

	if (SSL_CTX_use_cert_and_key(context->ssl, first->certificate,
		first->key, first->chain, 1) != 1)
		return false;
	for (i = 1; i < context->count; i++) {
		const struct credential *other = &context->credentials[i];

		if (share_a_name(first->certificate, other->certificate))
			(void)SSL_CTX_use_cert_and_key(context->ssl,
			    other->certificate, other->key, other->chain, 0);
	}
	return SSL_CTX_set_tlsext_servername_callback(context->ssl, on_name) ==
	    1 &&
	    SSL_CTX_set_tlsext_servername_arg(context->ssl, context) == 1;
}
