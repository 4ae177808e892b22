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
 * The table shows what each call returns in each state of the session, with
 * arguments that are right in themselves (mailin_session_ is left out of the
 * names):
 *
 *	before	before the first feed or output, which open the session
 *	open	want is INPUT or OUTPUT
 *	pending	want is DECISION: a callback has returned PENDING
 *	closed	want is CLOSE
 *	inside	from inside a callback that decides, here rcpt
 *
 * OK is success, "-" that the call does nothing and says so (0, an absent span,
 * or the standard reply of the class), and the others are errors
 * (mailin/error.h), after which nothing has changed.  The last column tells
 * which calls may call a callback.
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
 * Inside reset, delivered, close and trace, which decide nothing, reply,
 * reply_text and decision are "-", and resume is BUSY.
 *
 * The queries (mailin/query.h) and mailin_session_received may be called in
 * every state and from inside every callback, and call nothing back.
 */

/* Make a session.  No callback is called and nothing is queued yet.  config
 * and handler must outlive it, and stay as they are.  NULL: no memory, or a
 * handler without size. */
MAILIN_EXPORT struct mailin_session *mailin_session_new(
    const struct mailin_config *config, const struct mailin_handler *handler,
    void *user);

/* End it (as mailin_session_abort does) and free it.  NULL is allowed. */
MAILIN_EXPORT void mailin_session_free(struct mailin_session *session);

/* ---- Before it opens: the first feed or output opens it ---- */

/*
 * Both ends of the connection; every span may be absent, all are copied.
 *
 * An IP address is told in one form, from whatever source it comes: set_peer, a
 * PROXY header or XCLIENT.  An IPv4 address in IPv6 form ("::ffff:192.0.2.1",
 * RFC 4291 2.5.5.2) is told as IPv4, other IPv6 addresses as RFC 5952 has them.
 * Text that is no IP address stays as it is.
 */
struct mailin_peer {
	struct mailin_span address; /* "192.0.2.1", "2001:db8::1" */
	unsigned port;
	struct mailin_span name; /* from reverse DNS, verified */
	struct mailin_span local_address;
	unsigned local_port;
	uint64_t reserved[4]; /* 0 */
};

/* STATE once it is open, ARGUMENT, MEMORY. */
MAILIN_EXPORT enum mailin_error mailin_session_set_peer(
    struct mailin_session *session, const struct mailin_peer *peer);

/*
 * Offer an extension to this client, or not, whatever the config says: XCLIENT
 * to a proxy that the program trusts, for one.  From inside connect it is
 * allowed too, and until the resume of that: mailin_session_peer then returns
 * whom a PROXY header has named.  STATE once that is decided.
 *
 * XCLIENT and XFORWARD are for the peer that was asked about, and for nobody
 * behind it, for the octets of the client follow those of its proxy on the same
 * connection.  So both are switched off, and refused with NOT_ALLOWED, after
 * each XCLIENT that was carried out, and after a PROXY header that does not
 * tell the proxy's own connection (version 2, LOCAL).  A program that trusts
 * the client which is then told, because it is a proxy too, switches them on
 * for that one: for a PROXY header in connect, for XCLIENT inside xclient or
 * until the resume of that, after a look at mailin_session_next_peer.  What is
 * switched for XCLIENT holds from when the XCLIENT is carried out; if it is
 * refused, nothing has changed.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_extension(
    struct mailin_session *session, enum mailin_extension extension, bool on);

/*
 * The client is a proxy that the program trusts, and must begin with a PROXY
 * protocol header (version 1 or 2).  It tells the true peer, which
 * mailin_session_peer then returns, before connect is called.  A connection
 * that begins otherwise is closed without a word, and so is one whose header
 * does not come (mailin_session_timed_out, _shutdown, _eof).  Only if memory is
 * gone there is a 421.  Until the header is whole mailin_session_timeout is
 * MAILIN_LIMIT_TIMEOUT_PROXY.
 *
 * A header of version 2 may say that the client spoke TLS to the proxy
 * (proxy-protocol.txt 2.2.6, PP2_CLIENT_SSL).  The session is then inside TLS:
 * mailin_session_tls returns what the header tells, AUTH is offered,
 * MAILIN_TLS_REQUIRED is satisfied, the protocol is ESMTPS, and STARTTLS is
 * over.  Between the proxy and here the octets travel in clear.
 *
 * Returns STATE once the session is open, and after a header has been read.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_proxy(
    struct mailin_session *session);

/*
 * The client begins with TLS (implicit TLS, RFC 8314), after a PROXY header if
 * one is expected too; the order of the two calls does not matter.
 * mailin_session_want is then INPUT until the header is whole, and TLS after
 * it; without a header it is TLS at once.  mailin_session_feed takes the header
 * and not one octet more: those that it leaves belong to the TLS library, and
 * are no early talk.  After the handshake call mailin_session_tls_started; the
 * session opens with the next output or feed.
 *
 * Until then nothing is queued: a client that expects TLS has no use for a
 * reply in clear.  mailin_session_timed_out, _shutdown and _eof close the
 * session without a word.
 *
 * Returns STATE once the session is open, and after tls_started.
 */
