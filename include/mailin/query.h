/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_QUERY_H
#define MAILIN_QUERY_H

#include <mailin/session.h>

/*
 * Questions to a session.  They are allowed at any time, inside callbacks too,
 * and change nothing.
 */

/* The config and the user pointer that mailin_session_new was given. */
MAILIN_EXPORT const struct mailin_config *mailin_session_config(
    const struct mailin_session *session);
MAILIN_EXPORT void *mailin_session_user(const struct mailin_session *session);

/* Whom set_peer, a PROXY header or XCLIENT has told last; NULL if none of them
 * has.  It lives until another is told, or tls_started. */
MAILIN_EXPORT const struct mailin_peer *mailin_session_peer(
    const struct mailin_session *session);

/*
 * From inside xclient for XCLIENT, and until that is decided: the peer as it
 * will be if the XCLIENT is carried out.  NULL at any other time, and for
 * XFORWARD.  Its address is what the next words of this connection come from:
 * ask whether that may say XCLIENT and XFORWARD (mailin_session_set_extension).
 * It lives until the decision is carried out.
 */
MAILIN_EXPORT const struct mailin_peer *mailin_session_next_peer(
    const struct mailin_session *session);

/* NULL in clear.  Of a client that did its TLS with a proxy it is what the
 * PROXY header tells: version and cipher (if they are of at most 64 octets),
 * sni and alpn, client_name if the proxy has verified a certificate.  Some of
 * these are the client's own words: any octet may be in them. */
MAILIN_EXPORT const struct mailin_tls *mailin_session_tls(
    const struct mailin_session *session);

/* The PROXY header that came first; NULL if none was expected. */
MAILIN_EXPORT const struct mailin_proxy *mailin_session_proxy(
    const struct mailin_session *session);

/* An attribute that XCLIENT or XFORWARD has told, decoded: what a peer that the
 * program trusts says of its client.  Absent if it has told none.  ADDR and
 * DESTADDR of an IPv4 address in IPv6 form are told as IPv4.  LOGIN, HELO and
 * PROTO are those of the last XCLIENT alone; its NAME and PORT end with its
 * ADDR. */
MAILIN_EXPORT struct mailin_span mailin_session_attribute(
    const struct mailin_session *session, enum mailin_verb verb,
    enum mailin_attribute attribute);

/* Whether an extension is offered to this client now: STARTTLS only outside
 * TLS, REQUIRETLS only inside. */
MAILIN_EXPORT bool mailin_session_offers(const struct mailin_session *session,
    enum mailin_extension extension);

/* The extension that a parameter of MAIL or RCPT belongs to.  BODY belongs to
 * 8BITMIME; for AUTH and UNKNOWN it is COUNT, no extension.  If the extension
 * is not offered, the parameter may be reported, but has no effect (enum
 * mailin_parameter_policy). */
MAILIN_EXPORT enum mailin_extension mailin_parameter_extension(
    enum mailin_parameter parameter);

/* The verb that greeted: HELO, EHLO or LHLO; UNKNOWN before.  helo (may be
 * NULL) gets its name. */
MAILIN_EXPORT enum mailin_verb mailin_session_helo(
    const struct mailin_session *session, struct mailin_helo *helo);

/* Who the client has proved to be by AUTH; absent if nobody. */
MAILIN_EXPORT struct mailin_span mailin_session_identity(
    const struct mailin_session *session);

/* "SMTP", "ESMTP", "ESMTPSA", "UTF8SMTPS", "LMTPA", ... (RFC 3848, RFC 6531
 * 4.3), for the transaction under way. */
MAILIN_EXPORT const char *mailin_session_protocol(
    const struct mailin_session *session);

/* Fill in the sender of the transaction under way.  False if there is no
 * transaction, or mail is NULL. */
MAILIN_EXPORT bool mailin_session_mail(const struct mailin_session *session,
    struct mailin_mail *mail);

/* The number of recipients that have been accepted in the transaction under
 * way.  The second fills in the one with this index, from 0; false after the
 * last, or if rcpt is NULL. */
MAILIN_EXPORT size_t mailin_session_rcpt_count(
    const struct mailin_session *session);
MAILIN_EXPORT bool mailin_session_rcpt(const struct mailin_session *session,
    size_t index, struct mailin_rcpt *rcpt);

/* Fill in the command that is being decided, from the session's own memory.
 * False if no command is, if it is AUTH, or if command is NULL. */
MAILIN_EXPORT bool mailin_session_command(const struct mailin_session *session,
    struct mailin_command *command);

/* What the message, as far as it has come, was found to hold; of one that has
 * been refused, up to there: what is swallowed is not looked at. */
struct mailin_facts {
	uint64_t octets; /* handed on */
	bool eight_bit;  /* an octet above 127 */
	bool nul;
	bool bare_cr;
	bool bare_lf;
	bool long_line; /* over 998 octets (RFC 5322 2.1.1) */
	uint64_t reserved[2];
};

MAILIN_EXPORT struct mailin_facts mailin_session_facts(
    const struct mailin_session *session);

#endif
