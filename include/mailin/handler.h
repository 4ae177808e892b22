/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HANDLER_H
#define MAILIN_HANDLER_H

#include <mailin/command.h>
#include <mailin/config.h>

/*
 * A handler is the callbacks of a program: the decisions that the library
 * leaves to it.  A callback may be NULL; its default is then the reply.  Each
 * callback gets the pointer that mailin_session_new got as user.
 *
 * A callback that returns a reply makes a decision: a positive reply accepts, a
 * negative one refuses, and PENDING means that the decision comes later
 * (mailin_session_resume).  OK is the right positive reply of every callback.
 * Another positive reply must fit the callback: a standard reply names its
 * callbacks (mailin/reply.h), and a custom one has a code of 2xx, for connect
 * and starttls 220, for data_start 354.  If it does not fit, the client gets
 * 451 4.3.0, or 421 for connect.
 *
 * The spans and structs that a callback gets, and the memory that they point
 * to, live until it returns.
 *
 * Inside a callback a program may call queries (mailin/query.h),
 * mailin_session_reply, mailin_session_resume for the decision that the
 * callback makes, mailin_session_free (which takes effect when the outermost
 * call returns), and the calls that belong to the callback.  Other calls change
 * nothing and return BUSY.
 */
struct mailin_session;

enum mailin_reset_reason {
	MAILIN_RESET_RSET,     /* RSET */
	MAILIN_RESET_HELO,     /* HELO, EHLO or LHLO */
	MAILIN_RESET_STARTTLS, /* STARTTLS */
	MAILIN_RESET_REFUSED,  /* the message was refused */
	MAILIN_RESET_CLOSED    /* the session ended */
};

enum mailin_close_reason {
	MAILIN_CLOSE_QUIT,       /* QUIT */
	MAILIN_CLOSE_EOF,        /* mailin_session_eof, without QUIT */
	MAILIN_CLOSE_REFUSED,    /* a callback's reply ended the session */
	MAILIN_CLOSE_TIMEOUT,    /* mailin_session_timed_out */
	MAILIN_CLOSE_SHUTDOWN,   /* mailin_session_shutdown */
	MAILIN_CLOSE_LIMIT,      /* a limit that closes was exceeded */
	MAILIN_CLOSE_EARLY_TALK, /* input before a reply to wait for */
	MAILIN_CLOSE_PROTOCOL,   /* bare LF, HTTP, TLS in clear, bad BDAT */
	MAILIN_CLOSE_ABORT,      /* mailin_session_abort or _free */
	MAILIN_CLOSE_TLS,        /* mailin_session_abort: the handshake */
	MAILIN_CLOSE_MEMORY      /* no memory for a reply that must be sent */
};

enum mailin_direction {
	MAILIN_TRACE_IN, /* from the client */
	MAILIN_TRACE_OUT /* to it */
};

/* The credentials of AUTH.  They are wiped when the callback returns.  A member
 * that the mechanism does not have is empty. */
struct mailin_credentials {
	enum mailin_mechanism mechanism;
	struct mailin_span authzid;  /* the identity that is asked for */
	struct mailin_span authcid;  /* the user; EXTERNAL: client_name */
	struct mailin_span password; /* PLAIN, LOGIN: any octet but NUL */
	struct mailin_span token;    /* OAUTHBEARER, XOAUTH2 */
};

/* A step of a mechanism of the program's own.  It is wiped when the callback
 * returns. */
struct mailin_sasl {
	struct mailin_span mechanism; /* as it was added to the config */
	bool first;                   /* the first step of an exchange */
	struct mailin_span response;  /* decoded; absent in a first step
	                                 without initial response */
};

struct mailin_handler {
	size_t size; /* sizeof (struct mailin_handler) */

	/* A client has connected (mailin_session_peer).  Refusals: 421 and 521
	 * close at once, 554 waits for QUIT (RFC 5321 3.1).  The text of a
	 * custom 220 must begin with the host's name (4.2), which the library
	 * does not add.  Default: OK. */
	enum mailin_reply (
	    *connect)(struct mailin_session *session, void *user);

