/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/scram.h"
#include "access/scram_users.h"
#include "log/log.h"
#include "settings/help.h"
#include "settings/mechanisms.h"

/* The mechanisms that the server adds to those of the library. */
#define OWN_COUNT SCRAM_MECHANISMS

static size_t
find_own(const char *name)
{
	size_t i = 0;

	while (i < OWN_COUNT && strcasecmp(name, scram_mechanisms[i]) != 0)
		i++;
	return i;
}

/* Remove the server's own mechanisms from the list, and set the member of
 * wanted for each mechanism that was removed. */
static void
take_own(char *list, bool wanted[OWN_COUNT])
{
	char *name, *rest, *end = list;
	size_t i;

	for (name = strtok_r(list, ",", &rest); name != NULL;
	     name = strtok_r(NULL, ",", &rest)) {
		i = find_own(name);
		if (i < OWN_COUNT) {
			wanted[i] = true;
			continue;
		}
		if (end > list)
			*end++ = ',';
		memmove(end, name, strlen(name) + 1);
		end += strlen(end);
	}
	*end = '\0';
}

/* Apply --mechanisms.  Returns false, with the reason on stderr, if a name is
 * wrong. */
static bool
apply(struct policy *policy, const struct given *given, bool wanted[OWN_COUNT])
{
	char *list = strdup(given->value);
	bool good;

	if (list == NULL) {
		log_error("no memory");
		return false;
	}
	memset(wanted, 0, OWN_COUNT * sizeof *wanted);
	take_own(list, wanted);
	good = mailin_config_set(policy->config, "mechanisms", list) ==
	    MAILIN_OK;
	free(list);
	return good || help_wrong(given);
}

static bool
add_own(struct mailin_config *config, const bool wanted[OWN_COUNT])
{
	size_t i;

	for (i = OWN_COUNT; i-- > 0;)
		if (wanted[i] &&
		    mailin_config_add_mechanism(config, scram_mechanisms[i]) !=
			MAILIN_OK) {
			log_error("no memory");
			return false;
		}
	return true;
}

bool
mechanisms_set(struct policy *policy)
{
	const struct givens *givens = &policy->givens;
	bool wanted[OWN_COUNT] = { false };
	bool named = false;
	size_t i;

	for (i = 0; i < givens->count; i++) {
		const struct given *given = &givens->items[i];

		if (strcmp(given->name, "mechanisms") != 0)
			continue;
		if (!apply(policy, given, wanted))
			return false;
		policy->scram_named = wanted[SCRAM_SHA_256] ||
		    wanted[SCRAM_SHA_256_PLUS];
		named = true;
	}
	if (!named && scram_is_built && policy->passwd != NULL)
		wanted[SCRAM_SHA_256] = wanted[SCRAM_SHA_256_PLUS] =
		    scram_users(policy->passwd) == SCRAM_USERS_ALL;
	policy->scram_plus = wanted[SCRAM_SHA_256_PLUS];
	return add_own(policy->config, wanted);
}

const char *
mechanisms_fault(const struct policy *policy)
{
	if (!policy->scram_named)
		return NULL;
	if (!scram_is_built)
		return "this build has no SCRAM, since it has no libgsasl";
	if (policy->passwd == NULL)
		return "--mechanisms needs --passwd";
	return scram_users(policy->passwd) == SCRAM_USERS_NONE ?
	    "--mechanisms: SCRAM needs a user with a hash of --hash-scram" :
	    NULL;
}
