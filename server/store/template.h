/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TEMPLATE_H
#define MAILIN_SERVER_TEMPLATE_H

#include <stdbool.h>

#include <mailin/span.h>

/*
 * A template is a path such as /srv/mail/%d/%u, in which %u is replaced by the
 * local part of a recipient, %d by the domain, and %% by a percent sign.
 *
 * The local part and the domain each become (a part of) one file name.
 * Letters, digits, octets above 127 and "=_+-." are written as they are, but
 * not "-" and "." at the beginning.  Each other octet is written as %XX.  So a
 * name is never empty or hidden, has no "/", and two different texts have
 * different names.
 */

/* Returns true if the path has a percent sign. */
bool template_is(const char *path);

/* Returns what is wrong with a template, as a text for a message, or NULL. */
const char *template_fault(const char *path);

/* Returns the directory that all paths of the template have in common, in new
 * memory: the part before the first percent sign, up to the last "/".  Returns
 * NULL if there is no memory. */
char *template_root(const char *path);

/*
 * Returns the path of a recipient, from the root on, in new memory.  Returns
 * NULL with errno: ENOMEM, ENOENT if the local part or domain is empty, or
 * ENAMETOOLONG.
 */
char *template_fill(const char *path, struct mailin_span local,
    struct mailin_span domain);

#endif
