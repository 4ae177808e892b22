/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LISTENER_H
#define MAILIN_EVENT_LISTENER_H

#include "client/clients.h"

/* A gate is the listening socket of a listener in one loop.  A listener has a
 * gate in each loop. */
struct gate {
	/* The letter that opens the gate.  It must be the first member, because
	 * the address of the letter is taken for that of the gate. */
	struct letter letter;
	struct letter last;        /* is sent to the loop to close the gate */
	struct gate *next, **link; /* in the list of its hall */
	struct mailin_listener *listener;
	struct hall *hall;
	int fd; /* -1: the socket is closed */
	struct event readable;
	struct event resume; /* fires at the end of a pause */
};

/* A hall has the gates of one loop, and the clients that this loop serves. */
struct hall {
	struct clients clients;
	struct gate *gates;
	bool closed;
};

struct mailin_listener {
	/* The place of the listener in the server's list, which common->lock
	 * guards. */
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
 * Listen at the address, a text for mailin_netaddr_parse.  Each hall gets a
 * gate; the kernel spreads the clients over the gates (SO_REUSEPORT).  If the
 * port is 0, the kernel chooses one.  Returns NULL, with the fault, if
 * listening is impossible.  Otherwise the policy belongs to the listener.
 */
struct mailin_listener *mailin_listener_new(struct common *common,
    const char *address, struct policy *policy, unsigned loops,
    struct mailin_fault *fault);

/* Put the listener into the list of its server. */
void mailin_listener_enlist(struct mailin_listener *listener,
    struct mailin_listener **list);

/* Send each gate to its loop, which then accepts clients. */
void mailin_listener_open(struct mailin_listener *listener,
    struct hall *(*hall_at)(void *user, unsigned loop), void *user,
    unsigned loops);

/* Accept no more clients.  Call in the thread of the loop. */
void mailin_hall_close(struct hall *hall);

#endif
