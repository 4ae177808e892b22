/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ADDRESS_H
#define MAILIN_SERVER_ADDRESS_H

#include <mailin/address.h>

/*
 * A list may name an address (user@example.org) or a whole domain
 * (@example.org).  Each name in a list has a key, which is a text: two names
 * mean the same if and only if their keys are equal.
 *
 * The key begins with the domain.  In the key of an address, "@" and the local
 * part follow, without quotes and backslashes.  So the keys of one domain are
 * neighbours in a sorted list, and no local part can look like a domain.  In a
 * domain the case of A-Z and a-z does not matter.  In a local part the case
 * matters (RFC 5321 2.4), unless ignore_case is true.
 */

/* Room for the key of any path that the library accepts, and its NUL. */
#define ADDRESS_KEY_SIZE 1024

/* The text of an error message about a wrong name in a list. */
#define ADDRESS_NAME_FAULT \
	"neither an address such as user@example.org nor a " \
	"domain such as @example.org"

/* Returns the text without blanks and CR at both ends. */
struct mailin_span address_trim(const char *text, size_t len);

/* Write the key of a local part at a domain. */
void address_key(char key[ADDRESS_KEY_SIZE], const struct mailin_path *path,
    struct mailin_span domain, bool ignore_case);

/* Write the key of a whole domain. */
void address_domain_key(char key[ADDRESS_KEY_SIZE], struct mailin_span domain);

/* Write the key of a name in a list.  The key is never longer than the name.
 * Returns false if the name is neither an address nor "@" and a domain. */
bool address_name_key(char key[ADDRESS_KEY_SIZE], struct mailin_span name,
    bool ignore_case);

/* Returns the length of a local part without its tag, for example 4 for
 * user+tag.  The local part must have no quotes.  A "+" at the beginning begins
 * no tag. */
size_t address_untag(const char *local, size_t len);

/* Returns true if the local part is "postmaster", in any case (RFC 5321
 * 4.5.1). */
bool address_is_postmaster(const struct mailin_path *path);

#endif
