/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LISTENER_H
#define MAILIN_EVENT_LISTENER_H

#include "client/clients.h"

/* A gate is the listening socket of a listener in one loop.  A listener has a
 * gate in each loop. */
struct gate {
	/* The letter (message to the loop) that opens the gate.  It must be the
	 * first member: a pointer to it becomes a pointer to the gate. */
	struct letter letter;
	struct letter last;        /* the letter that closes the gate */
	struct gate *next, **link; /* in the list of its loop's gates */
	struct mailin_listener *listener;
	struct hall *hall;
	int fd; /* -1: the socket is closed */
	struct event readable;
	struct event resume; /* fires at the end of a pause */
};

/* A hall holds the gates (listening sockets) of one loop, and the clients that
 * this loop serves. */
struct hall {
	struct clients clients;
	struct gate *gates;
	bool closed;
};

struct mailin_listener {
	/* The neighbours of the listener in the server's list, which
	 * common->lock guards. */
	struct mailin_listener *next, **link;
	struct common *common;
	uint64_t number;        /* unique among all listeners */
	struct policy *policy;  /* guarded by common->lock; NULL: closed */
	atomic_uint open;       /* how many gates are open */
	struct netaddr address; /* where it listens; not used if "any" is
				   true */
	bool any;               /* it listens at all addresses of the machine */
	unsigned count;         /* how many gates there are */
	atomic_uint closed; /* gates that mailin_listener_close has closed */
	char text[NETADDR_TEXT_SIZE];
	struct gate gates[]; /* one for each loop */
};

/*
 * Listen at the address, a text for mailin_netaddr_parse.  Each loop gets a
 * listening socket (gate) of its own, and the kernel spreads the clients over
 * these sockets (SO_REUSEPORT).  If the port is 0, the kernel chooses one.
 * Returns NULL, with the fault, if listening is impossible.  Otherwise the
 * listener takes ownership of the policy.
 */
struct mailin_listener *mailin_listener_new(struct common *common,
    const char *address, struct policy *policy, unsigned loops,
    struct mailin_fault *fault);

/* Put the listener into the list of its server. */
void mailin_listener_enlist(struct mailin_listener *listener,
    struct mailin_listener **list);

/* Let each loop accept clients at its gate (listening socket). */
void mailin_listener_open(struct mailin_listener *listener,
    struct hall *(*hall_at)(void *user, unsigned loop), void *user,
    unsigned loops);

/* Accept no more clients.  Call in the thread of the loop. */
void mailin_hall_close(struct hall *hall);

#endif
