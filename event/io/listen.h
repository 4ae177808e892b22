/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LISTEN_H
#define MAILIN_EVENT_LISTEN_H

#include <stdbool.h>

#include "io/netaddr.h"

/* Returns true if no other server listens at address, otherwise false with
 * errno.  Without this check, another server of the same user could share the
 * port (SO_REUSEPORT) and take some of the clients unnoticed.  If the machine
 * has no IPv6, an address of both families becomes an IPv4 address. */
bool mailin_listen_is_free(struct netaddr *address);

/* Returns a socket that listens at address.  Other sockets may share its port.
 * If the port is 0, the kernel chooses one, and the function stores it in
 * *address.  Returns -1 with errno if listening is impossible. */
int mailin_listen_at(struct netaddr *address);

/* Read "fd:3", the number of a socket that is open already.  Returns false for
 * any other text. */
bool mailin_listen_parse(const char *text, int *fd);

/* Returns a copy of the descriptor of a listening socket (TCP over IPv4 or
 * IPv6), and sets *address.  Returns -1, with errno, for any other
 * descriptor. */
int mailin_listen_copy(int fd, struct netaddr *address);

#endif