MAILIN_EXPORT enum mailin_error mailin_session_expect_tls(
    struct mailin_session *session);

/* ---- Input ---- */

enum mailin_want {
	MAILIN_WANT_INPUT,    /* octets from the client */
	MAILIN_WANT_OUTPUT,   /* room in the queue: send what output gives */
	MAILIN_WANT_DECISION, /* mailin_session_resume */
	MAILIN_WANT_TLS,      /* send the rest, then do the TLS handshake:
	                         after STARTTLS, or as the first thing */
	/* Send the rest, shut down writing, read and drop until the end or for
	 * two seconds, close: to close with input unread would lose the last
	 * reply. */
	MAILIN_WANT_CLOSE
};

/* What the session waits for.  Before it opens that is INPUT, or TLS after
 * mailin_session_expect_tls. */
MAILIN_EXPORT enum mailin_want mailin_session_want(
    const struct mailin_session *session);

/*
 * Offer octets from the client; returns how many it took.  It takes all of
 * them unless mailin_session_want is then not INPUT; offer the others again
 * when it is.  The result does not depend on how the stream is cut.  A
 * session that is closed takes no octets.  len may be 0.  Returns 0 inside a
 * callback, after mailin_session_eof, and if octets is NULL.
 */
MAILIN_EXPORT size_t mailin_session_feed(struct mailin_session *session,
    const char *octets, size_t len);

/*
 * No more input will come: an unfinished line is dropped, an open message or
 * AUTH exchange ends; open decisions may still be made; then want is CLOSE.
 * The client may have closed its side only, and still wait for replies.  BUSY:
 * from inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_eof(
    struct mailin_session *session);

/* ---- Output ---- */

/*
 * Octets to send, len 0 if there are none, and inside a callback.  They stay in
 * place, unchanged, until mailin_session_sent has covered them.
 */
MAILIN_EXPORT struct mailin_span mailin_session_output(
    struct mailin_session *session);

/*
 * So many octets of the output have been handed to a transport that keeps
 * their order.  Call it before more input is offered.  It goes on with work
 * that had waited for room.  RANGE: more than output gave.  BUSY: from
 * inside a callback.
 */
MAILIN_EXPORT enum mailin_error mailin_session_sent(
    struct mailin_session *session, size_t len);

/* ---- Decisions ---- */

/*
 * Format the reply that the callback is about to return, or that resume is
 * about to be given.  code is 200 to 599, but for 334, which is a challenge's
 * (mailin_session_challenge); enhanced is an enhanced code of the same class
 * ("4.2.2", RFC 3463).  Anything else ("", NULL, malformed, or of another
 * class, such as "4.1.1" with 550) gives the code of that class that says no
 * more ("5.0.0"); a reply of class 3 has none.  A newline in the text begins a
 * new line of the reply; long lines are folded; control and 8-bit octets become
 * "?"; text over 2048 octets is cut.  So nothing can be injected.
 *
 * Returns CUSTOM.  With a bad code, a format that is NULL or no memory it
 * returns the standard reply of the first digit instead (OK, INTERNAL_ERROR,
 * FAILED): never one of another class.  With 334 it is INTERNAL_ERROR.
 *
 * A session holds one such reply: the next call takes its place, and the return
 * or the resume that uses it uses it up.  Where several decisions wait (LMTP),
 * format right before each resume.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply(
    struct mailin_session *session, int code, const char *enhanced,
    const char *format, ...) MAILIN_FORMAT(4, 5);

/*
 * Like mailin_session_reply, but text is no format: for programs in other
 * languages, and for text from elsewhere.  An absent text is an empty one.
 * If text has octets but no pointer, returns the standard reply of the first
 * digit.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply_text(
    struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text);

/*
 * The token of the decision that the session is waiting for, or that the
 * callback which is running decides; 0 if there is none.  Tokens are never
 * used twice in a session.  LMTP: several data_end decisions may wait at the
 * same time; this is the first.
 */
MAILIN_EXPORT uint64_t mailin_session_decision(
    const struct mailin_session *session);

/*
 * Make the decision with this token.  STALE: the session does not wait for it,
 * or no longer.  ARGUMENT: reply is PENDING or no reply, or is CUSTOM while no
 * reply is formatted.  BUSY: from inside a callback that decides another thing.
 *
 * The callback that is making the decision may call it too.  It then takes
 * effect when that callback returns PENDING.
 */
MAILIN_EXPORT enum mailin_error mailin_session_resume(
    struct mailin_session *session, uint64_t token, enum mailin_reply reply);

