/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_DECISION_H
#define MAILIN_DECISION_H

#include <mailin/session.h>

/* The calls that belong to a decision: replies with a text of the program,
 * replies that come later, and facts that the callbacks "helo", "auth" and
 * "sasl" may set.  The table in mailin/session.h says in which states they may
 * be called. */

/*
 * Format the reply of the open decision: the decision of the running callback,
 * or otherwise the pending decision.  Return the result from the callback, or
 * pass it to mailin_session_resume.
 *
 *  - code: 200 to 599, but not 334, which is for mailin_session_challenge.
 *  - enhanced: an enhanced code of the same class, such as "4.2.2" (RFC 3463).
 *    If it is NULL, "", malformed, or of another class ("4.1.1" with 550), the
 *    reply has the general code of its class ("5.0.0").  A reply of class 3 has
 *    no enhanced code.
 *  - format and the arguments after it, like those of printf: the text.  A
 *    newline begins a new line of the reply, long lines are folded, control and
 *    8-bit octets become "?", and text after 2048 octets is left out.  So no
 *    text can inject a line into the stream.
 *
 * Returns MAILIN_REPLY_CUSTOM.  If the code is not allowed, format is NULL,
 * there is no memory, or no decision is open, returns a standard reply of the
 * same class: OK for 2xx and 3xx, FAILED for 5xx, and INTERNAL_ERROR for 4xx,
 * 334 and any other code.
 *
 * A session keeps one formatted reply.  Another call replaces it.  The reply is
 * used up when the callback returns it, or when mailin_session_resume gets it.
 * If several decisions are open (LMTP), format the reply right before each
 * resume.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply(
    struct mailin_session *session, int code, const char *enhanced,
    const char *format, ...) MAILIN_FORMAT(4, 5);

/*
 * Like mailin_session_reply, but text is not a format: for programs in other
 * languages, and for text that others wrote.  The text may be absent or empty.
 * Returns MAILIN_REPLY_CUSTOM.  Returns a standard reply in the cases in which
 * mailin_session_reply does so, and also if text has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply_text(
    struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text);

/*
 * Returns the token of the open decision.  No other decision of the session has
 * this token.  Inside a callback the open decision is the callback's, otherwise
 * it is the pending decision.  Returns 0 if no decision is open.  In LMTP
 * several decisions of the callback "data_end" may be pending; the result is
 * then the token of the first of them.
 */
MAILIN_EXPORT uint64_t mailin_session_decision(
    const struct mailin_session *session);

/*
 * Make the decision with this token.  The callback of that decision may call
 * this, too; the call then takes effect when the callback returns PENDING.
 *
 * STALE: the decision with this token is not open, or was made already.
 * ARGUMENT: reply is PENDING or not in the enum, or it is CUSTOM and no reply
 * was formatted.  BUSY: called inside a callback, and the token is not that of
 * its decision.
 */
MAILIN_EXPORT enum mailin_error mailin_session_resume(
    struct mailin_session *session, uint64_t token, enum mailin_reply reply);

/*
 * Add a line to the reply to EHLO or LHLO: a keyword with parameters ("" for
 * none).  Call it inside the callback "helo", or while its decision is pending.
 * The line replaces the library's line with that keyword, if there is one; for
 * example, add FUTURERELEASE with the bounds that RFC 4865 requires.  Both
 * texts are copied.
 *
 * ARGUMENT: a text is NULL.  SYNTAX: the line is no ehlo-line of RFC 5321
 * 4.1.1.1, or has more than 500 octets.  STATE: no decision on EHLO or LHLO is
 * open.  RANGE: the added lines have more than 1000 octets in all.  MEMORY: an
 * allocation failed.
 */
MAILIN_EXPORT enum mailin_error mailin_session_ehlo_keyword(
    struct mailin_session *session, const char *keyword,
    const char *parameters);

/*
 * Set the next challenge of a SASL mechanism: at most 3000 octets, which are
 * copied.  Call it inside the callback "sasl", or while its decision is
 * pending.  Return the result from the callback, or pass it to
 * mailin_session_resume. octets may be NULL if len is 0.
 *
 * Returns MAILIN_REPLY_INTERNAL_ERROR if len is more than 3000, if octets is
 * NULL and len is not 0, if there is no memory, or if no decision of the
 * callback "sasl" is open.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_challenge(
    struct mailin_session *session, const char *octets, size_t len);

/*
 * Set the identity that the client gets if its AUTH is accepted.  Call it
 * inside the callback "auth" or "sasl", or while the decision of one of them is
 * pending.  The text is copied.
 *
 * ARGUMENT: identity is NULL.  SYNTAX: identity is empty, not UTF-8, or has a
 * control character.  STATE: no decision on AUTH is open.  MEMORY: an
 * allocation failed.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_identity(
    struct mailin_session *session, const char *identity);

#endif
