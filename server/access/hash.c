/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <crypt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/hash.h"
#include "octet/wipe.h"

#define B64 "[./0-9A-Za-z]"

/* The forms of hashes in crypt(5).  Two are left out: DES, since any word of
 * thirteen letters looks like such a hash, and NT, which has no salt.  A hash
 * that begins with "!" or "*" locks the account, as in shadow(5). */
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

/* The names of schemes that Dovecot writes before a hash, in upper or lower
 * case, and how each such hash begins. */
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

/* Returns the hash without the name of its scheme.  If the name is unknown or
 * does not fit the hash, it stays, and the result is no valid hash. */
static char *
skip_scheme(char *hash)
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

const char *
hash_read(const regex_t *forms, char *text)
{
	char *hash = skip_scheme(text);

	return regexec(forms, hash, 0, NULL, 0) == 0 ? hash : NULL;
}

bool
hash_is_locked(const char *hash)
{
	return hash[0] == '!' || hash[0] == '*';
}

/* If crypt_r does not know the hash, it returns NULL or a text that begins with
 * "*". */
bool
hash_matches(const char *hash, const char *password)
{
	struct crypt_data *work = calloc(1, sizeof *work);
	const char *made;
	bool same;

	if (work == NULL)
		return false;
	made = crypt_r(password, hash, work);
	same = made != NULL && made[0] != '*' && strcmp(made, hash) == 0;
	wipe(work, sizeof *work);
	free(work);
	return same;
}