/*
 * From inside helo: add a keyword to the reply to EHLO or LHLO, with
 * parameters ("" for none).  It takes the place of the library's own line for
 * that keyword, if there is one: so FUTURERELEASE gets the bounds that RFC 4865
 * wants.  ARGUMENT: a text is NULL; SYNTAX: not an ehlo-line of RFC 5321
 * 4.1.1.1, or over 500 octets; STATE: no EHLO is being decided; RANGE: over
 * 1000 octets in all; MEMORY.
 */
MAILIN_EXPORT enum mailin_error mailin_session_ehlo_keyword(
    struct mailin_session *session, const char *keyword,
    const char *parameters);

/*
 * From inside sasl, or before the resume of one: the challenge to send next,
 * any octets, up to 3000.  Returns the reply to return or to resume with;
 * INTERNAL_ERROR if that is too long, memory is gone, or no step is being
 * decided.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_challenge(
    struct mailin_session *session, const char *octets, size_t len);

/*
 * From inside auth or sasl, or before the resume of one: who the client is if
 * it is agreed to.  ARGUMENT: it is NULL; SYNTAX: not UTF-8, empty, or with a
 * control; STATE: no AUTH is being decided; MEMORY.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_identity(
    struct mailin_session *session, const char *identity);

/* ---- TLS ---- */

/* Facts of a TLS connection, for queries and Received:.  All are copied. */
struct mailin_tls {
	struct mailin_span version; /* "TLSv1.3" */
	struct mailin_span cipher;  /* "TLS_AES_256_GCM_SHA384" */
	struct mailin_span sni;
	struct mailin_span alpn;
	struct mailin_span client_name;     /* of a verified certificate; AUTH
	                                       EXTERNAL is offered by it */
	struct mailin_span channel_binding; /* tls-exporter or tls-unique */
	uint64_t reserved[4];               /* 0 */
};

/*
 * The handshake is done, before the session opens (implicit TLS) or when want
 * is TLS and the output is drained; else STATE.  All that the client said
 * before is forgotten (RFC 3207 4.2), what XCLIENT and XFORWARD told as well:
 * the peer is again the one that set_peer or the PROXY header has told.  Where
 * XCLIENT and XFORWARD were switched off they stay off.
 *
 * After STARTTLS the program must, before the handshake, offer to feed every
 * clear octet that it has read: any such octet ends the session, since it may
 * be an injected command (CVE-2011-0411).
 *
 * If a PROXY header has said that the client spoke TLS to the proxy, this
 * handshake was the proxy's.  Version and cipher are then those of tls; sni and
 * alpn are the client's, if the header has them; client_name is that of the
 * header or absent, and channel_binding is absent: those of tls are the
 * proxy's, and no proof of who the client is.  If the header does not tell of
 * TLS, the library cannot know whose handshake it was: do not hand over the
 * client_name of a certificate that is the proxy's own.
 */
MAILIN_EXPORT enum mailin_error mailin_session_tls_started(
    struct mailin_session *session, const struct mailin_tls *tls);

/* ---- The end ---- */

/* Nothing can be sent any more: the session is closed, and has no output.
 * reason is MAILIN_CLOSE_ABORT if the connection or its TLS is gone, and
 * MAILIN_CLOSE_TLS if a handshake failed; else ARGUMENT.  STATE:
 * MAILIN_CLOSE_TLS, but want is not TLS.  BUSY: from inside a callback. */
MAILIN_EXPORT enum mailin_error mailin_session_abort(
    struct mailin_session *session, enum mailin_close_reason reason);

/* Nothing moved for mailin_session_timeout seconds: 421 4.4.2, close; while a
 * PROXY header or TLS is waited for, close without a word.  STATE while a
 * decision is waited for or the replies to a message are not all queued, since
 * the store may have the message: a 421 never overtakes them, but the program
 * may abort. */
MAILIN_EXPORT enum mailin_error mailin_session_timed_out(
    struct mailin_session *session);

/* The server is going down: 421 4.3.2, close; at once between transactions,
 * else when the transaction that has begun is over.  The 421 takes the place of
 * a 220 to STARTTLS that output has not shown.  While a PROXY header or TLS is
 * waited for otherwise, close without a word. */
MAILIN_EXPORT enum mailin_error mailin_session_shutdown(
    struct mailin_session *session);

/* Seconds to wait in the present state; 0: no limit, a decision is open. */
MAILIN_EXPORT unsigned mailin_session_timeout(
    const struct mailin_session *session);

/* A number that grows with each whole line, each 4 KiB of message and each
 * output sent, and with nothing less: restart the timeout when it moved. */
MAILIN_EXPORT uint64_t mailin_session_progress(
    const struct mailin_session *session);

#include <mailin/query.h>

#endif
