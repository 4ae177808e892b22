/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LISTENER_H
#define MAILIN_EVENT_LISTENER_H

#include "client/clients.h"

/* A loop's socket of a listener. */
struct gate {
	struct letter letter; /* first, so that it has the gate's address */
	struct letter last;   /* it is to be closed */
	struct gate *next, **link; /* of the same loop */
	struct mailin_listener *listener;
	struct hall *hall;
	int fd; /* -1: it is closed */
	struct event readable;
	struct event resume; /* fires at the end of a pause */
};

/* Where the clients of a loop come in. */
struct hall {
	struct clients clients;
	struct gate *gates;
	bool closed;
};

struct mailin_listener {
	/* In the list of the server, which common->lock guards. */
	struct mailin_listener *next, **link;
	struct common *common;
	uint64_t number;        /* no other listener has it */
	struct policy *policy;  /* guarded by common->lock; NULL: closed */
	atomic_uint open;       /* gates */
	struct netaddr address; /* the clients' local one, unless any */
	bool any;
	unsigned count;     /* of gates */
	atomic_uint closed; /* of them, as mailin_listener_close demands */
	char text[NETADDR_TEXT_SIZE];
	struct gate gates[]; /* one for each loop */
};

/*
 * Listen at the address, which is a text for netaddr_parse, with a socket for
 * each of the halls; the kernel spreads the clients over them (SO_REUSEPORT).
 * If the port is 0, it is replaced by the free port that the kernel chose.
 * Returns NULL, with the fault, if listening is impossible; otherwise the
 * policy belongs to the listener.
 */
struct mailin_listener *mailin_listener_new(struct common *common,
    const char *address, struct policy *policy, unsigned loops,
    struct mailin_fault *fault);

/* Put the listener into the list of its server. */
void mailin_listener_enlist(struct mailin_listener *listener,
    struct mailin_listener **list);

/* Send each gate to its loop, which will accept clients. */
void mailin_listener_open(struct mailin_listener *listener,
    struct hall *(*hall_at)(void *user, unsigned loop), void *user,
    unsigned loops);

/* Call in the thread of the hall's loop: accept no more clients. */
void mailin_hall_close(struct hall *hall);

#endif