	/* HELO, EHLO or LHLO, by verb.  The text of a custom reply replaces
	 * the first line, so it must begin with the host's name (RFC 5321
	 * 4.1.1.1).  Default: OK. */
	enum mailin_reply (*helo)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_helo *helo, void *user);

	/* STARTTLS, before its 220; only if it is offered.  Default: OK. */
	enum mailin_reply (
	    *starttls)(struct mailin_session *session, void *user);

	/* AUTH with the complete credentials.  On OK the identity is the text
	 * that mailin_session_set_identity got, or else authzid, or else
	 * authcid.  EXTERNAL is offered and accepted only if the TLS facts have
	 * a client_name.  If a token is refused, the client gets the error as a
	 * challenge first, and the reply after its next line (RFC 7628 3.2.3).
	 * Default: BAD_CREDENTIALS. */
	enum mailin_reply (*auth)(struct mailin_session *session,
	    const struct mailin_credentials *credentials, void *user);

	/* A step of a mechanism of the program's own.  Return the result of
	 * mailin_session_challenge to go on, OK after
	 * mailin_session_set_identity, or a refusal, which ends the exchange.
	 * The client may end it at any time, and the library ends it after 32
	 * steps.  So free the memory of an exchange when first is true again,
	 * and at close.  Default: BAD_MECHANISM. */
	enum mailin_reply (*sasl)(struct mailin_session *session,
	    const struct mailin_sasl *step, void *user);

	/* MAIL.  Default: OK. */
	enum mailin_reply (*mail)(struct mailin_session *session,
	    const struct mailin_mail *mail, void *user);

	/* RCPT.  Default: RELAY_DENIED, since a server that accepts mail for
	 * any recipient is an open relay. */
	enum mailin_reply (*rcpt)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/* DATA or the first BDAT: the envelope is complete
	 * (mailin_session_mail, _rcpt).  If DATA is refused, the transaction
	 * does not change, and DATA may come again.  Default: OK. */
	enum mailin_reply (
	    *data_start)(struct mailin_session *session, void *user);

	/* Octets of the message, in order, without the dots that the protocol
	 * adds, in pieces of any size.  OK: the octets were accepted.  PENDING:
	 * they were accepted, too, and no more come until resume.  Any other
	 * reply refuses the message: reset is called at once, and the reply is
	 * sent after the end of the message.  Default: INTERNAL_ERROR, because
	 * the octets would be lost. */
	enum mailin_reply (*data)(struct mailin_session *session,
	    struct mailin_span octets, void *user);

	/* The message is complete.  A positive reply takes over the
	 * responsibility for it (RFC 5321 6.1).  SMTP: called once, and rcpt is
	 * NULL.  LMTP: called once for each accepted recipient, in order.
	 * Default: OK. */
	enum mailin_reply (*data_end)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/* VRFY, EXPN, HELP or ETRN, by verb.  The argument is text of the
	 * client: escape it before a shell or a database gets it.  Defaults,
	 * and the replies for a verb that the program does not support:
	 * CANNOT_VERIFY, NOT_OFFERED, HELP, NOT_OFFERED. */
	enum mailin_reply (*query)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_text *argument,
	    void *user);

	/* BURL (RFC 4468): fetch the text that uri names, and append it to the
	 * octets of the message so far.  last: the message is then complete,
	 * and data_end follows.  Default: INTERNAL_ERROR. */
	enum mailin_reply (*burl)(struct mailin_session *session,
	    const struct mailin_burl *burl, void *user);

	/* XCLIENT or XFORWARD, by verb, if it is offered: may this client speak
	 * for another?  The attributes are as they were sent;
	 * mailin_session_next_peer returns the peer that XCLIENT names.  After
	 * it is accepted, mailin_session_attribute returns them decoded.
	 *
	 * After an accepted XCLIENT the octets of the proxy's client follow on
	 * the same connection, as with nginx, so both verbs are off from then
	 * on.  If that client is itself a proxy that the program trusts, switch
	 * them on here for it (mailin_session_set_extension).  Default:
	 * REFUSED. */
	enum mailin_reply (*xclient)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_attributes *attributes,
	    void *user);

	/* A command, or a parameter of MAIL or RCPT (by verb), that the library
	 * does not know.  A positive reply of unknown_verb is sent to the
	 * client; one of unknown_parameter accepts the parameter.  If TLS or
	 * AUTH is REQUIRED and missing, the command gets 530, and unknown_verb
	 * is not called.  Defaults: UNKNOWN_VERB; as MAILIN_POLICY_PARAMETERS
	 * says. */
	enum mailin_reply (*unknown_verb)(struct mailin_session *session,
	    const struct mailin_unknown *command, void *user);
	enum mailin_reply (*unknown_parameter)(struct mailin_session *session,
	    enum mailin_verb verb, struct mailin_span keyword,
	    struct mailin_span value, void *user);

	/* A transaction begins when MAIL is accepted, and ends with exactly one
	 * call of one of these two.  So a program frees the memory of a
	 * transaction in both of them, and nowhere else.
	 *
	 * reset: there was no message, or it was not delivered.  If the message
	 * is refused, reset is called at once, and not again at its end.
	 *
	 * delivered: data_end has accepted the message (LMTP: for at least one
	 * recipient), every decision about it was made, and its replies are
	 * queued.  If data_end has accepted it and the session ends before its
	 * other decisions are made, delivered is called as well; the recipients
	 * without a decision get no reply. */
	void (*reset)(struct mailin_session *session,
	    enum mailin_reset_reason reason, void *user);
	void (*delivered)(struct mailin_session *session, void *user);

	/* The session has ended.  close is called once; after it only trace may
	 * be called.  Replies may still be in the output: close the connection
	 * when mailin_session_want is CLOSE and they are sent. */
	void (*close)(struct mailin_session *session,
	    enum mailin_close_reason reason, void *user);

	/* Each line of a command or reply, without its CR LF.  The octets of a
	 * message are not traced.  A 220 to STARTTLS is traced even if a 554 or
	 * 421 replaces it before it is sent.  An AUTH line is "AUTH <hidden>",
	 * a response to a challenge is "<hidden>", and a line that is too long
	 * or not SMTP is "<dropped>".  Other lines of the client are as it sent
	 * them: escape them before you print them. */
	void (*trace)(struct mailin_session *session,
	    enum mailin_direction direction, struct mailin_span line,
	    void *user);
};

#endif
