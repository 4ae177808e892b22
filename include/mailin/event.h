/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_H
#define MAILIN_EVENT_H

#include <mailin.h>
#include <mailin/certificate.h>

#include <mailin/limits.h>

/*
 * libmailin-event: a server to embed, for programs that want to receive mail
 * and write no loop.  It is a library of its own (pkg-config mailin-event), on
 * libevent, with TLS by OpenSSL.  A program gives it a config and a handler,
 * as for a session of its own (mailin/session.h), and an address:
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
 * mailin_server_run serves in the calling thread, and in others if the options
 * say so, until mailin_server_stop.  A program that has an event_base of its
 * own gives it in the options, and runs it as before.
 *
 * What it does.  It accepts clients up to a limit, does their TLS (STARTTLS,
 * and from the first octet on), takes PROXY headers from proxies, offers
 * XCLIENT to peers that the program trusts, keeps the timeouts of the config,
 * reads nothing from a client that takes no replies or whose decision is
 * pending, and ends gracefully.  It prints nothing, and handles no signals:
 * struct mailin_event tells the program what happens.  (libevent has warnings
 * of its own, which it prints on standard error: event_set_log_callback.)
 *
 * Threads.  A client is served by one thread from its beginning to its end, and
 * all callbacks that concern it are called in this thread.  So two clients may
 * be in the same callback at the same time, if there are several threads.  A
 * session that a callback is given may be used in the callback, and nowhere
 * else; the way to it from other threads is a ticket (struct mailin_ticket).
 *
 * Who owns what.  Each session belongs to the library: a program never calls
 * mailin_session_free, and none of feed, output, sent, eof, set_peer,
 * expect_proxy, expect_tls, tls_started.  In a callback of the handler,
 * mailin_session_abort, _shutdown and _timed_out return BUSY and do nothing, as
 * session.h says; see mailin_ticket_call for what its function may do.  Of the
 * options and the services the library keeps copies, but not of the config: see
 * struct mailin_service.
 *
 * Errors.  A function that fails changes nothing.  It fills in a struct
 * mailin_fault, if the program gives it one.
 */

struct event_base;
struct mailin_listener;
struct mailin_server;
struct mailin_ticket;
struct mailin_tls_context;

/* Why a function has failed. */
struct mailin_fault {
	int error;      /* an errno, such as EADDRINUSE, ENOENT, ENOMEM, ...;
	                   EINVAL: an argument is wrong;
	                   ENOTSUP: this build has no TLS */
	char text[500]; /* a line for people, without a newline */
};

/* ---- What happens ---- */

enum mailin_event_kind {
	/* No descriptor or no memory is left, so a listener pauses for a
	 * second: error. */
	MAILIN_EVENT_PAUSED,
	/* A client was sent away, since there are as many as the limits allow,
	 * or memory is gone: address, reason. */
	MAILIN_EVENT_REFUSED,
	/* The TLS handshake of a session succeeded (mailin_session_tls). */
	MAILIN_EVENT_TLS_STARTED,
	/* It failed: address, reason. */
	MAILIN_EVENT_TLS_FAILED,
	/* A peer in proxy_from sent no PROXY header, and was closed without a
	 * reply: address. */
	MAILIN_EVENT_NO_PROXY,
	/* A connection has ended: close_reason, octets_in, octets_out. */
	MAILIN_EVENT_CLOSED,
	/* An address has reached a limit, and its client gets 421: address,
	 * reason (struct mailin_server_limits). */
	MAILIN_EVENT_LIMITED,
	/* The server has ended, after mailin_server_stop, or because its
	 * threads could not be started: error, which is 0 after a stop.  It may
	 * be freed now, also in this callback.  Told only if the program runs
	 * its event_base itself; otherwise mailin_server_run returns. */
	MAILIN_EVENT_STOPPED
};

