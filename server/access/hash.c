/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#ifdef HAVE_CRYPT_H
#include <crypt.h>
#endif

#include "access/hash.h"
#include "access/hash_form.h"
#include "access/scram_hash.h"
#include "octet/wipe.h"

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
hash_is_locked(const char *hash)
{
	return hash[0] == '!' || hash[0] == '*';
}

bool
hash_is_scram(const char *hash)
{
	return strncasecmp(hash, SCRAM_SCHEME, strlen(SCRAM_SCHEME)) == 0;
}

/* Returns true if crypt(3) of this system knows the method and takes the salt,
 * as far as it can tell without a password. */
static bool
is_usable(const char *hash)
{
#ifdef HAVE_CRYPT_CHECKSALT
	int status = hash_is_locked(hash) ? CRYPT_SALT_OK :
					    crypt_checksalt(hash);

	return status != CRYPT_SALT_INVALID &&
	    status != CRYPT_SALT_METHOD_DISABLED;
#else
	(void)hash;
	return true;
#endif
}

const char *
hash_read(const char *text, const char **hash)
{
	struct scram_hash scram;

	*hash = text;
	if (strcasecmp(text, external) == 0)
		return NULL;
	if (hash_is_scram(text))
		return scram_hash_read(&scram, text);
	*hash = skip_scheme(text);
	if (!hash_form_is_known(*hash))
		return "not a hash of crypt(5)";
	return is_usable(*hash) ? NULL : "crypt(3) cannot use this hash";
}

bool
hash_has_password(const char *hash)
{
	return !hash_is_locked(hash) && strcasecmp(hash, external) != 0;
}

/* Hash a password; setting is a setting for crypt_r, or another hash.  Returns
 * false if there is no memory, or if crypt_r does not know the method: crypt_r
 * then returns NULL or a text that begins with "*".  errno is ERANGE if the
 * password is too long. */
static bool
run_crypt(char hash[HASH_SIZE], const char *password, const char *setting)
{
	struct crypt_data *work = calloc(1, sizeof *work);
	const char *made;
	bool good;
	int error;

	if (work == NULL)
		return false;
	errno = 0;
	made = crypt_r(password, setting, work);
	good = made != NULL && made[0] != '*' && strlen(made) < HASH_SIZE;
	if (good)
		strcpy(hash, made);
	error = errno;
	wipe(work, sizeof *work);
	free(work);
	errno = error;
	return good;
}

enum hash_outcome
hash_compare(const char *hash, const char *password)
{
	struct scram_hash scram;
	char made[HASH_SIZE];
	bool same;

	if (hash_is_scram(hash))
		return scram_hash_read(&scram, hash) == NULL ?
		    scram_hash_compare(&scram, password) :
		    HASH_DIFFERS;
	if (!run_crypt(made, password, hash))
		return errno == ERANGE ? HASH_DIFFERS : HASH_FAILED;
	same = strcmp(made, hash) == 0;
	wipe(made, sizeof made);
	return same ? HASH_MATCHES : HASH_DIFFERS;
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
