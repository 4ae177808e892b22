/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#ifdef HAVE_CRYPT_H
#include <crypt.h>
#endif

#include "access/hash.h"
#include "access/scram_hash.h"
#include "octet/wipe.h"

#define B64 "[./0-9A-Za-z]"

/* A regular expression for the hashes of crypt(5) that are accepted.  Two kinds
 * are left out: DES, since any word of thirteen letters looks like a DES hash,
 * and NT, which has no salt.  A hash that begins with "!" or "*" locks the
 * account, as in shadow(5). */
static const char hash_pattern[] =
    "^([!*].*"
    "|[$]g?y[$]" B64 "+[$]" B64 "{0,86}[$]" B64 "{43}"
    "|[$]7[$]" B64 "{11,97}[$]" B64 "{43}"
    "|[$]2[abxy][$](0[4-9]|[12][0-9]|3[01])[$]" B64 "{53}"
    "|[$]6[$](rounds=[1-9][0-9]*[$])?[^$:]{1,16}[$]" B64 "{86}"
    "|[$]5[$](rounds=[1-9][0-9]*[$])?[^$:]{1,16}[$]" B64 "{43}"
    "|[$]sha1[$][1-9][0-9]*[$]" B64 "{1,64}[$]" B64 "{28}"
    "|[$]md5(,rounds=[1-9][0-9]*)?[$]" B64 "{8}[$]{1,2}" B64 "{22}"
    "|[$]1[$][^$:]{1,8}[$]" B64 "{22}"
    ")$";

/* The hash of a user who logs in by a certificate only. */
static const char external[] = "{EXTERNAL}";

/* The names of schemes that Dovecot writes before a hash, in upper or lower
 * case, and the beginning of a hash of each scheme. */
static const struct {
	char name[16];
	char begin[4];
} schemes[] = {
	{ "{CRYPT}", "" },
	{ "{SHA512-CRYPT}", "$6$" },
	{ "{SHA256-CRYPT}", "$5$" },
	{ "{BLF-CRYPT}", "$2" },
	{ "{MD5-CRYPT}", "$1$" },
};

/* Returns the hash without the name of its scheme.  A name that is unknown, or
 * does not fit the hash, is not removed; the result is then no valid hash. */
static const char *
skip_scheme(const char *hash)
{
	size_t i;

	for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t len = strlen(schemes[i].name);

		if (strncasecmp(hash, schemes[i].name, len) == 0 &&
		    strncmp(hash + len, schemes[i].begin,
			strlen(schemes[i].begin)) == 0)
			return hash + len;
	}
	return hash;
}

bool
hash_forms_compile(regex_t *forms)
{
	return regcomp(forms, hash_pattern, REG_EXTENDED | REG_NOSUB) == 0;
}

bool
hash_is_scram(const char *hash)
{
	return strncasecmp(hash, SCRAM_SCHEME, strlen(SCRAM_SCHEME)) == 0;
}

const char *
hash_read(const regex_t *forms, const char *text, const char **hash)
{
	struct scram_hash scram;

	*hash = text;
	if (strcasecmp(text, external) == 0)
		return NULL;
	if (hash_is_scram(text))
		return scram_hash_read(&scram, text);
	*hash = skip_scheme(text);
	return regexec(forms, *hash, 0, NULL, 0) == 0 ?
	    NULL :
	    "not a hash of crypt(5)";
}

bool
hash_is_locked(const char *hash)
{
	return hash[0] == '!' || hash[0] == '*';
}

bool
hash_has_password(const char *hash)
{
	return !hash_is_locked(hash) && strcasecmp(hash, external) != 0;
}

/* Hash a password; setting is a setting for crypt_r, or another hash.  Returns
 * false if there is no memory, or if crypt_r does not know the method: crypt_r
 * then returns NULL or a text that begins with "*". */
static bool
run_crypt(char hash[HASH_SIZE], const char *password, const char *setting)
{
	struct crypt_data *work = calloc(1, sizeof *work);
	const char *made;
	bool good;

	if (work == NULL)
		return false;
	made = crypt_r(password, setting, work);
	good = made != NULL && made[0] != '*' && strlen(made) < HASH_SIZE;
	if (good)
		strcpy(hash, made);
	wipe(work, sizeof *work);
	free(work);
	return good;
}

bool
hash_matches(const char *hash, const char *password)
{
	struct scram_hash scram;
	char made[HASH_SIZE];

	if (hash_is_scram(hash))
		return scram_hash_read(&scram, hash) == NULL &&
		    scram_hash_matches(&scram, password);
	return run_crypt(made, password, hash) && strcmp(made, hash) == 0;
}

/* Write the beginning of a new hash: its method and its salt.  On a system
 * without crypt_gensalt_rn the method is SHA-512, which all systems know. */
static bool
make_setting(char setting[HASH_SIZE])
{
#ifdef HAVE_CRYPT_GENSALT_RN
	return crypt_gensalt_rn(NULL, 0, NULL, 0, setting, HASH_SIZE) != NULL;
#else
	static const char letters[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz";
	unsigned char salt[16];
	size_t i;

	if (getentropy(salt, sizeof salt) != 0)
		return false;
	strcpy(setting, "$6$");
	for (i = 0; i < sizeof salt; i++)
		setting[3 + i] = letters[salt[i] % 64];
	setting[3 + i] = '\0';
	return true;
#endif
}

const char *
hash_make(char hash[HASH_SIZE], const char *password, bool scram)
{
	char setting[HASH_SIZE];

	if (scram)
		return scram_hash_make(hash, password);
	return make_setting(setting) && run_crypt(hash, password, setting) ?
	    NULL :
	    "crypt(3) cannot make a hash";
}
