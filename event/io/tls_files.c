/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/fault.h"
#include "io/tls_context.h"

/* OpenSSL calls this for a key with a passphrase.  Nobody is there to type
 * one. */
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

/* Say why OpenSSL cannot use a file.  If the file has no object of this kind,
 * the error text of OpenSSL would not help. */
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

/* Open a file for reading.  If it is a pipe that nobody writes to, it is empty:
 * fopen would wait for a writer, perhaps for ever. */
static FILE *
open_file(const char *name, struct mailin_fault *fault)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *file = NULL;

	/* A pipe with a writer may be read later, when the octets come. */
	if (fd >= 0 && fcntl(fd, F_SETFL, O_RDONLY) == 0)
		file = fdopen(fd, "r");
	if (file == NULL)
		mailin_fault_set(fault, errno, "%s: %s", name, strerror(errno));
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

/* Read the further certificates of the file.  Returns false if one is wrong. */
static bool
read_chain(FILE *file, STACK_OF(X509) * chain)
{
	bool asked;
	X509 *issuer;

	while (
	    (issuer = PEM_read_X509(file, NULL, no_passphrase, &asked)) != NULL)
		if (sk_X509_push(chain, issuer) == 0) {
			X509_free(issuer);
			return false;
		}
	return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static bool
read_certificate(struct credential *credential, const char *name,
    struct mailin_fault *fault)
{
	FILE *file = open_file(name, fault);
	bool asked, good;

	if (file == NULL)
		return false;
	ERR_clear_error();
	credential->chain = sk_X509_new_null();
	credential->certificate = PEM_read_X509_AUX(file, NULL, no_passphrase,
	    &asked);
	good = credential->chain != NULL && credential->certificate != NULL &&
	    read_chain(file, credential->chain);
	if (!good)
		(void)unusable(name, "certificate", fault);
	(void)fclose(file);
	return good;
}

static EVP_PKEY *
read_key(const char *name, struct mailin_fault *fault)
{
	FILE *file = open_file(name, fault);
	bool asked = false;
	EVP_PKEY *key;

	if (file == NULL)
		return NULL;
	/* Use no buffer of stdio: parts of the key would remain in it. */
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

/* Returns true if OpenSSL accepts the certificate and the key.  OpenSSL may
 * refuse weak keys. */
static bool
is_usable(SSL_CTX *ssl, const struct credential *credential)
{
	SSL *trial = SSL_new(ssl);
	bool good = trial != NULL &&
	    SSL_use_cert_and_key(trial, credential->certificate,
		credential->key, credential->chain, 1) == 1;

	SSL_free(trial);
	return good;
}

bool
mailin_credential_read(struct credential *credential, SSL_CTX *ssl,
    const struct mailin_tls_files *files, struct mailin_fault *fault)
{
	const char *key = files->key != NULL ? files->key : files->certificate;
	bool good = false;

	if (!read_certificate(credential, files->certificate, fault))
		return false;
	credential->key = read_key(key, fault);
	if (credential->key == NULL)
		return false;
	if (X509_check_private_key(credential->certificate, credential->key) !=
	    1)
		mailin_fault_set(fault, EINVAL,
		    "%s: the key is not that of the certificate in %s", key,
		    files->certificate);
	else
		good = is_usable(ssl, credential) ||
		    unusable(files->certificate, "usable certificate", fault);
	return good;
}

/* Move the certificates from "infos" to "found".  Returns false if there is no
 * memory or no certificate, or if the file has something that could not be
 * ignored, such as a list of revoked certificates. */
static bool
take_certificates(STACK_OF(X509) * found, STACK_OF(X509_INFO) * infos,
    const char *name, struct mailin_fault *fault)
{
	int i;

	for (i = 0; i < sk_X509_INFO_num(infos); i++) {
		X509_INFO *info = sk_X509_INFO_value(infos, i);

		if (info->crl != NULL) {
			mailin_fault_set(fault, EINVAL,
			    "%s: a list of revoked certificates is not "
			    "supported",
			    name);
			return false;
		}
		if (info->x509 == NULL)
			continue;
		if (sk_X509_push(found, info->x509) == 0)
			return unusable(name, "certificate", fault);
		info->x509 = NULL;
	}
	return sk_X509_num(found) > 0 || unusable(name, "certificate", fault);
}

bool
mailin_authorities_read(STACK_OF(X509) * found, const char *name,
    struct mailin_fault *fault)
{
	FILE *file = open_file(name, fault);
	STACK_OF(X509_INFO) * infos;
	bool asked, good;

	if (file == NULL)
		return false;
	ERR_clear_error();
	infos = PEM_X509_INFO_read(file, NULL, no_passphrase, &asked);
	good = infos != NULL ? take_certificates(found, infos, name, fault) :
			       unusable(name, "certificate", fault);
	sk_X509_INFO_pop_free(infos, X509_INFO_free);
	(void)fclose(file);
	return good;
}

void
mailin_credential_end(struct credential *credential)
{
	X509_free(credential->certificate);
	sk_X509_pop_free(credential->chain, X509_free);
	EVP_PKEY_free(credential->key);
}
