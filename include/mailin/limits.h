/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_LIMITS_H
#define MAILIN_LIMITS_H

#include <stddef.h>

struct mailin_network;

/* Limits of all listeners together.  0 is the default of each.  New ones hold
 * for the clients that come after the call. */
struct mailin_server_limits {
	size_t size; /* sizeof (struct mailin_server_limits) */
	/* Clients at the same time, 1000 by default; others get 421. */
	unsigned connections;
	/* Clients at the same time that have one IPv4 address, or are in one
	 * IPv6 network of 64 bits; others get 421.  Peers that the service
	 * trusts are not counted: the clients that they name by PROXY or
	 * XCLIENT are.  By default a tenth of connections, but at
	 * least 10.  Here and below, UINT_MAX is no limit. */
	unsigned connections_of_address;
	/* How long sessions may go on after mailin_server_stop, in seconds, 30
	 * by default.  UINT_MAX is no time at all. */
	unsigned grace;
	/*
	 * How often such an address may do each thing in a window of so many
	 * seconds (600 by default), over all its sessions; then its clients get
	 * 421: connect (3000), begin a message (10000), name recipients that
	 * are refused with 5xx (300), fail to log in (30).  A window begins
	 * with the first thing that the address does.  The counts of 8192
	 * addresses are kept.  If there are more, some addresses are counted
	 * together with their neighbours, who may do ten times as much: the
	 * IPv4 addresses with the same 16 bits at the beginning, the IPv6
	 * addresses with the same 32.
	 */
	unsigned window;
	unsigned connections_in_window;
	unsigned messages_in_window;
	unsigned refused_rcpts_in_window;
	unsigned auth_failures_in_window;
	/* Clients in these networks are not counted, and have no limit for
	 * their address.  The library copies them. */
	const struct mailin_network *exempt;
	size_t exempt_count;
};

#endif