/* What the callback of struct mailin_server_options is told.  Each kind fills
 * in session, as said below, and the members that are named with the kind
 * above; the other members are 0. */
struct mailin_event {
	size_t size; /* sizeof (struct mailin_event) in the library */
	enum mailin_event_kind kind;
	/* The session that it concerns; it may be asked all queries
	 * (mailin/query.h).  NULL with PAUSED, REFUSED and STOPPED. */
	struct mailin_session *session;
	struct mailin_span address; /* of the client: "192.0.2.1" */
	const char *reason;
	int error; /* an errno */
	enum mailin_close_reason close_reason;
	uint64_t octets_in, octets_out; /* of SMTP: inside TLS */
};

/* ---- The server ---- */

struct mailin_server_options {
	size_t size; /* sizeof (struct mailin_server_options) */
	/* An event_base of the program's, which only the thread that runs it
	 * uses, and which is freed after the server.  NULL: the server makes
	 * one. */
	struct event_base *base;
	/* How many threads serve clients; 0 is 1.  One of them is the thread
	 * that calls mailin_server_run, or that runs the base.  The others are
	 * started by this call, or when the program begins to run its base
	 * itself. */
	unsigned threads;
	/* May be NULL.  Called in any of the threads, also in several at the
	 * same time. */
	void (*event)(const struct mailin_event *event, void *user);
	void *user;
};

/* Returns NULL if memory or descriptors are lacking. */
MAILIN_EXPORT struct mailin_server *mailin_server_new(
    const struct mailin_server_options *options, struct mailin_fault *fault);

/* May be called at any time in any thread.  Clients that are there stay, even
 * if they are more than a new limit allows.  A client that came while there was
 * no limit for its address never counts as a client of this address.  Returns
 * false if there is no memory for exempt; then nothing changes. */
MAILIN_EXPORT bool mailin_server_set_limits(struct mailin_server *server,
    const struct mailin_server_limits *limits);

/*
 * Serve in the calling thread, and in new threads if the options say so, until
 * mailin_server_stop, and until the last client is gone and the last ticket
 * was used.  To be called once.  Returns false, at once, if threads cannot be
 * started.
 *
 * A program that gave an event_base may call this as well: it runs that base,
 * with the program's own events.  If the program then leaves the base
 * (event_base_loopexit, event_base_loopbreak), all connections are closed, as
 * by two calls of mailin_server_stop, and the function returns.
 */
MAILIN_EXPORT bool mailin_server_run(struct mailin_server *server,
    struct mailin_fault *fault);

/*
 * The first call closes all listeners.  Each session ends at its next safe
 * point (mailin_session_shutdown), or when the time of grace is over.  A second
 * call closes all connections at once.  In both cases the server does not end
 * before each ticket was used, so a message that is being stored is stored.
 *
 * May be called in any thread, in every callback, and in a signal handler.
 */
MAILIN_EXPORT void mailin_server_stop(struct mailin_server *server);

/*
 * Close all connections, and free the server.  NULL is allowed.  Call it after
 * mailin_server_run has returned; if the program runs its event_base itself,
 * call it in that thread, and in no callback but that of MAILIN_EVENT_STOPPED.
 * Tickets that are still in use stay valid.
 */
MAILIN_EXPORT void mailin_server_free(struct mailin_server *server);

/* ---- Whom to believe ---- */

/* A network: all IP addresses that begin with the same bits. */
struct mailin_network {
	int family; /* AF_INET, AF_INET6 */
	unsigned bits;
	unsigned char octets[16]; /* AF_INET uses the first 4 */
};

/* Read "192.0.2.0/24" or "2001:db8::/32".  A text without a slash is one
 * address.  "::ffff:192.0.2.0/120" is the IPv4 network 192.0.2.0/24.  Returns
 * false for a wrong text, and then changes nothing.  192.0.2.1/24 is wrong,
 * too: all bits after the prefix must be 0, since otherwise it is unclear
 * whether the address or the network is meant. */
