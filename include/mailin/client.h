/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CLIENT_H
#define MAILIN_CLIENT_H

#include <mailin/client_reply.h>
#include <mailin/command.h>
#include <mailin/config.h>

/*
 * The client side of SMTP (RFC 5321) and LMTP (RFC 2033), for a program that
 * hands mail on to another server.  Like the session it does no I/O: commands
 * become octets to send, the octets of the server become replies.
 *
 *	for (;;) {
 *		in = read();
 *		if (in.len == 0)
 *			mailin_client_eof(client);
 *		while ((event = mailin_client_feed(client, &in, &reply)) ==
 *		    MAILIN_CLIENT_REPLY)
 *			next(client, &reply);
 *		if (event == MAILIN_CLIENT_FAULT)
 *			break;
 *		while ((out = mailin_client_output(client)).len > 0)
 *			mailin_client_sent(client, write(out.ptr, out.len));
 *	}
 *
 * next() is a function of the program: it looks at the reply, and queues the
 * next command.  The first reply is the greeting of the server;
 * mailin_client_hello follows.
 *
 * The server is not trusted.  Each octet of a reply is checked, and no reply
 * uses more memory than mailin_client_new has allocated: no other call
 * allocates.  A server that breaks the protocol is at fault (enum
 * mailin_client_fault), and its connection can then only be closed.
 *
 * The values of an envelope are not trusted either.  MAIL and RCPT are written
 * from the typed members of the structs of mailin/command.h, and each line is
 * then parsed by the tokenizer of this library.  So no value can end a line,
 * or add a parameter, a command or a source route.
 *
 * A message that has begun can end in two ways only: by mailin_client_body_end,
 * or by the end of the connection.  If a message must not arrive, close the
 * connection: SMTP has no other way to take it back, and no call of the client
 * ends it by accident.
 *
 * One thread at a time may use a client.
 *
 * The table shows in which states a call that queues a command may be made.
 * In all other states the call returns STATE.
 *
 *	starting  before the greeting of the server
 *	fresh     after it, after XCLIENT, and after mailin_client_tls_started
 *	ready     the server has accepted EHLO or LHLO
 *	mail      a transaction is open: after mailin_client_mail
 *	body      the server has sent 354
 *	tls       the server has accepted STARTTLS
 *	challenge the server has sent 334 to AUTH
 *	refused   the server has refused the connection, or RSET
 *	closed    after 421 or QUIT; and after a fault
 *
 *	command      state of the call      next state   next state
 *	                                    if accepted  if refused
 *	(greeting)   starting               fresh        refused
 *	hello        fresh ready mail       ready        fresh
 *	starttls     ready                  tls          ready
 *	auth_plain   ready                  ready        ready
 *	auth         ready                  ready (*)    ready
 *	auth_respond challenge              ready (*)    ready
 *	auth_cancel  challenge              never        ready
 *	xforward     ready                  ready        ready
 *	xclient      ready                  fresh        ready
 *	mail         ready                  mail         ready
 *	rcpt         mail                   mail         mail
 *	data         mail                   body         mail
 *	body_end     body                   ready        ready
 *	rset         ready mail             ready        refused
 *	noop         fresh ready mail       no change    no change
 *	quit         fresh ready mail       closed       closed
 *	             refused
 *	(*) challenge, if the reply is 334
 *
 * A call returns WAIT if the greeting, or the reply to an earlier command, has
 * not come yet.  But if the server offers PIPELINING, xforward may follow
 * xforward and rset, mail may follow these, and rcpt may follow mail and rcpt,
 * without a wait.  A call also returns WAIT if the output has no room, or if
 * MAILIN_CLIENT_AWAITED replies (for xforward, a few less) are awaited: send
 * the output, feed the replies, and call again.
 */

/* A client: one connection to a server. */
struct mailin_client;

/* The maximum number of replies that a client awaits at the same time. */
#define MAILIN_CLIENT_AWAITED 32

