/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_H
#define MAILIN_EVENT_H

#include <mailin.h>
#include <mailin/certificate.h>
#include <mailin/limits.h>

/*
 * libmailin-event: a server to embed, for programs that receive mail and do not
 * want to write an event loop.  It is a library of its own (pkg-config
 * mailin-event), based on libevent, with TLS by OpenSSL.  A program gives it an
 * address, and a config and a handler as for a session (mailin/session.h):
 *
 *	struct mailin_server_options options = { .size = sizeof options };
 *	struct mailin_service service = {
 *		.size = sizeof service,
 *		.config = config,
 *		.handler = &handler,
 *	};
 *	struct mailin_fault fault;
 *
 *	server = mailin_server_new(&options, &fault);
 *	if (server == NULL ||
 *	    !mailin_server_listen(server, "127.0.0.1:2525", &service, &fault) ||
 *	    !mailin_server_run(server, &fault))
 *		fprintf(stderr, "%s\n", fault.text);
 *	mailin_server_free(server);
 *
 * mailin_server_run serves in the calling thread until mailin_server_stop.  If
 * the options ask for more threads, it serves in those, too.  A program that
 * has its own event_base names it in the options, and runs it as before.
 *
 * Most programs need only mailin_server_new, _listen, _run, _stop and _free.
 * Programs that decide in other threads also need the functions of a ticket.
 *
 * What it does.  It accepts clients up to a limit.  It does TLS with them
 * (STARTTLS, or from the first octet on).  It takes PROXY headers from proxies,
 * and offers XCLIENT to peers that the program trusts.  It keeps the timeouts
 * of the config.  It reads nothing from a client that does not read its
 * replies, or whose decision is pending.  It ends gracefully.  It prints
 * nothing, and handles no signals: struct mailin_event tells the program what
 * happens.  (libevent prints some warnings on standard error: see
 * event_set_log_callback.)
 *
 * Threads.  One thread serves a client from its beginning to its end, and calls
 * all callbacks that concern it.  So if there are several threads, the same
 * callback may run for two clients at the same time.  Use the session that a
 * callback gets only in this callback.  To reach it from another thread, take a
 * ticket (struct mailin_ticket).
 *
 * Who owns what.  Each session belongs to the library.  So a program never
 * calls mailin_session_free, _feed, _output, _sent, _eof, _set_peer,
 * _expect_proxy, _expect_tls or _tls_started.  In a callback of the handler,
 * mailin_session_abort, _shutdown and _timed_out return BUSY and do nothing, as
 * session.h says.  mailin_ticket_call says what its function may do.  The
 * library copies the options and the services, but not the config (struct
 * mailin_service).
 *
 * Errors.  A function that fails changes nothing.  It fills in a struct
 * mailin_fault, if the program gives it one.
 */

struct event_base;
struct mailin_tls_context;

/* A server: its listeners, its threads and its clients. */
struct mailin_server;

/* An address where a server accepts clients. */
struct mailin_listener;

/* A ticket: with it, another thread can make a decision of a session. */
struct mailin_ticket;

/* Why a function failed. */
struct mailin_fault {
	int error;      /* an errno, such as EADDRINUSE, ENOENT, ENOMEM, ...;
	                   EINVAL: an argument is wrong;
	                   ENOTSUP: this build has no TLS */
	char text[500]; /* a line for people, without a newline */
};

/* ---- Events ---- */

/* The kinds of events. */
enum mailin_event_kind {
	/* No descriptor or no memory is left, so a listener accepts no clients
	 * for a second.  Members: error. */
	MAILIN_EVENT_PAUSED,
	/* A client was sent away because a limit is reached, or because there
	 * is no memory.  Members: address, reason. */
	MAILIN_EVENT_REFUSED,
	/* The TLS handshake of a session succeeded (mailin_session_tls).
	 * Members: reason, which is NULL, or says why the client's certificate
	 * gives it no name (client_ca, mailin/certificate.h). */
	MAILIN_EVENT_TLS_STARTED,
	/* The TLS handshake of a session failed.  Members: address, reason. */
	MAILIN_EVENT_TLS_FAILED,
	/* A peer in proxy_from sent no PROXY header.  Its connection was closed
	 * without a reply.  Members: address. */
	MAILIN_EVENT_NO_PROXY,
	/* A connection ended.  Members: close_reason, octets_in, octets_out. */
	MAILIN_EVENT_CLOSED,
	/* An address has reached a limit (struct mailin_server_limits), and its
	 * client gets 421.  Members: address, reason. */
	MAILIN_EVENT_LIMITED,
	/* The server has ended.  Members: error, which is 0 after
	 * mailin_server_stop; otherwise it says why threads could not be
	 * started.  The program may free the server now, even in this callback.
	 * This event comes only if the program runs its event_base itself;
	 * otherwise mailin_server_run returns. */
	MAILIN_EVENT_STOPPED
};

