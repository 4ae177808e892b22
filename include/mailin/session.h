/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SESSION_H
#define MAILIN_SESSION_H

#include <mailin/config.h>
#include <mailin/handler.h>
#include <mailin/proxy.h>
#include <mailin/received.h>

/*
 * A session: one client, from its connection to its end.
 *
 * After each call look at mailin_session_output first: replies may be queued
 * whatever mailin_session_want says.
 *
 * The table shows what each call returns in each state of the session, if its
 * arguments are valid (mailin_session_ is left out of the names):
 *
 *	before	before the first feed or output, which open the session
 *	open	want is INPUT or OUTPUT
 *	pending	want is DECISION: a callback has returned PENDING
 *	closed	want is CLOSE
 *	inside	from inside a callback that decides, here rcpt
 *
 * OK means success.  "-" means that the call does nothing, and returns 0, an
 * absent span, or for reply and reply_text a standard reply
 * (mailin/decision.h).  The others are errors (mailin/error.h), after which
 * nothing has changed.  The last column says which calls may call a callback.
 *
 *	call           before  open   pending  closed  inside  calls back
 *	set_peer       OK      STATE  STATE    STATE   BUSY    no
 *	set_extension  OK      STATE  STATE    STATE   BUSY    no   (1)
 *	expect_proxy   OK      STATE  STATE    STATE   BUSY    no
 *	expect_tls     OK      STATE  STATE    STATE   BUSY    no
 *	want           OK      OK     OK       OK      OK      no
 *	feed           OK      OK     -        -       -       yes
 *	eof            OK      OK     OK       OK      BUSY    yes
 *	output         OK      OK     OK       OK      -       yes
 *	sent           OK      OK     OK       OK      BUSY    yes
 *	reply          -       -      OK       -       OK      no
 *	reply_text     -       -      OK       -       OK      no
 *	challenge      -       -      -        -       -       no   (2)
 *	decision       -       -      OK       -       OK      no
 *	resume         STALE   STALE  OK       STALE   OK      yes  (3)
 *	ehlo_keyword   STATE   STATE  STATE    STATE   STATE   no   (2)
 *	set_identity   STATE   STATE  STATE    STATE   STATE   no   (2)
 *	tls_started    OK      STATE  STATE    STATE   BUSY    yes  (4)
 *	abort          OK      OK     OK       OK      BUSY    yes  (5)
 *	timed_out      OK      OK     STATE    OK      BUSY    yes
 *	shutdown       OK      OK     OK       OK      BUSY    yes
 *	timeout        OK      OK     OK       OK      OK      no
 *	progress       OK      OK     OK       OK      OK      no
 *	free           OK      OK     OK       OK      OK      yes  (6)
 *
 * (1) OK also inside connect and xclient, and while one of them is pending.
 * (2) OK inside its own callbacks, and while one of them is pending: sasl for
 * challenge, helo for ehlo_keyword, auth and sasl for set_identity.
 * (3) Inside a callback OK for the decision in hand; BUSY for others.
 * (4) OK also while want is TLS and the output is sent.
 * (5) With MAILIN_CLOSE_TLS only while want is TLS, else STATE.
 * (6) Inside a callback it takes effect when the outermost call returns.
 *
 * The callbacks reset, delivered, close and trace decide nothing: inside them
 * reply, reply_text and decision are "-", and resume is BUSY.
 *
 * mailin/decision.h has the calls from reply to set_identity.  The queries
 * (mailin/query.h) and mailin_session_received may be called in
 * every state and from inside every callback, and call nothing back.
 */

/* Make a session.  No callback is called and nothing is queued yet.  config and
 * handler must outlive it, and must not change.  user, which may be NULL, goes
 * to every callback.  Returns NULL if memory is gone, if config or handler is
 * NULL, or if handler->size is less than that of its first member. */
MAILIN_EXPORT struct mailin_session *mailin_session_new(
    const struct mailin_config *config, const struct mailin_handler *handler,
    void *user);

/* End the session, as mailin_session_abort does with MAILIN_CLOSE_ABORT, and
 * free it.  Inside a callback this happens when the outermost call returns.
 * session may be NULL. */
MAILIN_EXPORT void mailin_session_free(struct mailin_session *session);

/* ---- Before it opens: the first feed or output opens it ---- */

/*
 * Both ends of the connection.  Any span may be absent.
 *
 * An IP address has one form, whether it comes from set_peer, a PROXY header or
 * XCLIENT: an IPv4 address in IPv6 form ("::ffff:192.0.2.1", RFC 4291 2.5.5.2)
 * becomes IPv4, and other IPv6 addresses are written as in RFC 5952.  Text that
 * is no IP address does not change.
 */
