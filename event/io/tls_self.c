/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "io/tls_context.h"

#define DAY (24L * 60 * 60)

/* The longest common name (RFC 5280 A.1, ub-common-name). */
#define LONGEST_COMMON_NAME 64

static bool
set_serial(X509 *certificate)
{
	unsigned char octets[8];
	uint64_t serial;

	if (RAND_bytes(octets, sizeof octets) != 1)
		return false;
	memcpy(&serial, octets, sizeof serial);
	return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate),
		   serial >> 1) == 1;
}

static bool
set_subject(X509 *certificate, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(certificate);
	const char *common = strlen(name) <= LONGEST_COMMON_NAME ? name :
								   "localhost";

	return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC,
		   (const unsigned char *)common, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(certificate, subject) == 1;
}

/* Add the name as a subjectAltName, where clients look for it (RFC 6125).  An
 * address literal is left out, because only names of hosts are allowed
 * there. */
static bool
set_names(X509 *certificate, const char *name)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *host = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	bool good = names != NULL && host != NULL && text != NULL &&
	    ASN1_STRING_set(text, name, -1) == 1 &&
	    sk_GENERAL_NAME_push(names, host) > 0;

	if (good) {
		GENERAL_NAME_set0_value(host, GEN_DNS, text);
		good = X509_add1_ext_i2d(certificate, NID_subject_alt_name,
			   names, 0, X509V3_ADD_DEFAULT) == 1;
	} else {
		GENERAL_NAME_free(host);
		ASN1_IA5STRING_free(text);
		sk_GENERAL_NAME_free(names);
		return false;
	}
	GENERAL_NAMES_free(names);
	return good;
}

bool
mailin_credential_make(struct credential *credential, const char *name)
{
	X509 *certificate = X509_new();

	credential->certificate = certificate;
	credential->key = EVP_EC_gen("P-256");
	return certificate != NULL && credential->key != NULL &&
	    X509_set_version(certificate, X509_VERSION_3) == 1 &&
	    set_serial(certificate) &&
	    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * DAY) !=
	    NULL &&
	    X509_set_pubkey(certificate, credential->key) == 1 &&
	    set_subject(certificate, name) &&
	    (name[0] == '[' || set_names(certificate, name)) &&
	    X509_sign(certificate, credential->key, EVP_sha256()) > 0;
}