/* An event, for the callback of struct mailin_server_options.  The comment of
 * each kind above lists the members that it fills in.  "session" is described
 * below.  All other members are 0. */
struct mailin_event {
	size_t size; /* sizeof (struct mailin_event) in the library */
	enum mailin_event_kind kind;
	/* The session of the event; all queries are allowed (mailin/query.h).
	 * NULL for PAUSED, REFUSED and STOPPED. */
	struct mailin_session *session;
	struct mailin_span address; /* of the client: "192.0.2.1" */
	const char *reason;
	int error; /* an errno */
	enum mailin_close_reason close_reason;
	uint64_t octets_in, octets_out; /* octets of SMTP, not encrypted */
};

/* ---- The server ---- */

/* The options of a server. */
struct mailin_server_options {
	size_t size; /* sizeof (struct mailin_server_options) */
	/* The program's own event_base, or NULL: the server then makes one.
	 * Only the thread that runs the event_base may use it.  Free it after
	 * the server. */
	struct event_base *base;
	/* How many threads serve clients; 0 means 1.  One of them is the thread
	 * that calls mailin_server_run, or that runs the base.  The others
	 * start in mailin_server_run, or when the base starts to run. */
	unsigned threads;
	/* Called in any of the threads, and in several at the same time.  May
	 * be NULL. */
	void (*event)(const struct mailin_event *event, void *user);
	void *user; /* the last argument of the callback */
};

/* Make a server, from a copy of the options.  It accepts nobody before
 * mailin_server_listen and mailin_server_run.  Returns NULL if memory or
 * descriptors are lacking. */
MAILIN_EXPORT struct mailin_server *mailin_server_new(
    const struct mailin_server_options *options, struct mailin_fault *fault);

/* Set the limits of a server.  Clients that are connected stay, even if there
 * are more than a new limit allows.  A client that came while there was no
 * limit for its address is never counted for this address.  Returns false if
 * there is no memory for exempt; then nothing changes.  May be called at any
 * time in any thread. */
MAILIN_EXPORT bool mailin_server_set_limits(struct mailin_server *server,
    const struct mailin_server_limits *limits);

/*
 * Serve in the calling thread, and in new threads if the options ask for more.
 * Returns after mailin_server_stop, when the last client is gone and the last
 * ticket was used.  Call it only once.  Returns false, at once, if threads
 * cannot be started.
 *
 * A program that gave an event_base may call this, too: it runs that base, with
 * the program's own events.  If the program then leaves the base
 * (event_base_loopexit, event_base_loopbreak), all connections are closed, as
 * after two calls of mailin_server_stop, and the function returns.
 */
MAILIN_EXPORT bool mailin_server_run(struct mailin_server *server,
    struct mailin_fault *fault);

/*
 * Stop the server.  The first call closes all listeners.  Each session ends as
 * soon as it can do so safely (mailin_session_shutdown), or when the time of
 * grace is over.  A second call closes all connections at once.  In both cases
 * the server ends only after every ticket was used, so that no message is
 * interrupted while it is stored.  May be called in any thread, in every
 * callback, and in a signal handler.
 */
MAILIN_EXPORT void mailin_server_stop(struct mailin_server *server);

/* Close all connections, and free the server.  Call it after mailin_server_run
 * has returned.  If the program runs its event_base itself, call it in the
 * thread of the base, and in no callback but that of MAILIN_EVENT_STOPPED.
 * Tickets that are still in use stay valid.  server may be NULL. */
MAILIN_EXPORT void mailin_server_free(struct mailin_server *server);

/* ---- Peers that the program trusts ---- */

/* A network: all IP addresses that begin with the same bits. */
struct mailin_network {
	int family; /* AF_INET, AF_INET6 */
	unsigned bits;
	unsigned char octets[16]; /* AF_INET uses the first 4 */
};

