/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "access/address.h"
#include "access/senders.h"

/* Remove the first name from the list, and return it.  The list is NULL after
 * its last name. */
static struct mailin_span
next_name(const char **list)
{
	const char *name = *list;
	size_t len = strcspn(name, ",");

	*list = name[len] == ',' ? name + len + 1 : NULL;
	return address_trim(name, len);
}

static bool
is_empty(const char *list)
{
	return address_trim(list, strlen(list)).len == 0;
}

bool
senders_are_valid(const char *list)
{
	char key[ADDRESS_KEY_SIZE];

	if (is_empty(list))
		return true;
	while (list != NULL)
		if (!address_name_key(key, next_name(&list), false))
			return false;
	return true;
}

bool
senders_have(const char *list, const struct mailin_path *path,
    struct mailin_span domain, bool ignore_case)
{
	char address[ADDRESS_KEY_SIZE], whole[ADDRESS_KEY_SIZE];
	char key[ADDRESS_KEY_SIZE];

	address_key(address, path, domain, ignore_case);
	address_domain_key(whole, domain);
	while (list != NULL)
		if (address_name_key(key, next_name(&list), ignore_case) &&
		    (strcmp(key, address) == 0 || strcmp(key, whole) == 0))
			return true;
	return false;
}