/* Options of a client. */
struct mailin_client_options {
	size_t size;      /* sizeof (struct mailin_client_options) */
	const char *name; /* the name of this host for EHLO: a domain or an
			     address literal; it is copied */
	enum mailin_protocol protocol; /* LMTP: the client says LHLO, and gets a
					  reply to the message for each
					  recipient */
	/*
	 * STRICT: a line of a reply has at most 512 octets with its code and CR
	 * LF (RFC 5321 4.5.3.1.5), but 2048 in reply to AUTH and its responses
	 * (RFC 4954 4.3); octets above 127 are a fault, except UTF-8 in a
	 * transaction with SMTPUTF8.  RELAXED: a line has at most 2048
	 * octets; octets above 127 become "?"; paths may have the forms that
	 * RELAXED accepts (mailin/address.h).
	 */
	enum mailin_syntax syntax;
	size_t recipients; /* the maximum number of RCPT commands in a
			      transaction, 1 to 100000; 0 means 1000 */
	const struct mailin_allocator *allocator; /* NULL: malloc and free */
};

/*
 * Make a client for a connection on which nothing has been read or sent.  The
 * greeting of the server is its first reply.  If the connection begins with
 * TLS (implicit TLS), do the handshake first.
 *
 * The library reads no octet of options after options->size; members that are
 * missing are 0.  Returns NULL if there is no memory, if options is NULL, or if
 * a member is not allowed.
 */
MAILIN_EXPORT struct mailin_client *mailin_client_new(
    const struct mailin_client_options *options);

/* Free the client.  Its memory is overwritten, because it may hold a password.
 * client may be NULL. */
MAILIN_EXPORT void mailin_client_free(struct mailin_client *client);

/* ---- Octets ---- */

/* Returns the octets to send.  They stay unchanged in their place until
 * mailin_client_sent has removed them.  Returns an absent span if there are
 * none, and after a fault.
 *
 * The octets of a message are not among them: mailin_client_body returns
 * those. */
MAILIN_EXPORT struct mailin_span mailin_client_output(
    const struct mailin_client *client);

/* Remove the first len octets of the output, after you have given them to a
 * transport that keeps their order.  Call this before mailin_client_feed gets
 * what the server sent in return, because a reply to a command that was not
 * sent is a fault.
 *
 * RANGE: len is more than mailin_client_output returned. */
MAILIN_EXPORT enum mailin_error mailin_client_sent(struct mailin_client *client,
    size_t len);

/*
 * Remove octets of at most one reply from the front of *octets.  It does not
 * matter how the stream is cut into calls.  Call this again until it returns
 * MORE, or FAULT.
 *
 * MORE: all octets were read, and *reply is all 0.  REPLY: *reply is filled in.
 * FAULT: the server is at fault; every later call returns FAULT, too.  Returns
 * FAULT also, but changes nothing, if octets or reply is NULL, or if *octets
 * has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_client_event mailin_client_feed(
    struct mailin_client *client, struct mailin_span *octets,
    struct mailin_client_reply *reply);

/* Tell the client that the server has closed the connection.  If a reply is
 * awaited or incomplete, or if a message is open, the server's fault is EOF.
 * The state is then closed. */
MAILIN_EXPORT void mailin_client_eof(struct mailin_client *client);

/* ---- Commands ---- */

/*
 * Queue EHLO, or LHLO in LMTP, with options.name.  Its reply replaces all that
 * the client knows of the server's extensions.
 *
 * STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_hello(
    struct mailin_client *client);

/*
 * Queue EHLO or LHLO with another name.  After XCLIENT the server takes this
 * name as the name of the client that XCLIENT has described.  So pass the name
 * that this client gave in its own EHLO or HELO (mailin_session_helo).
 *
 * ARGUMENT: name has a length but no pointer.  SYNTAX: EHLO cannot have this
 * name in the syntax of the options.  RANGE: the line would have more than 512
 * octets.  STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_hello_as(
    struct mailin_client *client, struct mailin_span name);

/*
 * Queue STARTTLS (RFC 3207).  If the reply is 220, give all octets that you
 * read from now on to the TLS library.  Octets that were read together with the
 * reply came in clear: give them to mailin_client_feed, which reports a fault
 * of the server.
 *
 * UNOFFERED: the server does not offer STARTTLS.  STATE, WAIT: see
 * mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_starttls(
    struct mailin_client *client);

/*
 * Tell the client that the TLS handshake after STARTTLS is done.  The client
 * forgets all that the server said before (RFC 3207 4.2): call
 * mailin_client_hello next.
 *
 * STATE: the server has not accepted STARTTLS, or mailin_client_feed has left
 * octets after the 220, which were not offered to it again.
 */