MAILIN_EXPORT bool mailin_network_parse(struct mailin_network *network,
    const char *text);

/* Peers that the program trusts. */
struct mailin_trust {
	size_t size; /* sizeof (struct mailin_trust) */
	/* Proxies, which must begin with a PROXY header
	 * (mailin_session_expect_proxy). */
	const struct mailin_network *proxy_from;
	size_t proxy_from_count;
	/* Peers that are offered XCLIENT and XFORWARD
	 * (mailin_session_set_extension), unless they are in proxy_from too: if
	 * they were offered to those, each client behind the proxy could use
	 * them. */
	const struct mailin_network *xclient_from;
	size_t xclient_from_count;
};

/*
 * Offer XCLIENT and XFORWARD to a session, if trust says so.  There are two
 * times to call it.  After mailin_session_set_peer and before the session
 * opens, it looks at the address of the peer.  In the callback xclient, it
 * looks at the address that the XCLIENT command names.  Returns true if a PROXY
 * header must come first, else false.
 *
 * For sessions that the program serves itself.  Those of a server need no such
 * call.
 */
MAILIN_EXPORT bool mailin_trust_peer(const struct mailin_trust *trust,
    struct mailin_session *session);

/* ---- Listening ---- */

/*
 * How the clients of a listener are served.  Listeners may have different ones:
 * such as one each for port 25, 465 and 587.
 *
 * The library copies all but *config.  The config, and whatever the callbacks
 * need, must stay as they are until released is called: when neither a listener
 * nor a session uses the service any longer.
 */
struct mailin_service {
	size_t size; /* sizeof (struct mailin_service) */
	const struct mailin_config *config;
	/* The user pointer of its callbacks is the session's memory, see
	 * session_size.  If xclient is NULL, peers in xclient_from may use
	 * XCLIENT and XFORWARD. */
	const struct mailin_handler *handler;
	/* NULL: no TLS; then the config may not offer STARTTLS. */
	struct mailin_tls_context *tls;
	/* Clients speak TLS from their first octet on (RFC 8314), as on port
	 * 465. */
	bool implicit_tls;
	const struct mailin_trust *trust; /* NULL: nobody is trusted */

	/* Each session gets so many octets of memory, which are 0 at first and
	 * are aligned for any type.  If session_size is 0, the address is not
	 * NULL, but nothing may be read or written there. */
	size_t session_size;
	/* May be NULL.  open is called before the session opens, but its peer
	 * is known: what session.h allows before that may be called here.  If
	 * it returns false, or aborts the session, the client gets 421, and
	 * close is not called. */
	bool (*open)(struct mailin_session *session, void *memory, void *user);
	/* May be NULL.  The last call that gets the session and its memory;
	 * queries are allowed. */
	void (*close)(struct mailin_session *session, void *memory, void *user);
	/* May be NULL.  Called once, in any thread, when neither a listener nor
	 * a session uses the service any longer.  At the end of a server that
	 * is before mailin_server_free returns, and may be before it is
	 * called. */
	void (*released)(void *user);
	void *user;
};

/* Returns true if mailin_server_listen knows what address the text means, false
 * if it does not, or if text is NULL. */
MAILIN_EXPORT bool mailin_address_is_valid(const char *text);

/*
 * Listen at an address: "192.0.2.1:25", "[2001:db8::1]:25"; or at all addresses
 * of the machine, IPv6 and IPv4: "*:25" or "25".  If the machine has no
 * IPv6, the latter are the IPv4 addresses.  Port 0 is any free port.
 *
 * Or listen on a socket that is open already, and listens: "fd:3" is descriptor
 * 3.  It must be a TCP socket.  The library uses a copy of the descriptor, and
 * makes the socket non-blocking.
 *
 * Clients are accepted as soon as the server runs.  May be called at any time
 * in any thread.  Returns NULL if listening is impossible; then released is not
 * called.
 *
 * Fault: EINVAL if the address is none, or the service offers STARTTLS or
 * implicit TLS without a context, or a socket does not listen; else the errno
 * of bind or listen, or EBADF, ENOTSOCK or EAFNOSUPPORT for a descriptor.
 */
