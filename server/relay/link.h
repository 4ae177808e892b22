/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LINK_H
#define MAILIN_SERVER_LINK_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/event_struct.h>

#include <mailin/client.h>

#include "relay/back_ends.h"

struct link;
struct link_owner;

/* These limit the octets of a message that wait to be sent to a slow back end.
 * The client must wait if there are LINK_FULL octets, or if the socket is full
 * and there are more than LINK_EMPTY octets.  The client goes on when at most
 * LINK_EMPTY octets are left. */
#define LINK_FULL  65536
#define LINK_EMPTY 16384

/* The links of a thread (connections to back ends), and the functions that a
 * link calls. */
struct link_set {
	struct event_base *base;
	struct link *busy, *idle; /* two lists */
	unsigned clearing;        /* links whose phase is LINK_CLEARING */
	/* Links without an owner, and their maximum: the descriptors of these
	 * links are reserved (links_spare_for). */
	unsigned spare, spare_most;
	/* A link could not be opened.  It is freed after the call; owner may
	 * be NULL. */
	void (*failed)(const struct link *link, struct link_owner *owner,
	    const char *reason);
	/* The connection of a link that has an owner broke. */
	void (*broke)(const struct link *link, const char *reason);
	/* The back end has replied to EHLO. */
	void (*opened)(const struct link *link);
	/* Called at the steps that make a link ready for use (opening.h). */
	void (*connected)(struct link *link);
	void (*replied)(struct link *link,
	    const struct mailin_client_reply *reply);
	void (*has_read)(struct link *link);
	/* Returns true if the link may be kept idle. */
	bool (*may_stay)(const struct link *link);
};

enum link_tls {
	LINK_TLS_NONE,
	LINK_TLS_ACCEPTED, /* the reply to STARTTLS was 220 */
	LINK_TLS_HANDSHAKE,
	LINK_TLS_ON,
	LINK_TLS_FAILED /* the back end cannot or will not use TLS */
};

enum link_phase {
	LINK_OPENING, /* up to the reply to EHLO */
	LINK_OWNED,
	LINK_CLEARING, /* has no owner, and waits for a last reply */
	LINK_IDLE
};

/* A link is a connection to a back end.  It belongs to one thread. */
struct link {
	struct link_owner *owner; /* NULL: the link has no owner */
	struct link_set *set;
	struct link *next, **at;     /* in a list of the set */
	struct back_ends *back_ends; /* the link is one of their owners */
	size_t number;               /* the index of its back end */
	struct bufferevent *io;
	struct mailin_client *client;
	struct event timer;
	struct event push; /* used by output.c to send the output */
	enum link_phase phase;
	enum link_tls tls;
	struct proof *proof; /* of a login by SCRAM, or NULL */
	unsigned refusals;   /* refused commands since the last accepted
			      message */
	unsigned long transactions;
	bool is_reading;  /* on_input runs */
	bool is_late;     /* the back end took too long */
	bool is_refused;  /* the back end has refused the password, or does not
			    know it */
	bool holds_first; /* the first response of SCRAM waits for a
			     challenge */
	bool is_closed;   /* free it when on_input returns */
};

/* The owner of a link is the code that uses it.  The link calls these functions
 * in its thread.  It never calls "ready", "reply" or "drained" inside a
 * function that the owner has called. */
struct link_owner {
	/* The owner can use its link now.  But if the member "link" is NULL, no
	 * link could be opened. */
	void (*ready)(struct link_owner *owner);
	void (*reply)(struct link_owner *owner,
	    const struct mailin_client_reply *reply);
	/* Most of the output was sent: at most LINK_EMPTY octets still wait. */
	void (*drained)(struct link_owner *owner);
	/* The connection has ended, or, if is_late is true, the back end took
	 * too long.  The member "link" is NULL.  Also called inside link_flush
	 * and link_send. */
	void (*gone)(struct link_owner *owner, bool is_late);
	struct link *link;
	size_t untried; /* back ends that links_take may still try */
};

/* Open a link to the back end with this index.  The link belongs to the owner
 * at once, but can be used only when ready() is called.  Returns NULL, with
 * errno, if that is impossible. */
struct link *link_open(struct link_set *set, struct back_ends *back_ends,
    size_t number, struct link_owner *owner);

/* Give an idle link to an owner. */
void link_give(struct link *link, struct link_owner *owner);

/* ---- For opening.c ---- */

/* Close a link that cannot be used any more, and report this to its owner. */
void link_fail(struct link *link, const char *reason);

/* The link can be used now: report this to its owner. */
void link_opened(struct link *link);

/* Let the link handle these events (EV_READ, EV_WRITE) of its bufferevent.
 * Returns false if that is impossible. */
bool link_watch(struct link *link, short what);

/* Returns true if the back end offers the extension.  REQUIRETLS counts only
 * inside TLS (RFC 8689 4.2.1), which has verified the certificate. */
bool link_offers(const struct link *link, enum mailin_extension extension);

/* Returns true if the back end offers XCLIENT with ADDR and LOGIN.  The link
 * can then send each transaction for another client, with or without the name
 * of a user. */
bool link_takes_clients(const struct link *link);

/* ---- For owners ---- */

/* Send the commands that link->client has queued, and wait for their
 * replies. */
void link_flush(struct link *link);

/* Send octets of the message.  Returns false if the owner must send no more
 * until drained() is called. */
bool link_send(struct link *link, struct mailin_span octets);

/* Close the link.  If it has an owner, the owner's member "link" becomes NULL,
 * and gone() is not called. */
void link_close(struct link *link);

/* The owner does not need the link any more.  The link becomes idle, after RSET
 * if there is a transaction.  If a message is incomplete, or if the set has
 * enough links without an owner, the link is closed. */
void link_leave(struct link *link);

/* ---- socket.c ---- */

/* Make link->client and the socket.  Returns false if there is no memory; the
 * caller must then free the link with what was made. */
bool link_equip(struct link *link);

/* Call just before the link is closed.  Writes QUIT if the link could begin a
 * transaction.  Octets that the socket does not take at once are not sent, and
 * no reply is awaited. */
void link_take_leave(struct link *link);

/* Begin to connect.  Returns false if that is impossible. */
bool link_connect(struct link *link);

/* Returns the events that a new link waits for.  If the connection begins with
 * TLS, no input is read before the handshake, so no octet is read in clear. */
short link_wants(const struct link *link);

#endif