MAILIN_EXPORT enum mailin_error mailin_client_tls_started(
    struct mailin_client *client);

/*
 * Queue AUTH PLAIN (RFC 4954, RFC 4616).  Do this only inside TLS, or if nobody
 * can read the octets between the client and the server.  The password is
 * overwritten after it was sent.
 *
 * ARGUMENT: a text is NULL.  SYNTAX: a text is empty or not UTF-8 (RFC 4616 2).
 * RANGE: user and password together have more than 370 octets, so that the line
 * would have more than 512.  UNOFFERED: the server does not offer AUTH PLAIN.
 * STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_auth_plain(
    struct mailin_client *client, const char *user, const char *password);

/*
 * Queue AUTH with any mechanism, such as "SCRAM-SHA-256" (RFC 4954 4).  The
 * program itself computes the steps of the mechanism.  If the reply is 334, its
 * text is the challenge, decoded from base64: call mailin_client_auth_respond
 * or mailin_client_auth_cancel next.  235 is success.
 *
 * "initial" is the initial response.  It is sent in base64, or as "=" if it is
 * empty; if it is absent, no initial response is sent.  The library overwrites
 * its copy after it was sent.
 *
 * ARGUMENT: mechanism is NULL, or initial has a length but no pointer.
 * UNOFFERED: mailin_client_offers_sasl returns false.  RANGE: the line would
 * have more than 512 octets.  STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_auth(struct mailin_client *client,
    const char *mechanism, struct mailin_span initial);

/* Queue the response to a challenge.  It becomes base64, and is overwritten
 * after it was sent.
 *
 * ARGUMENT: response has a length but no pointer.  RANGE: it has more than 1917
 * octets.  STATE, WAIT: see mailin/client.h. */
MAILIN_EXPORT enum mailin_error mailin_client_auth_respond(
    struct mailin_client *client, struct mailin_span response);

/* Queue "*", which cancels AUTH after a challenge.  The server must refuse (RFC
 * 4954 4): a 235 is then a fault of the server.
 *
 * STATE, WAIT: see mailin/client.h. */
MAILIN_EXPORT enum mailin_error mailin_client_auth_cancel(
    struct mailin_client *client);

