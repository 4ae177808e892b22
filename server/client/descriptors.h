/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DESCRIPTORS_H
#define MAILIN_SERVER_DESCRIPTORS_H

#include "receive/service.h"

/*
 * Each client needs a descriptor for its socket, and another one for a file
 * while its message is long, or is being stored.  A client that is served can
 * count on both.
 */

/* Raise the limit of this process (ulimit -n) to what the options need, or as
 * near to that as the system allows. */
void descriptors_raise(const struct options *options);

/* All that the server needs for itself is open: take no more clients than there
 * are descriptors for, and say so on stderr.  False, with the reason there, if
 * there are none. */
bool descriptors_share(struct service *service);

#endif
