/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LISTEN_H
#define MAILIN_EVENT_LISTEN_H

#include <stdbool.h>

#include "io/netaddr.h"

/* Returns true if no other server listens at address, or else false with errno.
 * An address of both families becomes one of IPv4 if the machine has no IPv6.
 * A server of the same user may share the port with SO_REUSEPORT, and would
 * then take some of the clients unnoticed. */
bool mailin_listen_is_free(struct netaddr *address);

/* Returns a socket that listens at address, and may share its port with others.
 * A port that is 0 is replaced by the one that the kernel chose.  Returns -1
 * with errno if that is impossible. */
int mailin_listen_at(struct netaddr *address);

/* Read "fd:3", the number of a socket that is open already.  Returns false for
 * any other text. */
bool mailin_listen_parse(const char *text, int *fd);

/* Returns a copy of a socket that listens for streams of IP, and sets *address.
 * Returns -1, with errno, for any other descriptor. */
int mailin_listen_copy(int fd, struct netaddr *address);

#endif
