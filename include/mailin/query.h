/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_QUERY_H
#define MAILIN_QUERY_H

#include <mailin/session.h>

/*
 * Queries: the facts of a session.  They may be called at any time, inside
 * callbacks too, and change nothing.  A span or pointer lives until the next
 * call for the session that is not a query, except where a query says
 * otherwise.
 */

/* Returns the config that mailin_session_new got.  Never NULL. */
MAILIN_EXPORT const struct mailin_config *mailin_session_config(
    const struct mailin_session *session);

/* Returns the pointer that mailin_session_new got as user; it may be NULL. */
MAILIN_EXPORT void *mailin_session_user(const struct mailin_session *session);

/* Returns the peer that mailin_session_set_peer, a PROXY header or XCLIENT
 * named last, or NULL if no peer was named.  The result lives until another
 * peer is named, or until mailin_session_tls_started. */
MAILIN_EXPORT const struct mailin_peer *mailin_session_peer(
    const struct mailin_session *session);

/*
 * Returns the peer that XCLIENT names, while the decision on the XCLIENT is
 * open; NULL at any other time, and for XFORWARD.  The next commands on this
 * connection come from that peer: decide whether it may use XCLIENT and
 * XFORWARD, too (mailin_session_set_extension).  The result lives until the
 * decision is made.
 */
MAILIN_EXPORT const struct mailin_peer *mailin_session_next_peer(
    const struct mailin_session *session);

/*
 * Returns the facts of the client's TLS, or NULL in clear.  If the client did
 * its TLS with a proxy, the facts are those of the PROXY header: version and
 * cipher (if they have at most 64 octets), sni and alpn, and client_name if the
 * proxy has verified a certificate.  The client chose some of them, so they may
 * have any octet.  The result lives until mailin_session_tls_started, or as
 * long as the session.
 */
MAILIN_EXPORT const struct mailin_tls *mailin_session_tls(
    const struct mailin_session *session);

/* Returns the PROXY header, or NULL if no header has been read.  The result
 * lives as long as the session. */
MAILIN_EXPORT const struct mailin_proxy *mailin_session_proxy(
    const struct mailin_session *session);

/*
 * Returns the decoded value of an attribute of XCLIENT (verb
 * MAILIN_VERB_XCLIENT) or XFORWARD (any other verb), by which a proxy
 * describes its client.  Returns an absent span if there is no value, or no
 * such attribute.  An ADDR or DESTADDR that is an IPv4 address in IPv6 form
 * becomes IPv4.  LOGIN, HELO and PROTO are those of the last XCLIENT.  A new
 * ADDR removes the old NAME and PORT.
 */
MAILIN_EXPORT struct mailin_span mailin_session_attribute(
    const struct mailin_session *session, enum mailin_verb verb,
    enum mailin_attribute attribute);

/* Returns true if the extension is offered to this client now: STARTTLS only
 * outside TLS, REQUIRETLS only inside.  Returns false also if there is no such
 * extension. */
MAILIN_EXPORT bool mailin_session_offers(const struct mailin_session *session,
    enum mailin_extension extension);

/*
 * Returns the extension that defines a parameter of MAIL or RCPT.  For BODY
 * this is 8BITMIME.  Returns MAILIN_EXTENSION_COUNT, which is no extension, for
 * AUTH, UNKNOWN and any other value.  If the extension is not offered, the
 * parameter may be reported, but has no effect (enum mailin_parameter_policy).
 */
MAILIN_EXPORT enum mailin_extension mailin_parameter_extension(
    enum mailin_parameter parameter);

/* Returns the verb of the client's greeting: HELO, EHLO or LHLO, or UNKNOWN if
 * there was no greeting yet.  Fills in helo, which may be NULL, with the
 * client's name (without a greeting, an absent span). */
MAILIN_EXPORT enum mailin_verb mailin_session_helo(
    const struct mailin_session *session, struct mailin_helo *helo);

/* Returns the identity of the client by AUTH, or by LOGIN of an XCLIENT.
 * Returns an absent span if the client has no identity. */
MAILIN_EXPORT struct mailin_span mailin_session_identity(
    const struct mailin_session *session);

/* Returns the protocol of the current transaction, a constant and never NULL:
 * "SMTP", "ESMTP", "ESMTPSA", "UTF8SMTPS", "LMTPA", ... (RFC 3848, RFC 6531
 * 4.3). */
MAILIN_EXPORT const char *mailin_session_protocol(
    const struct mailin_session *session);

/* Fill in the sender of the current transaction, and its parameters.  The spans
 * live until the next call for the session that is not a query.  Returns false
 * if there is no transaction, or mail is NULL. */
MAILIN_EXPORT bool mailin_session_mail(const struct mailin_session *session,
    struct mailin_mail *mail);

/* Returns the number of accepted recipients in the current transaction, or 0 if
 * there is no transaction. */
MAILIN_EXPORT size_t mailin_session_rcpt_count(
    const struct mailin_session *session);

/* Fill in the accepted recipient with this index, and its parameters.  The
 * first index is 0.  The spans live until the next call for the session that is
 * not a query.  Returns false after the last one, or if rcpt is NULL. */
MAILIN_EXPORT bool mailin_session_rcpt(const struct mailin_session *session,
    size_t index, struct mailin_rcpt *rcpt);

/*
 * Fill in the command of the open decision: that of the running callback, or
 * otherwise the pending decision.  Its spans point into memory of the session,
 * and live until the decision is made.  Inside the callback "replied", if the
 * code is 4xx or 5xx, fill in the command that was refused; its spans live
 * until this callback returns.  Returns false if there is no such command, if
 * it is AUTH, or if command is NULL.
 */
MAILIN_EXPORT bool mailin_session_command(const struct mailin_session *session,
    struct mailin_command *command);

/* Facts about the octets of a message.  A bare CR or LF is reported as the
 * client sent it, even if the policy bare-newline has repaired it. */
struct mailin_facts {
	uint64_t octets; /* octets that the callback "data" got */
	bool eight_bit;  /* an octet is above 127 */
	bool nul;        /* an octet is NUL */
	bool bare_cr;    /* a CR has no LF after it */
	bool bare_lf;    /* a LF has no CR before it */
	bool long_line;  /* a line has more than 998 octets (RFC 5322 2.1.1) */
	uint64_t reserved[2];
};

/* Returns the facts of the current message so far.  All are 0 if there is no
 * message.  The octets of a message after its refusal do not count. */
MAILIN_EXPORT struct mailin_facts mailin_session_facts(
    const struct mailin_session *session);

#endif
