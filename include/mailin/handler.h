/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HANDLER_H
#define MAILIN_HANDLER_H

#include <mailin/command.h>
#include <mailin/config.h>

/*
 * A handler is a set of callbacks, by which the program decides what the
 * library leaves to it.  A callback may be NULL; the session then uses the
 * default reply that its comment names.  Each callback gets the pointer that
 * mailin_session_new got as user.
 *
 * A callback that returns a reply decides: a positive reply accepts, a negative
 * one refuses, and PENDING means that mailin_session_resume will give the
 * reply.  OK is the right positive reply in every callback.  Any other positive
 * reply must fit the callback: mailin/reply.h lists the callbacks of each
 * standard reply, and a custom reply must have a code of 2xx, but exactly 220
 * in the callbacks "connect" and "starttls", and 354 in "data_start".  If a
 * reply does not fit, the client gets 451 4.3.0, or 421 from "connect".
 *
 * The spans and structs that a callback gets, and the memory that they point
 * to, live until the callback returns.
 *
 * Inside a callback the program may call: queries (mailin/query.h);
 * mailin_session_reply; mailin_session_resume for the decision of this
 * callback; mailin_session_free, which takes effect when the outermost call
 * returns; and the calls that belong to the callback.  All other calls change
 * nothing and return BUSY.
 */

struct mailin_session;

/* Why a transaction ended without a message, for the callback "reset". */
enum mailin_reset_reason {
	MAILIN_RESET_RSET,     /* RSET */
	MAILIN_RESET_HELO,     /* HELO, EHLO or LHLO */
	MAILIN_RESET_STARTTLS, /* STARTTLS */
	MAILIN_RESET_REFUSED,  /* the message was refused */
	MAILIN_RESET_CLOSED    /* the session ended */
};

/* Why a session ended, for the callback "close". */
enum mailin_close_reason {
	MAILIN_CLOSE_QUIT,       /* QUIT */
	MAILIN_CLOSE_EOF,        /* mailin_session_eof without QUIT */
	MAILIN_CLOSE_REFUSED,    /* a callback's reply ended the session */
	MAILIN_CLOSE_TIMEOUT,    /* mailin_session_timed_out */
	MAILIN_CLOSE_SHUTDOWN,   /* mailin_session_shutdown */
	MAILIN_CLOSE_LIMIT,      /* a limit was exceeded */
	MAILIN_CLOSE_EARLY_TALK, /* the client did not wait for a reply */
	MAILIN_CLOSE_PROTOCOL,   /* bare LF, HTTP, TLS in clear, bad BDAT */
	MAILIN_CLOSE_ABORT,      /* mailin_session_abort or _free */
	MAILIN_CLOSE_TLS,        /* mailin_session_abort after a failed
				    handshake */
	MAILIN_CLOSE_MEMORY      /* no memory for a reply that must be sent */
};

/* The direction of a line, for the callback "trace". */
enum mailin_direction {
	MAILIN_TRACE_IN, /* from the client */
	MAILIN_TRACE_OUT /* to the client */
};

/* The credentials of AUTH.  They are overwritten when the callback returns.
 * Members that the mechanism does not use are empty. */
struct mailin_credentials {
	enum mailin_mechanism mechanism;
	struct mailin_span authzid;  /* the identity that the client wants */
	struct mailin_span authcid;  /* the user; EXTERNAL: client_name */
	struct mailin_span password; /* PLAIN, LOGIN: any octets but NUL */
	struct mailin_span token;    /* the bearer token: OAUTHBEARER,
					XOAUTH2 */
};

/* A step of a mechanism that the program added.  It is overwritten when the
 * callback returns. */
struct mailin_sasl {
	struct mailin_span mechanism; /* the mechanism's name, as in the
					 config */
	bool first;                   /* the first step of an exchange */
	struct mailin_span response;  /* decoded; absent in a first step
	                                 that has no initial response */
};

/* The cause of a reply, for the callback "replied". */
enum mailin_outcome_kind {
	MAILIN_OUTCOME_CONNECT, /* the client has connected */
	MAILIN_OUTCOME_COMMAND, /* a command, or a response to a challenge */
	MAILIN_OUTCOME_MESSAGE, /* a message is complete */
	MAILIN_OUTCOME_CLOSE    /* a timeout, shutdown or early talk */
};

