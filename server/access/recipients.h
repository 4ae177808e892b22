/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECIPIENTS_H
#define MAILIN_SERVER_RECIPIENTS_H

#include <mailin/address.h>

/*
 * The recipients for whom mail is accepted.  A file names them, with an address
 * or a whole domain in each line (access/address.h).  Empty lines, and lines
 * that begin with "#", are ignored.  A lookup takes logarithmic time.  Several
 * threads at the same time may call any of these functions except
 * recipients_load and recipients_free.
 */
struct recipients;

/* Read the file at path.  Returns NULL, with the reason and the number of the
 * line on stderr, if a line is wrong, or if no line names a recipient.  Takes
 * about half a second for a million lines.  With ignore_tags, user+tag is
 * looked up as user. */
struct recipients *recipients_load(const char *path, bool ignore_case,
    bool ignore_tags);
void recipients_free(struct recipients *recipients);

/* Returns true if the file names the address or all of its domain. */
bool recipients_have(const struct recipients *recipients,
    const struct mailin_path *path, struct mailin_span domain);

/* Returns true if the file names the domain, or an address in it. */
bool recipients_know_domain(const struct recipients *recipients,
    struct mailin_span domain);

#endif
