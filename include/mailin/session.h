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
 * Call mailin_session_output after each other call: replies may be queued,
 * whatever mailin_session_want returns.
 *
 * A decision is what a callback says with its reply (mailin/handler.h).  If the
 * callback returns PENDING, the decision is pending: the session waits until
 * mailin_session_resume gives the reply.  A decision is open while its callback
 * runs, and while it is pending.  Each decision has a number, its token.
 *
 * The table shows what each call returns in each state of the session, if the
 * arguments are valid.  The names are without mailin_session_.
 *
 *	before	before the first call of feed or output, which opens it
 *	open	want is INPUT or OUTPUT
 *	pending	want is DECISION: a callback has returned PENDING
 *	closed	want is CLOSE
 *	inside	inside a callback that decides; the column is that of rcpt
 *
 * OK means success.  "-" means that the call does nothing, and returns 0, an
 * absent span, or (reply and reply_text) a standard reply (mailin/decision.h).
 * All other words are errors (mailin/error.h), and the call changes nothing.
 * The last column says which calls may call a callback.
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
 *	tls_started    OK      STATE  STATE    STATE   BUSY    no   (4)
 *	abort          OK      OK     OK       OK      BUSY    yes  (5)
 *	timed_out      OK      OK     STATE    OK      BUSY    yes
 *	shutdown       OK      OK     OK       OK      BUSY    yes
 *	timeout        OK      OK     OK       OK      OK      no
 *	progress       OK      OK     OK       OK      OK      no
 *	free           OK      OK     OK       OK      OK      yes  (6)
 *
 * (1) OK also inside the callbacks "connect" and "xclient", and while the
 * decision of one of them is pending.
 * (2) OK inside some callbacks, and while the decision of one of them is
 * pending: challenge for sasl, ehlo_keyword for helo, set_identity for auth and
 * sasl.
 * (3) STALE: no decision with this token is open.  Inside a callback: OK for
 * the token of this callback, BUSY for others.
 * (4) OK also while want is TLS and all output has been sent.
 * (5) With MAILIN_CLOSE_TLS: STATE, except while want is TLS.
 * (6) Inside a callback: takes effect when the outermost call returns.
 *
 * The callbacks "reset", "delivered", "close", "trace" and "replied" decide
 * nothing.  Inside them reply, reply_text and decision are "-", and resume is
 * BUSY.
 *
 * mailin/decision.h has the calls from reply to set_identity.  The queries
 * (mailin/query.h) and mailin_session_received may be called in every state
 * and inside every callback, and call no callback.
 */

/*
 * Make a session.  This calls no callback and queues nothing.  config and
 * handler must outlive the session, and must not change.  Every callback gets
 * user, which may be NULL.  Returns NULL if there is no memory, if config or
 * handler is NULL, or if handler->size is less than the size of its first
 * member.
 */
MAILIN_EXPORT struct mailin_session *mailin_session_new(
    const struct mailin_config *config, const struct mailin_handler *handler,
    void *user);

/* End the session like mailin_session_abort with MAILIN_CLOSE_ABORT, and free
 * it.  Inside a callback, the session is freed when the outermost call returns.
 * session may be NULL. */
MAILIN_EXPORT void mailin_session_free(struct mailin_session *session);

/* ---- Before the session opens (with the first feed or output) ---- */

/*
 * Both ends of the connection.  Any span may be absent.
 *
 * An IP address has one form, whether it comes from the program, a PROXY header
 * or XCLIENT.  An IPv4 address in IPv6 form ("::ffff:192.0.2.1", RFC 4291
 * 2.5.5.2) becomes IPv4.  Other IPv6 addresses are written as in RFC 5952.
 * Text that is no IP address does not change.
 */
struct mailin_peer {
	struct mailin_span address; /* "192.0.2.1", "2001:db8::1" */
	unsigned port;
	struct mailin_span name; /* from reverse DNS, if verified */
	struct mailin_span local_address;
	unsigned local_port;
	uint64_t reserved[4]; /* 0 */
};

