/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HANDLER_H
#define MAILIN_HANDLER_H

#include <mailin/command.h>
#include <mailin/config.h>

/*
 * What the program decides.  Each callback may be NULL and then has the
 * default that stands beside it; all get the pointer that the session was
 * made with as user.
 *
 * A callback that returns a reply decides: a positive reply agrees, a negative
 * one refuses, PENDING says "later" (mailin_session_resume).  OK is the right
 * positive reply in every place.  A custom reply must be what the place calls
 * for (2xx; for connect and starttls 220, for data_start 354) to agree, and a
 * standard one must belong to the place (mailin/reply.h); any other positive
 * one is answered 451 4.3.0, or 421 for connect.
 *
 * Spans and structs that a callback is given live until it returns, and so
 * does what they point to.
 *
 * From inside a callback only queries, mailin_session_reply,
 * mailin_session_resume of the decision in hand, mailin_session_free (it takes
 * effect when the outermost call returns), and what is said to be for that
 * callback, are allowed; other calls change nothing and answer BUSY.
 */
struct mailin_session;

enum mailin_reset_reason {
	MAILIN_RESET_RSET,     /* RSET */
	MAILIN_RESET_HELO,     /* HELO, EHLO or LHLO */
	MAILIN_RESET_STARTTLS, /* STARTTLS */
	MAILIN_RESET_REFUSED,  /* the message was refused, by whomever */
	MAILIN_RESET_CLOSED    /* the session ended */
};

enum mailin_close_reason {
	MAILIN_CLOSE_QUIT,    /* the client said so */
	MAILIN_CLOSE_EOF,     /* it went without saying so */
	MAILIN_CLOSE_REFUSED, /* a callback's reply ended the session */
	MAILIN_CLOSE_TIMEOUT,
	MAILIN_CLOSE_SHUTDOWN,
	MAILIN_CLOSE_LIMIT,      /* too many of something */
	MAILIN_CLOSE_EARLY_TALK, /* input before a reply it must wait for */
	MAILIN_CLOSE_PROTOCOL,   /* bare LF, HTTP, TLS in clear, bad BDAT */
	MAILIN_CLOSE_ABORT,      /* mailin_session_abort or _free */
	MAILIN_CLOSE_TLS,        /* mailin_session_abort: the handshake */
	MAILIN_CLOSE_MEMORY      /* none left for the greeting */
};

enum mailin_direction {
	MAILIN_TRACE_IN, /* from the client */
	MAILIN_TRACE_OUT /* to it */
};

/*
 * The credentials of AUTH.  They are wiped when the callback returns.  What a
 * mechanism does not have is empty.
 */
struct mailin_credentials {
	enum mailin_mechanism mechanism;
	struct mailin_span authzid;  /* whom to act as */
	struct mailin_span authcid;  /* who; EXTERNAL: the certificate's */
	struct mailin_span password; /* PLAIN, LOGIN: any octet but NUL */
	struct mailin_span token;    /* OAUTHBEARER, XOAUTH2 */
};

/* One step of a mechanism of the program's own.  It is wiped likewise. */
struct mailin_sasl {
	struct mailin_span mechanism; /* as it was added to the config */
	bool first;                   /* the exchange begins */
	struct mailin_span response;  /* decoded; absent: none yet */
};

struct mailin_handler {
	size_t size; /* sizeof (struct mailin_handler) */

	/* A client has connected (mailin_session_peer).  Refusals: 421 and 521
	 * close at once, 554 waits for QUIT (RFC 5321 3.1).  The text of a
	 * custom 220 begins with the host's name (4.2), which the library does
	 * not put there.  Default: OK. */
	enum mailin_reply (
	    *connect)(struct mailin_session *session, void *user);