MAILIN_EXPORT struct mailin_listener *mailin_server_listen(
    struct mailin_server *server, const char *address,
    const struct mailin_service *service, struct mailin_fault *fault);

/* Where it listens, such as "127.0.0.1:2525": with the port that the kernel
 * chose, if it was 0.  The text is never NULL, and lives as long as the
 * listener: until mailin_listener_close or mailin_server_free. */
MAILIN_EXPORT const char *mailin_listener_address(
    const struct mailin_listener *listener);

/*
 * Serve the clients that come from now on as another service has it.  Sessions
 * that are there go on with the one that they have.  So a program reads its
 * settings, certificates and lists again without cutting a session.  May be
 * called in any thread and in every callback.  Returns false, with a fault as
 * that of mailin_server_listen, or EPIPE if the server has stopped.
 */
MAILIN_EXPORT bool mailin_listener_replace(struct mailin_listener *listener,
    const struct mailin_service *service, struct mailin_fault *fault);

/*
 * Listen there no longer.  Sessions go on.  The loops close their sockets soon
 * after the call; clients that wait to be accepted are lost.  The listener may
 * not be used after it.  May be called in any thread and in every callback.
 */
MAILIN_EXPORT void mailin_listener_close(struct mailin_listener *listener);

/* ---- Decisions in other threads ---- */

/*
 * A ticket is the way from another thread to a session, safe even if the client
 * or the server has gone meanwhile.  A callback that cannot decide at once
 * takes a ticket, gives it to whoever decides, and returns PENDING:
 *
 *	job->ticket = mailin_ticket_new(session);
 *	if (job->ticket == NULL)
 *		return MAILIN_REPLY_OUT_OF_MEMORY;
 *	give_to_a_thread(job);
 *	return MAILIN_REPLY_PENDING;
 *
 * While a decision is pending, nothing is read from the client.  So that the
 * client is gone is noticed only after the decision; a message is then stored,
 * although nobody reads the reply.
 *
 * Each ticket must be used once, by one of the two calls below, which free it.
 * Until then its client holds its place (mailin_server_limits), although the
 * connection may have ended.
 */

/* Returns a ticket for the decision that the callback is making.  Call it only
 * in a callback of a session that a server serves, or in a function of
 * mailin_ticket_call.  NULL: no memory, or it was called in the callback `open`
 * of a service. */
MAILIN_EXPORT struct mailin_ticket *mailin_ticket_new(
    struct mailin_session *session);

/* Make the decision, if the session still waits for it.  reply is a standard
 * one (mailin/reply.h), and neither PENDING nor CUSTOM; any other value is
 * INTERNAL_ERROR.  May be called in any thread. */
MAILIN_EXPORT void mailin_ticket_resume(struct mailin_ticket *ticket,
    enum mailin_reply reply);

/*
 * Have function called in the thread that serves the session.  It may do what a
 * callback may, and make the decision, with whatever belongs to it:
 * mailin_session_reply, mailin_session_set_identity, mailin_session_challenge,
 * and then mailin_session_resume with the token mailin_session_decision.  It
 * may also call mailin_session_abort; or mailin_session_shutdown, which has its
 * effect after the decision and the transaction; or take a new ticket, if the
 * decision is to be made later still.
 *
 * session is NULL if the client is gone.  If the server was freed, function is
 * called at once, in the calling thread.  So a program can free in it what it
 * made for the decision.  May be called in any thread.
 */
MAILIN_EXPORT void mailin_ticket_call(struct mailin_ticket *ticket,
    void (*function)(struct mailin_session *session, void *user), void *user);

#endif