/*
 * Queue XFORWARD or XCLIENT: tell the server about the client of the next mail
 * (XFORWARD), or act as this client (XCLIENT).  values has
 * MAILIN_ATTRIBUTE_COUNT spans of plain text, as mailin_session_attribute
 * returns it.  An IPv6 address must have no "IPV6:" before it.
 *
 * Each attribute that the server offers is sent.  Its value is "[UNAVAILABLE]"
 * if the span is absent or empty, has an octet that is not printable ASCII, or
 * is too long.  So the server keeps no value of an earlier client.  XCLIENT is
 * one line of at most 512 octets.  XFORWARD is one such line, too, or several
 * lines if values are very long.  Each line of XFORWARD has a reply of its own;
 * all have come when mailin_client_awaited returns 0.
 *
 * ARGUMENT: values is NULL, or a span has a length but no pointer.  UNOFFERED:
 * the server offers no attribute of the command.  STATE, WAIT: see
 * mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_xforward(
    struct mailin_client *client, const struct mailin_span *values);
MAILIN_EXPORT enum mailin_error mailin_client_xclient(
    struct mailin_client *client, const struct mailin_span *values);

/*
 * Queue MAIL.  The parameters are those whose bit is in mail->parameters.  The
 * path is written from kind, local and domain, without a source route;
 * mailin_mailbox_parse makes such a path from a text.
 *
 * A parameter whose extension the server does not offer is left out if the RFC
 * allows the message to be sent without it:
 *
 *	SIZE        RFC 1870 6.1   BODY=7BIT    RFC 6152 3
 *	RET, ENVID  RFC 3461 5.2   AUTH         RFC 4954 5
 *	MT-PRIORITY RFC 6710 5     MTRK         RFC 3885 4
 *	SOLICIT     RFC 3865 2
 *
 * For other parameters UNOFFERED is returned, because the sender relies on
 * them: BODY=8BITMIME (RFC 6152 3), SMTPUTF8 (RFC 6531 3.2), REQUIRETLS (RFC
 * 8689 4.2), BY (RFC 2852 4), HOLDFOR and HOLDUNTIL (RFC 4865 4).  A program
 * that converts the message may change the struct and call again.
 * BODY=BINARYMIME is always UNOFFERED, because the message is sent by DATA (RFC
 * 3030 3).  UNKNOWN parameters are left out.
 *
 * The client does not know whether there is TLS.  RFC 8689 4.2.1 allows
 * REQUIRETLS only inside TLS with a verified certificate: otherwise do not send
 * the message.
 *
 * The member "auth" is sent as it is.  Unless the program trusts the client
 * that gave this value, remove the bit of AUTH, or set "auth" to "<>" (RFC 4954
 * 5).  A program that keeps messages for a while must reduce by_time and
 * hold_for itself.
 *
 * ARGUMENT: mail is NULL, or a span in use has a length but no pointer.
 * SYNTAX: a member is malformed, or the path cannot be that of a sender.
 * RANGE: the line is longer than RFC 5321 4.5.3.1.4 and the RFCs of its
 * parameters allow.  UNOFFERED: see above.  STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_mail(struct mailin_client *client,
    const struct mailin_mail *mail);

/*
 * Queue RCPT.  NOTIFY and ORCPT are left out if the server does not offer DSN
 * (RFC 3461 5.2).  RRVS with the action C is left out if the server does not
 * offer RRVS (RFC 7293 5).  UNKNOWN parameters are left out.
 *
 * ARGUMENT: rcpt is NULL, or a span in use has a length but no pointer.
 * SYNTAX: a member is malformed, or the path cannot be that of a recipient.
 * RANGE: the line is too long, as for mailin_client_mail, or this transaction
 * has options.recipients RCPT commands already.  UNOFFERED: the server does not
 * offer RRVS, and the action is not C; or the path or ORCPT has UTF-8, but MAIL
 * had no SMTPUTF8.  STATE, WAIT: see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_rcpt(struct mailin_client *client,
    const struct mailin_rcpt *rcpt);

/* Queue DATA.  Its reply is 354 if the message may follow.
 *
 * STATE: see mailin/client.h; or no recipient was accepted.  WAIT: see
 * mailin/client.h. */
MAILIN_EXPORT enum mailin_error mailin_client_data(
    struct mailin_client *client);

/*
 * Hand on octets of the message: remove some from the front of *in, and set
 * *out to the octets to send for them, as mailin_stuff_feed does.  Call it
 * until *in is empty.  Send *out at once, after all other output and before
 * the next call for the client.
 *
 * Octets above 127 are not looked at: if the server does not offer 8BITMIME,
 * the program must not send them (RFC 6152 3, mailin_session_facts).
 *
 * SYNTAX: a bare CR or LF.  The message cannot be ended any more: close the
 * connection.  ARGUMENT: a pointer is NULL, or *in has a length but no pointer.
 * STATE: the state is not body.
 */
MAILIN_EXPORT enum mailin_error mailin_client_body(struct mailin_client *client,
    struct mailin_span *in, struct mailin_span *out);

/*
 * End the message: queue its last line.  In SMTP one reply follows; in LMTP one
 * reply for each recipient that was accepted, in the order of RCPT.
 *
 * SYNTAX: the message ends in a bare CR; close the connection.  STATE, WAIT:
 * see mailin/client.h.
 */
MAILIN_EXPORT enum mailin_error mailin_client_body_end(
    struct mailin_client *client);

/* Queue RSET, NOOP or QUIT.  RSET ends the transaction, but not after the 354
 * to DATA.  NOOP shows that the server is still there.  After the reply to
 * QUIT, close the connection.
 *
 * STATE, WAIT: see mailin/client.h. */
MAILIN_EXPORT enum mailin_error mailin_client_rset(
    struct mailin_client *client);
MAILIN_EXPORT enum mailin_error mailin_client_noop(
    struct mailin_client *client);
MAILIN_EXPORT enum mailin_error mailin_client_quit(
    struct mailin_client *client);

#include <mailin/client_query.h>

#endif