	/* HELO, EHLO or LHLO, by verb.  A custom reply's text stands in place
	 * of the first line's, so it begins with the host's name (RFC 5321
	 * 4.1.1.1).  Default: OK. */
	enum mailin_reply (*helo)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_helo *helo, void *user);

	/* STARTTLS, before its 220.  Default: OK, where it is offered. */
	enum mailin_reply (
	    *starttls)(struct mailin_session *session, void *user);

	/* AUTH.  EXTERNAL comes here only where TLS has shown a client_name,
	 * and is neither offered nor taken elsewhere.  OK makes authzid, or
	 * authcid where that is empty, the identity, or what
	 * mailin_session_set_identity was given.  A refusal of a token goes
	 * through the round trip of RFC 7628 3.2.3 before it is sent.
	 * Default: BAD_CREDENTIALS. */
	enum mailin_reply (*auth)(struct mailin_session *session,
	    const struct mailin_credentials *credentials, void *user);

	/* A step of a mechanism of the program's own: answer with
	 * mailin_session_challenge to go on, OK after
	 * mailin_session_set_identity, or a refusal.  A refusal ends the
	 * exchange, and so may the client at any time, and the library after 32
	 * steps: free what it holds when first is set again, and at close.
	 * Default: BAD_MECHANISM. */
	enum mailin_reply (*sasl)(struct mailin_session *session,
	    const struct mailin_sasl *step, void *user);

	/* MAIL.  Default: OK. */
	enum mailin_reply (*mail)(struct mailin_session *session,
	    const struct mailin_mail *mail, void *user);

	/* RCPT.  Default: RELAY_DENIED, since a server that takes mail for
	 * anybody is an open relay. */
	enum mailin_reply (*rcpt)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/* DATA or the first BDAT: the envelope is complete
	 * (mailin_session_mail, _rcpt).  Where DATA is refused the transaction
	 * stays as it was, and DATA may come again.  Default: OK. */
	enum mailin_reply (
	    *data_start)(struct mailin_session *session, void *user);

	/* Octets of the message, in order, dots removed; as long a piece of
	 * what was fed as can be, or short ones gathered.  OK: taken.  PENDING:
	 * taken too, but no more until resume.  Any other: the message is
	 * refused with that reply, once it has ended; reset is called at once.
	 * Default: INTERNAL_ERROR, for the octets would be lost. */
	enum mailin_reply (*data)(struct mailin_session *session,
	    struct mailin_span octets, void *user);

	/* The end of the message, which is whole.  A positive reply takes over
	 * the responsibility for it (RFC 5321 6.1).  SMTP: called once, rcpt is
	 * NULL.  LMTP: once for each accepted recipient, in order.
	 * Default: OK. */
	enum mailin_reply (*data_end)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/* VRFY, EXPN, HELP or ETRN, by verb.  The argument is for people: do
	 * not give it to a shell or a database.  Defaults, also for the verbs
	 * that the program does not care for: CANNOT_VERIFY, NOT_OFFERED, HELP,
	 * NOT_OFFERED. */
	enum mailin_reply (*query)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_text *argument,
	    void *user);

	/* BURL: fetch what uri names and put it behind the octets of the
	 * message so far; last: it is then complete, data_end follows.
	 * Default: INTERNAL_ERROR. */
	enum mailin_reply (*burl)(struct mailin_session *session,
	    const struct mailin_burl *burl, void *user);

	/* XCLIENT, XFORWARD, where they are offered: may the client say so?
	 * attributes are as they were sent; mailin_session_next_peer returns
	 * whom XCLIENT tells.  They can be asked for, decoded
	 * (mailin_session_attribute), once it has been agreed.
	 *
	 * After an XCLIENT that was agreed to the octets of the client follow
	 * on the same connection, as with nginx, so both are off from then on.
	 * If the client is itself a proxy that the program trusts, switch them
	 * on here for it (mailin_session_set_extension).  Default: REFUSED,
	 * lest anybody may. */
	enum mailin_reply (*xclient)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_attributes *attributes,
	    void *user);

	/* A command that the library does not know, and a parameter of MAIL or
	 * RCPT that it does not know.  Positive replies: the command is the
	 * program's own; the parameter is taken.  Where TLS or AUTH is REQUIRED
	 * and missing, no verb is asked about: 530.  Defaults: UNKNOWN_VERB; as
	 * MAILIN_POLICY_PARAMETERS has it. */
	enum mailin_reply (*unknown_verb)(struct mailin_session *session,
	    const struct mailin_unknown *command, void *user);
	enum mailin_reply (*unknown_parameter)(struct mailin_session *session,
	    enum mailin_verb verb, struct mailin_span keyword,
	    struct mailin_span value, void *user);

	/* A transaction begins when MAIL is accepted, and ends with a call of
	 * exactly one of these two: the program frees in both what it took for
	 * the transaction, and nowhere else.
	 *
	 * reset: the message was not delivered, or there was none.  If the
	 * message is refused, reset is called at once, and not again when its
	 * end has come.
	 *
	 * delivered: data_end has accepted the message (LMTP: for at least one
	 * recipient), every decision about it was made, and its replies are
	 * queued.  If the session ends before that, delivered is called all the
	 * same once data_end has accepted: those recipients that still wait for
	 * a decision get none. */
	void (*reset)(struct mailin_session *session,
	    enum mailin_reset_reason reason, void *user);
	void (*delivered)(struct mailin_session *session, void *user);

	/* The session is over; called once, and nothing but trace after it.
	 * Replies may still be in the output: close the connection when want
	 * is CLOSE and they are sent. */
	void (*close)(struct mailin_session *session,
	    enum mailin_close_reason reason, void *user);

	/* Each line of a command or reply, without its CR LF; the octets of a
	 * message are not traced, and a 220 to STARTTLS is even where a 554
	 * or a 421 takes its place before it is sent.  AUTH lines and the
	 * answers to challenges come as "AUTH <hidden>" and "<hidden>", lines
	 * too long to be kept and what is no SMTP as "<dropped>".  Other octets
	 * in are as the client sent them: escape them before you print them.
	 */
	void (*trace)(struct mailin_session *session,
	    enum mailin_direction direction, struct mailin_span line,
	    void *user);
};

#endif