/*
 * Tell the session who is at both ends of the connection.  peer and its spans
 * are copied.
 *
 * ARGUMENT: peer is NULL, or a span has a length but no pointer.  STATE: the
 * session is open, or the callback "connect" has returned PENDING.  MEMORY: an
 * allocation failed.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_peer(
    struct mailin_session *session, const struct mailin_peer *peer);

/*
 * Offer an extension to this client, or do not offer it.  This overrides the
 * config; for example, offer XCLIENT to a proxy that the program trusts.  Call
 * it before the session opens, inside the callback "connect", or while the
 * decision of that callback is pending.  After a PROXY header,
 * mailin_session_peer then returns the peer that the header named.
 *
 * XCLIENT and XFORWARD are for a proxy, and not for the proxy's client, whose
 * octets follow on the same connection.  So the session switches both off after
 * each accepted XCLIENT, and after a PROXY header (but not after LOCAL of
 * version 2, a connection of the proxy itself).  The client then gets
 * NOT_ALLOWED.  If the client is a proxy, too, and the program trusts it,
 * switch them on again: after a PROXY header in the callback "connect"; after
 * XCLIENT in the callback "xclient", or while its decision is pending,
 * depending on mailin_session_next_peer.  For XCLIENT the switch takes effect
 * when the XCLIENT is accepted.
 *
 * ARGUMENT: there is no such extension.  STATE: the session is open, and no
 * decision of the callbacks "connect" and "xclient" is pending.  BUSY: called
 * from inside any other callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_extension(
    struct mailin_session *session, enum mailin_extension extension, bool on);

/*
 * Tell the session that the peer is a proxy that the program trusts.  The peer
 * must begin with a PROXY protocol header (version 1 or 2), which names the
 * client.  Then the callback "connect" is called, and mailin_session_peer
 * returns that client.  A connection that begins in another way is closed
 * without a reply; so is a connection on which the header does not come
 * (mailin_session_timed_out, _shutdown, _eof).  The only reply before that
 * callback is a 421 if there is no memory.  Until the header is complete,
 * mailin_session_timeout is MAILIN_LIMIT_TIMEOUT_PROXY.
 *
 * A header of version 2 may say that the client spoke TLS to the proxy
 * (proxy-protocol.txt 2.2.6, PP2_CLIENT_SSL).  The session is then inside TLS:
 * mailin_session_tls returns the facts in the header, AUTH is offered,
 * MAILIN_TLS_REQUIRED is satisfied, the protocol is ESMTPS, and STARTTLS gets
 * 503.  Between the proxy and this host the octets travel in clear.
 *
 * STATE: the session is open, the callback "connect" has returned PENDING, or a
 * header has been read.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_proxy(
    struct mailin_session *session);

/*
 * Tell the session that the client must begin with TLS (implicit TLS, RFC
 * 8314).  If a PROXY header is expected, too, TLS comes after the header,
 * whichever of the two calls came first.  mailin_session_want is INPUT until
 * the header is complete, and then TLS; without a header it is TLS at once.
 * mailin_session_feed reads the header and no octet after it: give the rest to
 * the TLS library.  After the handshake call mailin_session_tls_started.  The
 * next output or feed then opens the session.
 *
 * Before the handshake nothing is queued, because a client that expects TLS
 * cannot read a reply in clear: mailin_session_timed_out, _shutdown and _eof
 * close the session without a reply.
 *
 * STATE: the session is open, the callback "connect" has returned PENDING, or
 * mailin_session_tls_started was called.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_tls(
    struct mailin_session *session);

/* ---- Input ---- */

/* The values of mailin_session_want, by which a session says what it waits
 * for. */
enum mailin_want {
	MAILIN_WANT_INPUT,    /* octets of the client (mailin_session_feed) */
	MAILIN_WANT_OUTPUT,   /* the queue is full: send the output */
	MAILIN_WANT_DECISION, /* a decision (mailin_session_resume) */
	MAILIN_WANT_TLS,      /* a TLS handshake, after the output is sent:
				 after STARTTLS, or at the start */
	/* The end: send the output, shut down writing, read and drop input
	 * until its end or for two seconds, then close.  If input is unread at
	 * the close, the last reply may be lost. */
	MAILIN_WANT_CLOSE
};

/*
 * Returns what the session waits for.  Before the session opens, this is
 * INPUT; after mailin_session_expect_tls it is TLS.
 *
 * Any call but a query may change this, so ask before each read from the
 * client, and read only if it is INPUT.  It does not say whether there is
 * output: send what mailin_session_output returns first, whatever the session
 * waits for.  CLOSE is final.
 */
MAILIN_EXPORT enum mailin_want mailin_session_want(
    const struct mailin_session *session);

/*
 * Offer octets from the client.  Returns how many of them were read.  If this
 * is less than len, mailin_session_want is not INPUT: offer the rest again
 * when it is INPUT.  It does not matter how the stream is cut into calls.  len
 * may be 0.
 *
 * Returns 0, and reads nothing, inside a callback, when the session is closed,
 * after mailin_session_eof, and if octets is NULL.
 */
MAILIN_EXPORT size_t mailin_session_feed(struct mailin_session *session,
    const char *octets, size_t len);

/*
 * Tell the session that no more input will come.  An incomplete line is
 * dropped, and an open message or AUTH exchange ends.  Then the session closes.
 * If a decision is pending, it closes after this decision is made and its
 * replies are queued.  The client may still wait for replies, so send the
 * output until mailin_session_want is CLOSE and no output is left.
 *
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_eof(
    struct mailin_session *session);

/* ---- Output ---- */

/*
 * Returns the octets to send.  They stay unchanged in their place until
 * mailin_session_sent has removed them.  Returns a span of length 0 if there
 * are none, and an absent span inside a callback and after
 * mailin_session_abort.
 *
 * If the session is not open, this opens it: the callback "connect" is called,
 * and its reply is the greeting.  A PROXY header or TLS that was announced must
 * come before that.
 */
