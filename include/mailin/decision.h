/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_DECISION_H
#define MAILIN_DECISION_H

#include <mailin/session.h>

/*
 * The calls that belong to a decision: replies with a text of the program's
 * own, decisions that come later, and what helo, auth and sasl may add.  The
 * table in mailin/session.h says in which states they may be called.
 */

/*
 * Format a reply for the decision that is being made.  Return the result from
 * the callback, or pass it to mailin_session_resume.
 *
 *  - code: 200 to 599, but not 334, which is for mailin_session_challenge.
 *  - enhanced: an enhanced code of the same class, such as "4.2.2" (RFC 3463).
 *    If it is NULL, "", malformed, or of another class ("4.1.1" with 550), the
 *    reply has the general code of its class ("5.0.0").  A reply of class 3 has
 *    no enhanced code.
 *  - format and what follows it, as for printf: the text.  A newline begins a
 *    new line of the reply, long lines are folded, control and 8-bit octets
 *    become "?", and text after 2048 octets is left out.  So no text can inject
 *    anything into the stream.
 *
 * Returns MAILIN_REPLY_CUSTOM.  If the code is none of these, format is NULL,
 * memory is gone, or no decision is being made, returns a standard reply of the
 * same class instead: OK for 2xx and 3xx, FAILED for 5xx, and INTERNAL_ERROR
 * for 4xx, 334 and any other code.
 *
 * A session keeps one such reply.  Another call replaces it, and the callback's
 * return or mailin_session_resume uses it up.  If several decisions are open
 * (LMTP), format the reply right before each resume.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply(
    struct mailin_session *session, int code, const char *enhanced,
    const char *format, ...) MAILIN_FORMAT(4, 5);

/*
 * Like mailin_session_reply, but text is not a format: for programs in other
 * languages, and for text that others wrote.  The text may be absent or empty.
 * Returns MAILIN_REPLY_CUSTOM, or a standard reply in the same cases as
 * mailin_session_reply; one of them is a text with a length but no pointer.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_reply_text(
    struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text);

/*
 * Returns the token of the open decision: inside a callback the one that the
 * callback makes, else the one that the session waits for.  0 if there is none.
 * A token is never used twice in a session.  In LMTP several decisions of
 * data_end may be open at the same time; the token is then that of the first.
 */
MAILIN_EXPORT uint64_t mailin_session_decision(
    const struct mailin_session *session);

/*
 * Make the decision with this token.  The callback that makes a decision may
 * call this, too; the call then takes effect when the callback returns PENDING.
 *
 * STALE: the session does not wait for this decision, or no longer.  ARGUMENT:
 * reply is PENDING or not in the enum, or it is CUSTOM and no reply was
 * formatted.  BUSY: called from inside a callback that does not make this
 * decision.
 */
MAILIN_EXPORT enum mailin_error mailin_session_resume(
    struct mailin_session *session, uint64_t token, enum mailin_reply reply);

/*
 * Add a keyword with parameters ("" for no parameters) to the reply to EHLO or
 * LHLO.  Call it inside helo, or while helo is pending.  The line replaces the
 * library's own line for that keyword, if there is one; for example, add
 * FUTURERELEASE with the bounds that RFC 4865 asks for.  Both texts are copied.
 *
 * ARGUMENT: a text is NULL.  SYNTAX: the line is no ehlo-line of RFC 5321
 * 4.1.1.1, or has more than 500 octets.  STATE: no EHLO or LHLO is being
 * decided.  RANGE: the added lines have more than 1000 octets in all.  MEMORY:
 * an allocation failed.
 */
MAILIN_EXPORT enum mailin_error mailin_session_ehlo_keyword(
    struct mailin_session *session, const char *keyword,
    const char *parameters);

/*
 * Set the next challenge of a SASL mechanism: any octets, at most 3000, which
 * are copied.  Call it inside sasl, or while sasl is pending.  Return the
 * result from the callback, or pass it to mailin_session_resume.  octets may be
 * NULL if len is 0.
 *
 * Returns MAILIN_REPLY_INTERNAL_ERROR if len is more than 3000, octets is NULL
 * and len is not 0, memory is gone, or no sasl step is being decided.
 */
MAILIN_EXPORT enum mailin_reply mailin_session_challenge(
    struct mailin_session *session, const char *octets, size_t len);

/*
 * Set the identity that the client gets if its AUTH is accepted.  Call it
 * inside auth or sasl, or while one of them is pending.  The text is copied.
 *
 * ARGUMENT: identity is NULL.  SYNTAX: it is empty, not UTF-8, or has a control
 * character.  STATE: no AUTH is being decided.  MEMORY: an allocation failed.
 */
MAILIN_EXPORT enum mailin_error mailin_session_set_identity(
    struct mailin_session *session, const char *identity);

#endif
