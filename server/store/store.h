/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_STORE_H
#define MAILIN_SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/handler.h>

#include "log/record.h"

struct back_ends;

/* The settings that a store is opened with.  The texts live as long as the
 * store. */
struct store_options {
	const char *place;    /* the path of the store */
	const char *hostname; /* the server's name */
	bool crlf; /* keep CR LF at the end of a line, instead of LF */
	struct back_ends *back_ends; /* the back ends of relay_store */
};

/* An open store, which all sessions share.  The struct of each kind of store
 * begins with this one. */
struct store {
	const struct store_kind *kind;
};

/* The facts about a session that its store needs. */
struct store_client {
	struct store *store;
	struct mailin_session *session;
	bool ignore_case; /* the case of local parts does not matter */
	bool has_list;    /* each recipient is in the list of --recipients */
	void *own;        /* memory of the store for this session, or NULL */
};

/* A message on its way into a store.  The struct of each kind of store begins
 * with this one. */
struct store_message {
	const struct store_kind *kind;
};

/* In place of the index of a recipient, this means the whole message. */
#define STORE_WHOLE ((size_t)-1)

/*
 * A kind of store.  server/receive calls these functions and no others of a
 * store.  It makes all decisions that do not depend on the store, and it writes
 * the log and the counters.
 *
 * The functions from "connect" to "reset", "begin", "octets" and "end" are
 * called in the thread of the session, inside the callbacks of the same purpose
 * (mailin/handler.h).  They return what those callbacks may return.  After
 * PENDING the store itself must call mailin_session_resume.
 *
 * A message ends in one of two ways.  A store whose functions may block has the
 * function "commit", which a thread of a pool calls; the session may end
 * meanwhile.  The function "result" then returns the verdicts.  A store whose
 * functions never block has the function "end".
 *
 * Every store has "open" and "close".  A store that keeps messages also has
 * "begin" and the functions after it, but only one of "end" and "commit".  Each
 * other function may be NULL.
 */
struct store_kind {
	/* Open the store, before there are threads, and before the process
	 * enters the sandbox.  Returns NULL, with the reason on stderr, if no
	 * mail can be stored. */
	struct store *(*open)(const struct store_options *options);
	void (*close)(struct store *store);

	/* End all connections of the store, because the event_bases will be
	 * freed.  Called when no client is served any more. */
	void (*hang_up)(struct store *store);

	/* Called when a client has connected, and when it has sent EHLO or
	 * LHLO. */
	enum mailin_reply (*connect)(struct store_client *client);
	enum mailin_reply (*hello)(struct store_client *client);

	/* Decide on MAIL and RCPT after server/receive has accepted them. */
	enum mailin_reply (
	    *mail)(struct store_client *client, const struct mailin_mail *mail);
	enum mailin_reply (
	    *rcpt)(struct store_client *client, const struct mailin_rcpt *rcpt);

	/* Called when the transaction has ended, even if it had no message. */
	void (*reset)(struct store_client *client);

	/* Called when the session has ended. */
	void (*leave)(struct store_client *client);

	/* Begin a message with this id (store/id.h) for the current
	 * transaction.  If it returns OK or PENDING, the message was made.  If
	 * the function "begin" is NULL, the store throws all messages away. */
	enum mailin_reply (*begin)(struct store_client *client, const char *id,
	    struct store_message **message);

	/* Add octets of the body.  The store keeps the first error.  A later
	 * step that must fail because of this error returns it. */
	enum mailin_reply (
	    *octets)(struct store_message *message, struct mailin_span octets);

	/* Called when the message is complete; in LMTP for each recipient. */
	enum mailin_reply (*end)(struct store_message *message,
	    const struct mailin_rcpt *rcpt);

	/* Store the message, which is complete.  May take long. */
	void (*commit)(struct store_message *message);

	/* Returns 0 if the message was stored for the recipient with this
	 * index, or, if the index is STORE_WHOLE, for all recipients.
	 * Otherwise returns an errno.  Called after "commit". */
	int (*result)(const struct store_message *message, size_t rcpt);

	/* Add fields to the line of the log about the message, such as the name
	 * of its file.  Called after "commit"; if the store has the function
	 * "end", at any time. */
	void (*describe)(const struct store_message *message,
	    struct record *record);

	/* Free the message, and remove all traces of it that "commit" has not
	 * made final. */
	void (*free)(struct store_message *message);
};

extern const struct store_kind maildir_store;
extern const struct store_kind maildirs_store; /* a Maildir for each
						  recipient */
extern const struct store_kind discard_store;

/* Returns the reply that tells the client about an errno, and OK for 0. */
enum mailin_reply store_reply(int error);

/* Like store_reply, but if error is not 0, also logs that a message cannot be
 * stored. */
enum mailin_reply store_report(int error);

#endif