/* A reply that was queued for the client, and its cause. */
struct mailin_outcome {
	enum mailin_outcome_kind kind;
	/* The command that caused the reply.  For MESSAGE it is the command
	 * that brought the message: DATA, BDAT or BURL.  It is UNKNOWN for a
	 * line that could not be read, and for CONNECT and CLOSE. */
	enum mailin_verb verb;
	int code; /* such as 250 */
	/* Such as "5.1.1"; "" if the reply has no enhanced code.  The greeting
	 * and the replies to HELO, EHLO and LHLO do not show it. */
	const char *enhanced;
	/* The text after the codes.  A custom text may have several lines.  It
	 * is absent for the greeting, for a positive reply to EHLO and LHLO,
	 * and for a challenge. */
	struct mailin_span text;
};

/* The callbacks of a program. */
struct mailin_handler {
	size_t size; /* sizeof (struct mailin_handler) */

	/*
	 * A client has connected (mailin_session_peer).  After 421 and 521 the
	 * session ends at once; after 554 the client must send QUIT (RFC 5321
	 * 3.1).  The text of a custom 220 must begin with the host's name
	 * (4.2).  Default: OK.
	 */
	enum mailin_reply (
	    *connect)(struct mailin_session *session, void *user);

	/* HELO, EHLO or LHLO (verb).  The text of a custom reply replaces the
	 * first line, so it must begin with the host's name (RFC 5321 4.1.1.1).
	 * Default: OK. */
	enum mailin_reply (*helo)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_helo *helo, void *user);

	/* STARTTLS, before the 220.  Called only if STARTTLS is offered.
	 * Default: OK. */
	enum mailin_reply (
	    *starttls)(struct mailin_session *session, void *user);

	/*
	 * AUTH, with complete credentials.  On OK the identity of the client
	 * is the text given to mailin_session_set_identity, otherwise authzid,
	 * otherwise authcid.  EXTERNAL is offered and accepted only if the TLS
	 * facts have a client_name.  After a refused bearer token the client
	 * gets the error as a challenge, and the reply after its next line
	 * (RFC 7628 3.2.3).  Default: BAD_CREDENTIALS.
	 */
	enum mailin_reply (*auth)(struct mailin_session *session,
	    const struct mailin_credentials *credentials, void *user);

	/*
	 * A step of a mechanism that the program added.  Return the result of
	 * mailin_session_challenge to go on, OK after a call of
	 * mailin_session_set_identity, or a refusal.  The exchange also ends if
	 * the client ends it, and after 32 steps; no callback says so.  So free
	 * the memory of an exchange when step->first is true again, and when
	 * the callback "close" is called.  Default: BAD_MECHANISM.
	 */
	enum mailin_reply (*sasl)(struct mailin_session *session,
	    const struct mailin_sasl *step, void *user);

	/* MAIL.  Default: OK. */
	enum mailin_reply (*mail)(struct mailin_session *session,
	    const struct mailin_mail *mail, void *user);

	/* RCPT.  Default: RELAY_DENIED, because a server that accepts mail for
	 * any recipient is an open relay. */
	enum mailin_reply (*rcpt)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/* DATA, or the first BDAT or BURL: the envelope is complete
	 * (mailin_session_mail, _rcpt).  If DATA is refused, the transaction
	 * does not change, and the client may send DATA again.  Default: OK. */
	enum mailin_reply (
	    *data_start)(struct mailin_session *session, void *user);

	/*
	 * Octets of the message, in order, without the dots that the protocol
	 * adds, in pieces of any size.  OK accepts the octets.  PENDING accepts
	 * them, too, and no more octets come until mailin_session_resume is
	 * called.  Any other reply refuses the message: the "reset" callback is
	 * called at once, and that reply is sent after the end of the message.
	 * Default: INTERNAL_ERROR, because the octets would be lost.
	 */
	enum mailin_reply (*data)(struct mailin_session *session,
	    struct mailin_span octets, void *user);

	/*
	 * The message is complete.  A positive reply makes the program
	 * responsible for the message (RFC 5321 6.1).  SMTP: called once, and
	 * rcpt is NULL.  LMTP: called once for each accepted recipient, in
	 * order.  Default: OK.
	 */
	enum mailin_reply (*data_end)(struct mailin_session *session,
	    const struct mailin_rcpt *rcpt, void *user);

	/*
	 * VRFY, EXPN, HELP or ETRN (verb).  The argument is text of the
	 * client: escape it before you pass it to a shell or a database.  The
	 * defaults are CANNOT_VERIFY, NOT_OFFERED, HELP and NOT_OFFERED;
	 * return the same for a verb that the program does not support.
	 */
	enum mailin_reply (*query)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_text *argument,
	    void *user);

	/* BURL (RFC 4468): fetch the text that uri names, and append it to the
	 * message.  If last is true, the message is then complete, and the
	 * callback "data_end" is called.  Default: INTERNAL_ERROR. */
	enum mailin_reply (*burl)(struct mailin_session *session,
	    const struct mailin_burl *burl, void *user);

	/*
	 * XCLIENT or XFORWARD (verb): may this client speak for another one?
	 * Called only if the verb is offered.  The attributes are as they were
	 * sent; mailin_session_attribute returns them decoded, after the
	 * command is accepted.  mailin_session_next_peer returns the peer that
	 * XCLIENT names.
	 *
	 * After an accepted XCLIENT the proxy may pass on the octets of its
	 * client on the same connection (nginx does so).  That client must not
	 * use XCLIENT or XFORWARD, so the session has switched both off before
	 * this call.  If the client that XCLIENT names is a proxy that the
	 * program trusts, the callback may switch them on again
	 * (mailin_session_set_extension).  Default: REFUSED.
	 */
	enum mailin_reply (*xclient)(struct mailin_session *session,
	    enum mailin_verb verb, const struct mailin_attributes *attributes,
	    void *user);

	/*
	 * A command, or a parameter of MAIL or RCPT (verb), that the library
	 * does not know.  A positive reply of unknown_verb is sent to the
	 * client.  A positive reply of unknown_parameter accepts the parameter.
	 * If the client must first use TLS or AUTH, the command gets 530, and
	 * unknown_verb is not called.  Defaults: UNKNOWN_VERB, and the reply of
	 * MAILIN_POLICY_PARAMETERS.
	 */
	enum mailin_reply (*unknown_verb)(struct mailin_session *session,
	    const struct mailin_unknown *command, void *user);
	enum mailin_reply (*unknown_parameter)(struct mailin_session *session,
	    enum mailin_verb verb, struct mailin_span keyword,
	    struct mailin_span value, void *user);

	/*
	 * A transaction begins when MAIL is accepted, and ends with exactly one
	 * call of the "reset" or "delivered" callback.  So free the memory of a
	 * transaction in both callbacks, and nowhere else.  Inside them the
	 * envelope can still be read (mailin/query.h).
	 *
	 * "reset": there was no message, or the message was refused.  If it was
	 * refused, "reset" is called at the refusal, and not at the end of the
	 * message.
	 *
	 * "delivered": the callback "data_end" has accepted the message (LMTP:
	 * for at least one recipient), all decisions about it are made, and its
	 * replies are queued.  If the session ends before all these decisions
	 * are made, "delivered" is called at the end of the session; the
	 * recipients without a decision get no reply.
	 */
	void (*reset)(struct mailin_session *session,
	    enum mailin_reset_reason reason, void *user);
	void (*delivered)(struct mailin_session *session, void *user);

	/*
	 * The session has ended.  This callback is called once.  After that
	 * only the callbacks "trace" and "replied" may be called.  The output
	 * may still hold replies: close the connection when mailin_session_want
	 * is CLOSE and the output has been sent.
	 */
	void (*close)(struct mailin_session *session,
	    enum mailin_close_reason reason, void *user);

	/*
	 * Called for each line of a command or reply; the line is without CR
	 * LF.  The octets of a message are not traced.  A 220 to STARTTLS is
	 * traced even if a 554 or 421 replaces it.  A line with AUTH is shown
	 * as "AUTH <hidden>", a response to a challenge as "<hidden>", and a
	 * line that is too long or not SMTP as "<dropped>".  Other lines are
	 * what the client sent: escape them before you print them.
	 */
	void (*trace)(struct mailin_session *session,
	    enum mailin_direction direction, struct mailin_span line,
	    void *user);

	/* A reply was queued.  Inside this callback mailin_session_command
	 * returns the command, if it was refused.  DATA gets two replies: 354,
	 * and one of kind MESSAGE.  In LMTP there is one of kind MESSAGE for
	 * each recipient.  A 220 to STARTTLS is reported even if a 554 or 421
	 * replaces it before it is sent.  For logs and counters this callback
	 * costs less than trace. */
	void (*replied)(struct mailin_session *session,
	    const struct mailin_outcome *outcome, void *user);
};

#endif