MAILIN_EXPORT struct mailin_span mailin_session_output(
    struct mailin_session *session);

/*
 * Remove the first len octets of the output, after you have given them to a
 * transport that keeps their order.  Call this before you offer more input.
 * The session then goes on with work that had to wait for room.
 *
 * RANGE: len is more than mailin_session_output returned.  BUSY: called from
 * inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_sent(
    struct mailin_session *session, size_t len);

/* ---- TLS ---- */

/* The facts of a TLS connection, for queries and the Received: field.  Any
 * span may be absent. */
struct mailin_tls {
	struct mailin_span version; /* "TLSv1.3" */
	struct mailin_span cipher;  /* "TLS_AES_256_GCM_SHA384" */
	struct mailin_span sni;
	struct mailin_span alpn;
	/* The name in a verified certificate.  AUTH EXTERNAL is offered only
	 * if it is present. */
	struct mailin_span client_name;
	/* tls-exporter (TLS 1.3) or tls-unique.  Without it mechanisms whose
	 * names end in "-PLUS" are not offered. */
	struct mailin_span channel_binding;
	uint64_t reserved[4]; /* 0 */
};

/*
 * Tell the session that the TLS handshake is done.  Call this before the
 * session opens (implicit TLS), or when mailin_session_want is TLS and all
 * output has been sent.  tls and its spans are copied.  The session forgets all
 * that the client said before (RFC 3207 4.2), and all that XCLIENT and XFORWARD
 * said: the peer is again the one that the program or the PROXY header gave.
 * If XCLIENT and XFORWARD were switched off, they stay off.
 *
 * If octets in clear have been read after STARTTLS, pass them to
 * mailin_session_feed before the handshake.  They end the session, because they
 * may be an injected command (CVE-2011-0411).
 *
 * If a PROXY header said that the client spoke TLS to the proxy, this handshake
 * was with the proxy.  The session then keeps only version and cipher of tls.
 * client_name, sni and alpn are those of the header, if it has them;
 * channel_binding is absent.  If the header does not mention TLS, the library
 * cannot know with whom the handshake was: leave client_name out if the
 * certificate is the proxy's.
 *
 * ARGUMENT: tls is NULL, or a span has a length but no pointer.  STATE: TLS is
 * not due now, or not all output has been sent.  MEMORY: an allocation failed.
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_tls_started(
    struct mailin_session *session, const struct mailin_tls *tls);

/* ---- The end ---- */

/*
 * Close the session, and drop its output, because the connection is unusable.
 * reason is MAILIN_CLOSE_TLS if a handshake failed, otherwise
 * MAILIN_CLOSE_ABORT.
 *
 * ARGUMENT: reason is neither of these two.  STATE: reason is MAILIN_CLOSE_TLS,
 * but no handshake is due.  BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_abort(
    struct mailin_session *session, enum mailin_close_reason reason);

/*
 * End the session because there was no progress for mailin_session_timeout
 * seconds: send 421 4.4.2 and close.  If a PROXY header or TLS must still come
 * first, close without a reply.
 *
 * STATE: a decision is pending, or replies to a message are not queued yet.
 * The program may have stored that message, so the 421 must not replace these
 * replies; the program may call mailin_session_abort.  BUSY: called from
 * inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_timed_out(
    struct mailin_session *session);

/*
 * End the session because the server shuts down: send 421 4.3.2 and close.  If
 * there is a transaction, this happens when it ends.  The 421 replaces a 220 to
 * STARTTLS that mailin_session_output has not returned yet.  If a PROXY header
 * or TLS must still come first, close without a reply.
 *
 * BUSY: called from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_shutdown(
    struct mailin_session *session);

/*
 * Returns how many seconds to wait in the current state.  0 means no limit: a
 * decision is pending.
 *
 * This is MAILIN_LIMIT_TIMEOUT_PROXY until a PROXY header that was announced is
 * complete, MAILIN_LIMIT_TIMEOUT_OUTPUT while there is output, and otherwise
 * MAILIN_LIMIT_TIMEOUT_INPUT.  When the time is over, and
 * mailin_session_progress has not grown, call mailin_session_timed_out.
 */
MAILIN_EXPORT unsigned mailin_session_timeout(
    const struct mailin_session *session);

/*
 * Returns a counter that begins at 0.  It grows with each complete line, each 4
 * KiB of a message, and each call of mailin_session_sent that removes octets.
 *
 * When it has grown, start the timeout again.  A timeout that starts again with
 * each octet would let a client hold a connection for days, by sending a line
 * one octet at a time.
 */
MAILIN_EXPORT uint64_t mailin_session_progress(
    const struct mailin_session *session);

#include <mailin/decision.h>
#include <mailin/query.h>

#endif
