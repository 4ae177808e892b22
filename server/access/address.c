/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "access/address.h"
#include "octet/ascii.h"

static bool
is_blank(char c)
{
	return ascii_is_blank(c) || c == '\r';
}

struct mailin_span
address_trim(const char *text, size_t len)
{
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	while (len > 0 && is_blank(*text)) {
		text++;
		len--;
	}
	return (struct mailin_span){ text, len };
}

static void
fold(char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = ascii_upper(text[i]);
}

void
address_domain_key(char key[ADDRESS_KEY_SIZE], struct mailin_span domain)
{
	size_t len = domain.len < ADDRESS_KEY_SIZE ? domain.len :
						     ADDRESS_KEY_SIZE - 1;

	if (len > 0)
		memcpy(key, domain.ptr, len);
	fold(key, len);
	key[len] = '\0';
}

void
address_key(char key[ADDRESS_KEY_SIZE], const struct mailin_path *path,
    struct mailin_span domain, bool ignore_case)
{
	size_t at, len = 0;

	address_domain_key(key, domain);
	at = strlen(key);
	if (at + 1 + path->local.len >= ADDRESS_KEY_SIZE)
		return;
	key[at++] = '@';
	if (path->local.len > 0)
		len = mailin_local_part_unquote(path, key + at);
	if (ignore_case)
		fold(key + at, len);
	key[at + len] = '\0';
}

/* Parse the name of a domain as the address "x@domain", so that it is checked
 * like the domain of any address. */
static bool
domain_name_key(char key[ADDRESS_KEY_SIZE], struct mailin_span name)
{
	char mailbox[ADDRESS_KEY_SIZE] = "x";
	struct mailin_path path;

	if (name.len + 1 >= sizeof mailbox)
		return false;
	memcpy(mailbox + 1, name.ptr, name.len);
	if (mailin_mailbox_parse(&path, MAILIN_SYNTAX_RELAXED,
		(struct mailin_span){ mailbox, name.len + 1 },
		NULL) != MAILIN_OK)
		return false;
	address_domain_key(key, path.domain);
	return true;
}

bool
address_name_key(char key[ADDRESS_KEY_SIZE], struct mailin_span name,
    bool ignore_case)
{
	struct mailin_path path;

	if (name.len > 0 && name.ptr[0] == '@')
		return domain_name_key(key, name);
	if (mailin_mailbox_parse(&path, MAILIN_SYNTAX_RELAXED, name, NULL) !=
	    MAILIN_OK)
		return false;
	address_key(key, &path, path.domain, ignore_case);
	return true;
}

size_t
address_untag(const char *local, size_t len)
{
	const char *tag = len > 0 ? memchr(local + 1, '+', len - 1) : NULL;

	return tag != NULL ? (size_t)(tag - local) : len;
}

bool
address_is_postmaster(const struct mailin_path *path)
{
	static const char name[] = "POSTMASTER";
	char local[ADDRESS_KEY_SIZE];
	size_t len;

	if (path->local.len == 0 || path->local.len > sizeof local)
		return false;
	len = mailin_local_part_unquote(path, local);
	fold(local, len);
	return len == sizeof name - 1 && memcmp(local, name, len) == 0;
}
