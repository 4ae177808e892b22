/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DESCRIPTORS_H
#define MAILIN_SERVER_DESCRIPTORS_H

#include "settings/options.h"

/*
 * Each client needs a descriptor for its socket, and a second one for a file
 * while its message is long or is being stored, or for a connection to a back
 * end.  A few more connections to back ends have no client.  If each recipient
 * has a Maildir, each worker that stores a message needs descriptors for a
 * Maildir, too.  The server accepts only as many clients as it has descriptors
 * for, so that no accepted client fails because a descriptor is missing.
 */

/* Raise the limit of descriptors (ulimit -n) to the number that the options
 * need, or as near to it as the system allows. */
void descriptors_raise(const struct options *options);

/* Call when the server has opened all descriptors that it needs for itself.
 * Lowers *clients to the number of clients for whom the free descriptors are
 * enough, and then says so on stderr.  Returns false, with the reason on
 * stderr, if there are not enough for one client. */
bool descriptors_share(const struct options *options, unsigned *clients);

#endif