struct mailin_peer {
	struct mailin_span address; /* "192.0.2.1", "2001:db8::1" */
	unsigned port;
	struct mailin_span name; /* from reverse DNS, verified */
	struct mailin_span local_address;
	unsigned local_port;
	uint64_t reserved[4]; /* 0 */
};

/*
 * Tell the session who is at both ends of the connection.  peer and its spans
 * are copied.
 *
 * ARGUMENT: peer is NULL, or a span has a length but no pointer.  STATE: the
 * session is open, or connect is pending.  MEMORY: an allocation failed.  BUSY:
 * called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_peer(
    struct mailin_session *session, const struct mailin_peer *peer);

/*
 * Offer an extension to this client, or not, whatever the config says; for
 * example XCLIENT to a proxy that the program trusts.  Call it before the
 * session opens, or inside connect, or while connect is pending:
 * mailin_session_peer then returns the peer that a PROXY header has named.
 *
 * XCLIENT and XFORWARD are for the proxy alone, and not for its client, whose
 * octets follow those of the proxy on the same connection.  So both are
 * switched off, and get NOT_ALLOWED, after each XCLIENT that was carried out,
 * and after a PROXY header, except for LOCAL of version 2, which is a
 * connection of the proxy itself.  If the client is itself a proxy that the
 * program trusts, switch them on for it: after a PROXY header inside connect,
 * and for XCLIENT inside xclient or while it is pending, after a look at
 * mailin_session_next_peer.  A switch for XCLIENT takes effect when the XCLIENT
 * is carried out; if the XCLIENT is refused, nothing changes.
 *
 * ARGUMENT: there is no such extension.  STATE: the session is open, and
 * neither connect nor XCLIENT is being decided.  BUSY: called from inside any
 * other callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_extension(
    struct mailin_session *session, enum mailin_extension extension, bool on);

/*
 * The client is a proxy that the program trusts, and must begin with a PROXY
 * protocol header (version 1 or 2).  The header names the true peer, which
 * mailin_session_peer returns from then on; connect is called after it.  A
 * connection that begins otherwise is closed without a reply, and so is one
 * whose header does not come (mailin_session_timed_out, _shutdown, _eof).  Only
 * if memory is gone a 421 is sent.  Until the header is complete,
 * mailin_session_timeout is MAILIN_LIMIT_TIMEOUT_PROXY.
 *
 * A header of version 2 may say that the client spoke TLS to the proxy
 * (proxy-protocol.txt 2.2.6, PP2_CLIENT_SSL).  The session is then inside TLS:
 * mailin_session_tls returns the facts in the header, AUTH is offered,
 * MAILIN_TLS_REQUIRED is satisfied, the protocol is ESMTPS, and STARTTLS gets
 * 503.  Between the proxy and this host the octets travel in clear.
 *
 * STATE: the session is open, connect is pending, or a header has been read.
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_proxy(
    struct mailin_session *session);

/*
 * The client begins with TLS (implicit TLS, RFC 8314), after a PROXY header if
 * one is expected too; the order of the two calls does not matter.
 * mailin_session_want is then INPUT until the header is complete, and TLS after
 * it; without a header it is TLS at once.  mailin_session_feed takes the header
 * and not one octet more: the octets that it leaves are for the TLS library,
 * and are no early talk.  After the handshake call mailin_session_tls_started;
 * the next output or feed opens the session.
 *
 * Until then nothing is queued: a client that expects TLS has no use for a
 * reply in clear.  mailin_session_timed_out, _shutdown and _eof close the
 * session without a reply.
 *
 * STATE: the session is open, connect is pending, or tls_started was called.
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_tls(
    struct mailin_session *session);

/* ---- Input ---- */

enum mailin_want {
	MAILIN_WANT_INPUT,    /* octets from the client */
	MAILIN_WANT_OUTPUT,   /* that output is sent: the queue is full */
	MAILIN_WANT_DECISION, /* that mailin_session_resume is called */
	MAILIN_WANT_TLS,      /* send the rest, then do the TLS handshake:
	                         after STARTTLS, or as the first thing */
	/* Send the rest, shut down writing, read and drop until the end or for
	 * two seconds, close: to close with input unread would lose the last
	 * reply. */
	MAILIN_WANT_CLOSE
};

/* Returns what the session waits for.  Before the session opens that is INPUT,
 * or TLS after mailin_session_expect_tls. */
MAILIN_EXPORT enum mailin_want mailin_session_want(
    const struct mailin_session *session);

/*
 * Offer octets from the client.  Returns the number of octets taken, from the
 * first on.  If these are not all, mailin_session_want is not INPUT: offer the
 * others again when it is.  How the stream is cut into calls does not
 * matter.  len may be 0.
 *
 * Returns 0, and takes nothing, inside a callback, when the session is closed,
 * after mailin_session_eof, and if octets is NULL.
 */
