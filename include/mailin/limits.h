/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_LIMITS_H
#define MAILIN_LIMITS_H

#include <stddef.h>

struct mailin_network;

/* The maximum number of refused clients that stay connected for a moment, to
 * read their last reply, if the limit "connections" of mailin_server_limits has
 * this value: one for each 16, but 2 at least and 64 at most.  A program that
 * counts its descriptors needs one for each of them. */
#define MAILIN_REFUSED_MOST(connections) \
	((connections) < 32          ? 2u : \
		(connections) > 1024 ? 64u : \
				       (connections) / 16)

/* Limits of a server, for all its listeners together.  A limit of 0 means its
 * default.  New limits hold for clients that come after the call. */
struct mailin_server_limits {
	size_t size; /* sizeof (struct mailin_server_limits) */
	/* How many clients may be connected at the same time, 1000 by default.
	 * Further clients get 421.  Some of them stay connected for a moment,
	 * to read it (MAILIN_REFUSED_MOST). */
	unsigned connections;
	/* How many clients of one address may be connected at the same time.
	 * Here "address" means an IPv4 address, or an IPv6 network of 64 bits.
	 * Further clients get 421.  A trusted peer is not counted, not
	 * even if XCLIENT names it.  Other clients that a trusted peer names by
	 * PROXY or XCLIENT are counted, even those in proxy_from.  By default
	 * this is a tenth of the member "connections", but at least 10.  Here
	 * and below, UINT_MAX means no limit. */
	unsigned connections_of_address;
	/* How many seconds sessions may go on after mailin_server_stop, 30 by
	 * default.  UINT_MAX means no time at all. */
	unsigned grace;
	/*
	 * How often an address may do each of the following, over all its
	 * sessions, in a window of this many seconds (600 by default): connect
	 * (3000 times), begin a message (10000), name a recipient that is
	 * refused with 5xx (300), fail to log in (30).  When one of these
	 * counts is used up, clients of the address get 421.  A window begins
	 * when the address first does one of these.
	 *
	 * The counts of 8192 addresses are kept.  If there are more, an address
	 * may be counted together with its neighbours, and all of them together
	 * may do ten times as much.  The neighbours of an IPv4 address begin
	 * with the same 16 bits, those of an IPv6 address with the same 32.
	 */
	unsigned window;
	unsigned connections_in_window;
	unsigned messages_in_window;
	unsigned refused_rcpts_in_window;
	unsigned auth_failures_in_window;
	/* Clients in these networks have no limit for their address.  The
	 * library copies the networks. */
	const struct mailin_network *exempt;
	size_t exempt_count;
};

#endif