/* Read "192.0.2.0/24" or "2001:db8::/32".  A text without a slash is a network
 * of one address.  "::ffff:192.0.2.0/120" is the IPv4 network 192.0.2.0/24.
 * All bits after the prefix must be 0: 192.0.2.1/24 is wrong, since it might
 * mean the address or the network.  Returns false for a wrong text, and then
 * changes nothing. */
MAILIN_EXPORT bool mailin_network_parse(struct mailin_network *network,
    const char *text);

/* Peers that the program trusts. */
struct mailin_trust {
	size_t size; /* sizeof (struct mailin_trust) */
	/* Proxies.  Each must begin its connection with a PROXY header
	 * (mailin_session_expect_proxy). */
	const struct mailin_network *proxy_from;
	size_t proxy_from_count;
	/* Peers that may use XCLIENT and XFORWARD
	 * (mailin_session_set_extension).  A peer that is in proxy_from, too,
	 * may not: otherwise every client behind that proxy could use them. */
	const struct mailin_network *xclient_from;
	size_t xclient_from_count;
};

/*
 * Offer XCLIENT and XFORWARD to a session, if trust says so.  There are two
 * times to call it.  After mailin_session_set_peer and before the session
 * opens, it looks at the address of the peer.  In the callback "xclient", it
 * looks at the address that the XCLIENT command names.  Returns true if a PROXY
 * header must come first, else false.  A server calls it for its own sessions;
 * call it for sessions that the program serves itself.
 */
MAILIN_EXPORT bool mailin_trust_peer(const struct mailin_trust *trust,
    struct mailin_session *session);

/* ---- Listening ---- */

/*
 * How the clients of a listener are served.  Each listener may have a different
 * service: for example, one for port 25, one for port 465 and one for port 587.
 *
 * The library copies all but *config.  The config, and whatever the callbacks
 * need, must not change until the "released" callback runs.  That happens
 * when no listener and no session uses the service any longer.
 */
struct mailin_service {
	size_t size; /* sizeof (struct mailin_service) */
	const struct mailin_config *config;
	/* The callbacks.  Their user pointer is the session's memory
	 * (session_size below).  If xclient is NULL, peers in xclient_from may
	 * use XCLIENT and XFORWARD. */
	const struct mailin_handler *handler;
	/* NULL: no TLS; the config must then not offer STARTTLS. */
	struct mailin_tls_context *tls;
	/* Clients speak TLS from their first octet on (RFC 8314), as on port
	 * 465. */
	bool implicit_tls;
	const struct mailin_trust *trust; /* NULL: nobody is trusted */

	/* Each session gets this many octets of memory, which are 0 at first
	 * and aligned for any type.  If session_size is 0, the user pointer is
	 * not NULL, but nothing may be read or written there. */
	size_t session_size;
	/* Called before the session opens, when its peer is known.  The calls
	 * that session.h allows before the session opens are allowed in "open".
	 * If "open" returns false, or aborts the session, the client gets 421,
	 * and the callback "close" is not called.  May be NULL. */
	bool (*open)(struct mailin_session *session, void *memory, void *user);
	/* The last call with the session and its memory; queries are allowed.
	 * May be NULL. */
	void (*close)(struct mailin_session *session, void *memory, void *user);
	/* Called once, in any thread, when no listener and no session uses the
	 * service any longer.  When the server ends, this happens before
	 * mailin_server_free returns, perhaps even before it is called.  May be
	 * NULL. */
	void (*released)(void *user);
	void *user; /* the last argument of the three callbacks above */
};

/* Returns true if the text is an address for mailin_server_listen.  Returns
 * false also if text is NULL. */
MAILIN_EXPORT bool mailin_address_is_valid(const char *text);

/*
 * Listen at an address.  "192.0.2.1:25" or "[2001:db8::1]:25" is a single
 * address of the machine.  "*:25" or "25" means all its addresses, IPv6 and
 * IPv4, or only IPv4 if the machine has no IPv6.  Port 0 means any free port.
 *
 * "fd:3" is a socket that is open already: descriptor 3.  It must be a TCP
 * socket that listens.  The library uses a copy of the descriptor, and makes
 * the socket non-blocking.
 *
 * Clients are accepted as soon as the server runs.  May be called at any time
 * in any thread.  Returns NULL if listening is impossible; the callback
 * "released" is then not called.
 *
 * Fault: EINVAL if address is not one of these forms, if a socket does not
 * listen, or if the service offers STARTTLS or implicit TLS without a context.
 * EBADF, ENOTSOCK or EAFNOSUPPORT for a wrong descriptor.  Otherwise the errno
 * of bind or listen.
 */