MAILIN_EXPORT size_t mailin_session_feed(struct mailin_session *session,
    const char *octets, size_t len);

/*
 * No more input will come.  An unfinished line is dropped, and an open message
 * or AUTH exchange ends.  If a decision is open, it may still be made, and
 * want is CLOSE after it.
 * The client may have closed only its own side, and still wait for replies.
 *
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_eof(
    struct mailin_session *session);

/* ---- Output ---- */

/*
 * Returns the octets to send.  They stay in place, unchanged, until
 * mailin_session_sent has covered them.  Returns a span of length 0 if there
 * are none, and an absent span inside a callback.
 */
MAILIN_EXPORT struct mailin_span mailin_session_output(
    struct mailin_session *session);

/*
 * The first len octets of the output have been passed to a transport that keeps
 * their order.  Call this before you offer more input.  The session then goes
 * on with work that had waited for room.
 *
 * RANGE: len is more than mailin_session_output returned.  BUSY: called from
 * inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_sent(
    struct mailin_session *session, size_t len);

/* ---- TLS ---- */

/* Facts of a TLS connection, for queries and Received:.  Any span may be
 * absent. */
struct mailin_tls {
	struct mailin_span version; /* "TLSv1.3" */
	struct mailin_span cipher;  /* "TLS_AES_256_GCM_SHA384" */
	struct mailin_span sni;
	struct mailin_span alpn;
	/* Of a verified certificate.  Without it AUTH EXTERNAL is not
	 * offered. */
	struct mailin_span client_name;
	struct mailin_span channel_binding; /* tls-exporter or tls-unique */
	uint64_t reserved[4];               /* 0 */
};

/*
 * The TLS handshake is done: before the session opens (implicit TLS), or when
 * want is TLS and all output is sent.  tls and its spans are copied.  The
 * session forgets all that the client said before (RFC 3207 4.2), and all that
 * XCLIENT and XFORWARD said: the peer is again that of set_peer or of the PROXY
 * header.
 * If XCLIENT and XFORWARD were switched off, they stay off.
 *
 * After STARTTLS, and before the handshake, the program must offer every clear
 * octet that it has read to mailin_session_feed: any such octet ends the
 * session, since it may be an injected command (CVE-2011-0411).
 *
 * If a PROXY header said that the client spoke TLS to the proxy, this handshake
 * was with the proxy.  The session then keeps version and cipher of tls, but
 * not its client_name and channel_binding, which are no proof of who the client
 * is: client_name is that of the header or absent, channel_binding is absent,
 * and sni and alpn are those of the header, if it has them.  If the header does
 * not mention TLS, the library cannot know with whom the handshake was: leave
 * client_name out if the certificate is the proxy's own.
 *
 * ARGUMENT: tls is NULL, or a span has a length but no pointer.  STATE: TLS is
 * not due now, or output is not sent yet.  MEMORY: an allocation failed.  BUSY:
 * called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_tls_started(
    struct mailin_session *session, const struct mailin_tls *tls);

/* ---- The end ---- */

/*
 * The connection cannot be used any more: close the session, and drop its
 * output.  reason is MAILIN_CLOSE_ABORT if the connection or its TLS is gone,
 * and MAILIN_CLOSE_TLS if a handshake failed.
 *
 * ARGUMENT: reason is another one.  STATE: reason is MAILIN_CLOSE_TLS, but no
 * handshake is due.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_abort(
    struct mailin_session *session, enum mailin_close_reason reason);

/*
 * There was no progress for mailin_session_timeout seconds: send 421 4.4.2 and
 * close.  While a PROXY header or TLS must still come first, close without a
 * reply.
 *
 * STATE: a decision is open, or the replies to a message are not all queued.
 * The store may have the message, so a 421 must not overtake them; the program
 * may call mailin_session_abort.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_timed_out(
    struct mailin_session *session);

/*
 * The server goes down: send 421 4.3.2 and close, at once if there is no
 * transaction, else when the transaction has ended.  The 421 replaces a 220 to
 * STARTTLS that mailin_session_output has not returned yet.  While a PROXY
 * header or TLS must still come first, close without a reply.
 *
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_shutdown(
    struct mailin_session *session);

/* Returns the seconds to wait in the present state; 0 for no limit, while a
 * decision is open. */
MAILIN_EXPORT unsigned mailin_session_timeout(
    const struct mailin_session *session);

/* Returns a number, at first 0, that grows with each complete line, each 4 KiB
 * of a message, and each call of mailin_session_sent that covers octets.  Start
 * the timeout again when it has grown. */
MAILIN_EXPORT uint64_t mailin_session_progress(
    const struct mailin_session *session);

#include <mailin/decision.h>
#include <mailin/query.h>

#endif
