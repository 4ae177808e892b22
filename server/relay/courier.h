/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_COURIER_H
#define MAILIN_SERVER_COURIER_H

#include "relay/pending.h"
#include "relay/relay.h"
#include "store/trace.h"

/* Texts of replies if no back end can be used. */
#define RELAY_UNREACHABLE "The mail server behind this one cannot be reached"
#define RELAY_UNSAFE      "TLS with the mail server behind this one failed"

/* The errand of a courier: the step that it is doing at the moment. */
enum errand {
	ERRAND_NONE,
	ERRAND_OFFER,     /* finds out what the back ends offer */
	ERRAND_SENDER,    /* XFORWARD or XCLIENT, and MAIL */
	ERRAND_RECIPIENT, /* RCPT */
	ERRAND_DATA,
	ERRAND_BODY,
	ERRAND_END /* waits for the verdict on the message */
};

/* A courier passes on the mail of one session to back ends. */
struct courier {
	struct link_owner owner;      /* must be first: its address is also that
					 of the courier */
	struct store_message message; /* the current message of the session */
	struct store_client *client;
	struct pending pending;
	enum errand errand;
	bool is_second; /* the second attempt at MAIL */
	bool is_ended;  /* the end of the message was sent */
	/* A recipient was refused for now: the client must send to it later. */
	bool others_wait;
	/* The octets of the message that were handed on, and the most that the
	 * back end takes (RFC 1870); 0: no limit. */
	uint64_t octets, octets_most;
	char back_end[256];
	char text[256]; /* the text of the verdict on the message */
	char received[TRACE_SIZE];
	struct mailin_span trace; /* the part of received that was not sent */
};

/* Returns the courier of a session, which is made at the first call, or NULL if
 * there is no memory. */
struct courier *courier_of(struct store_client *client);

/* Begin a step (errand) that needs a link, a connection to a back end.  Call
 * this inside a callback.  Returns PENDING, or a refusal. */
enum mailin_reply courier_set_out(struct store_client *client,
    enum errand errand);

/* Wait for the reply to a command that was queued.  Call this inside a
 * callback, and return the result.  If it is OUT_OF_MEMORY, the link was closed
 * (courier_await_more). */
enum mailin_reply courier_await(struct courier *courier, enum errand errand);

/* Wait for another reply to the same command.  Returns false if there is no
 * memory.  Then the link is closed, and all pending decisions are made:
 * otherwise the reply for this decision would be taken for the reply for the
 * next one.  The octets that were queued since the callback began are not sent,
 * because output leaves only when the turn of the loop ends. */
bool courier_await_more(struct courier *courier);

/* Returns the reply for the client after the connection to the back end has
 * ended.  A client whose message is bigger than the back end takes is refused
 * for good, because the back end may have broken off for this reason.  Any
 * other client may try again.  Call this inside a callback. */
enum mailin_reply courier_broken(const struct courier *courier);

/* Call when the transaction is over.  Decisions that are still pending get a
 * reply to try again later, and the link is given back (link_leave).  If a
 * message is incomplete, its connection is closed, so that the back end accepts
 * no part of it. */
void courier_finish(struct courier *courier);

/* ---- sender.c ---- */

/* If the path has no domain, give it the domain of this server. */
void courier_qualify(const struct courier *courier, struct mailin_path *path);

/* Queue XFORWARD, which tells the back end about the client, if the back end
 * offers XFORWARD. */
void courier_send_xforward(const struct courier *courier);

/* Queue XCLIENT, so that the back end treats the commands that follow as
 * commands of the client.  Returns false if that is impossible. */
bool courier_send_xclient(const struct courier *courier);

/* Queue EHLO with the name that the client gave, after XCLIENT.  Returns false
 * if that is impossible. */
bool courier_send_hello(const struct courier *courier);

/* Queue for the back end the MAIL command on which the session waits for a
 * decision, and fill in its path.  Returns WAIT if the reply to XFORWARD must
 * come first. */
enum mailin_error courier_send_mail(const struct courier *courier,
    struct mailin_path *path);

/* ---- offer.c ---- */

/* Returns true if a back end cannot be used because TLS failed. */
bool courier_distrusts(const struct courier *courier);

/* Accept or refuse a client that has connected.  An accepted client is offered
 * no more than the back ends offer, as far as this thread knows. */
enum mailin_reply courier_greet(struct mailin_session *session, void *courier);

/* The function "hello" of struct store_kind. */
enum mailin_reply courier_hello(struct store_client *client);

#endif