MAILIN_EXPORT struct mailin_listener *mailin_server_listen(
    struct mailin_server *server, const char *address,
    const struct mailin_service *service, struct mailin_fault *fault);

/* Returns the address of a listener, such as "127.0.0.1:2525".  If the port was
 * 0, the text has the port that the kernel chose.  The text is never NULL, and
 * lives as long as the listener: until mailin_listener_close or
 * mailin_server_free. */
MAILIN_EXPORT const char *mailin_listener_address(
    const struct mailin_listener *listener);

/*
 * Use another service for the clients that come from now on.  Sessions that
 * have begun keep their service.  With this call a program can read its
 * settings, certificates and lists again without ending a session.  May be
 * called in any thread and in every callback.  Returns false with the faults of
 * mailin_server_listen, or with EPIPE if the server has stopped.
 */
MAILIN_EXPORT bool mailin_listener_replace(struct mailin_listener *listener,
    const struct mailin_service *service, struct mailin_fault *fault);

/*
 * Stop listening at this address.  Sessions go on.  The sockets are closed soon
 * after the call; clients that wait to be accepted are lost.  Do not use the
 * listener after this call.  May be called in any thread and in every callback.
 */
MAILIN_EXPORT void mailin_listener_close(struct mailin_listener *listener);

/* ---- I/O of the program ---- */

/*
 * Returns the event_base of the thread that serves the session.  A program that
 * must ask another server adds its own events there, and needs no thread of its
 * own: the callback takes a ticket (see below), adds the events, and returns
 * PENDING.  Use the base only in this thread: in callbacks of its sessions, in
 * functions of mailin_ticket_call, and in callbacks of the program's events.
 *
 * The result is never NULL.  Call this only with a session that a server
 * serves.  The base lives until mailin_server_free.  The server waits for
 * tickets, but not for the program's events: after it has ended, they get no
 * callback.
 */
MAILIN_EXPORT struct event_base *mailin_server_base(
    const struct mailin_session *session);

/* ---- Decisions in other threads ---- */

/*
 * A ticket lets another thread reach a session.  It is safe even if the client
 * or the server is gone.  A callback that cannot decide at once takes a ticket,
 * gives it to the thread that decides, and returns PENDING:
 *
 *	job->ticket = mailin_ticket_new(session);
 *	if (job->ticket == NULL)
 *		return MAILIN_REPLY_OUT_OF_MEMORY;
 *	give_to_a_thread(job);
 *	return MAILIN_REPLY_PENDING;
 *
 * While a decision is pending, nothing is read from the client.  So if the
 * client goes away, the server notices it only after the decision.  A message
 * is then stored although nobody reads the reply.
 *
 * Use each ticket exactly once, by one of the two calls below, which free it.
 * Until then its client counts for struct mailin_server_limits, even if the
 * connection has ended.
 */

/* Returns a ticket for the decision that the callback is making.  Call it only
 * in a callback of a session that a server serves, or in the function of
 * mailin_ticket_call.  Returns NULL if there is no memory, and in the callback
 * "open" of struct mailin_service. */
MAILIN_EXPORT struct mailin_ticket *mailin_ticket_new(
    struct mailin_session *session);

/* Make the decision, if the session still waits for it.  reply is a standard
 * reply (mailin/reply.h), and neither PENDING nor CUSTOM; any other value
 * counts as INTERNAL_ERROR.  May be called in any thread. */
MAILIN_EXPORT void mailin_ticket_resume(struct mailin_ticket *ticket,
    enum mailin_reply reply);

/*
 * Call function in the thread that serves the session.  The function may do
 * what a callback may.  It can make the decision: mailin_session_resume with
 * the token of mailin_session_decision.  Before that it may call
 * mailin_session_reply, mailin_session_set_identity and
 * mailin_session_challenge, if they fit the decision.  It may also call
 * mailin_session_abort, or mailin_session_shutdown, which takes effect after
 * the decision and the transaction.  Or it takes a new ticket to decide later.
 *
 * session is NULL if the client is gone.  If the server was freed, function is
 * called at once, in the calling thread.  So function always runs, and the
 * program can free its memory there.  May be called in any thread.
 */
MAILIN_EXPORT void mailin_ticket_call(struct mailin_ticket *ticket,
    void (*function)(struct mailin_session *session, void *user), void *user);

#endif
