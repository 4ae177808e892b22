/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_CALLS_H
#define MAILIN_SRC_SESSION_CALLS_H

#include <assert.h>

#include "session_data.h"

/*
 * What the files of a session do for each other.  A file calls those above it
 * in this list and never one below:
 *
 *	session_parts.c     what not every session needs
 *	session_state.c     transitions, and the ends of things
 *	session_reply.c     what goes out
 *	session_greeting.c  what is offered: the greeting, the reply to EHLO
 *	session_decide.c    asking the handler, its answers now or later
 *	session_auth.c      AUTH
 *	session_mail.c      MAIL and RCPT
 *	session_message.c   DATA, BDAT and BURL: the octets of a message
 *	session_proxy.c     the PROXY header
 *	session_xclient.c   XCLIENT and XFORWARD
 *	session_check.c     may a command be run?
 *	session_command.c   running it
 *	session_line.c      a line, or what is none
 *	session_verdict.c   running what was decided
 *	session.c           birth, death, output
 *	session_input.c     input: lines, or octets of a message
 *	session_end.c       its end from outside: eof, abort, timeout, shutdown
 *	session_peer.c      what is told of the connection, and its TLS
 *	session_query.c     what the application may ask
 *
 * A command runs so: session_check() holds it against the rules; its action
 * asks the handler through session_decide(); session_settle() hands the answer,
 * when there is one, to a ..._verdict() function, which carries it out.
 */

/* ---- session_parts.c ---- */

/* Have such a block of the session's own.  False if memory is gone. */
bool session_need_claims(struct mailin_session *session);
bool session_need_auth(struct mailin_session *session);
bool session_need_mail(struct mailin_session *session);
/* At birth there is none, and in the end none again. */
void session_no_blocks(struct mailin_session *session);
void session_free_blocks(struct mailin_session *session);

/* What stands for those that there are not: all in them is 0. */
extern const struct mailin_claims session_no_claims;
extern const struct mailin_exchange session_no_exchange;
extern const struct mailin_transaction session_no_mail;

static inline bool
session_has_claims(const struct mailin_session *session)
{
	return session->claims != &session_no_claims;
}

static inline bool
session_has_exchange(const struct mailin_session *session)
{
	return session->auth != &session_no_exchange;
}

static inline bool
session_has_mail(const struct mailin_session *session)
{
	return session->mail != &session_no_mail;
}

/* ---- session_state.c ---- */

/* The only way from one state to another but to CLOSED. */
static inline void
session_advance(struct mailin_session *session, enum mailin_event event,
    bool yes)
{
	struct mailin_rule rule = mailin_rule(session->state, event);

	assert(rule.yes != STATE_NONE && rule.no != STATE_NONE);
	session->state = (enum mailin_state)(yes ? rule.yes : rule.no);
}

void session_trace(struct mailin_session *session,
    enum mailin_direction direction, struct mailin_span line);
/* The same of a command line. */
void session_trace_line(struct mailin_session *session,
    struct mailin_span line);
/* What is offered, and what to check, now that extensions, TLS or identity have
 * changed. */
void session_renew(struct mailin_session *session);
/* Copy a span to *room and go behind it; the copy takes its place. */
void session_move_span(struct mailin_span *span, char **room);
/* A copy of what is known of a peer, with each IP address in its one form
 * (mailin_ip_plain): all that the program is told of a peer goes through here.
 * NULL if memory is gone. */
struct mailin_peer *session_copy_peer(const struct mailin_session *session,
    const struct mailin_peer *peer);
/* Make such a copy the peer of the session.  False if memory is gone. */
bool session_keep_peer(struct mailin_session *session,
    const struct mailin_peer *peer);
/* The same of its TLS. */
bool session_keep_tls(struct mailin_session *session,
    const struct mailin_tls *tls);
/* A copy of what a client calls itself, NULL if memory is gone; and its end. */
char *session_copy_name(struct mailin_session *session,
    struct mailin_span name);
void session_free_name(struct mailin_session *session, char *name);
/* The name or identity that was to be decided on is refused. */
void session_drop_candidate(struct mailin_session *session);
/* Tell the handler, once, that the transaction, if there is one, was not
 * delivered. */
void session_lose_mail(struct mailin_session *session,
    enum mailin_reset_reason reason);

static inline void
session_lose(struct mailin_session *session, enum mailin_reset_reason reason)
{
	if (session->mail->envelope.mail_len > 0)
		session_lose_mail(session, reason);
}

/* The one function that ends a transaction, whatever became of it. */
void session_clear(struct mailin_session *session);
/* Overwrite and free what has come of an AUTH exchange. */
void session_wipe_secret(struct mailin_session *session);
void session_close(struct mailin_session *session,
    enum mailin_close_reason reason);

/* ---- session_reply.c ---- */

static inline int
session_code(enum mailin_reply reply, const struct mailin_custom *custom)
{
	return reply == MAILIN_REPLY_CUSTOM ? custom->code
	    : mailin_standard_replies[reply].code;
}

/* CUSTOM, and nothing has been formatted. */
static inline bool
session_is_unformatted(const struct mailin_session *session,
    enum mailin_reply reply)
{
	return reply == MAILIN_REPLY_CUSTOM && session->custom == NULL;
}

/* Memory for the standard replies that one step may cause: the one to a
 * command, and the one that ends the session behind it; room in the bounded
 * queue for any reply. */
static inline bool
session_reserve(struct mailin_session *session)
{
	return mailin_queue_reserve(&session->queue,
	    session_allocator(session), 2 * REPLY_STANDARD_ROOM);
}

static inline bool
session_has_room(const struct mailin_session *session)
{
	return mailin_queue_len(&session->queue) + REPLY_ROOM <=
	    session_limit(session, MAILIN_LIMIT_OUTPUT);
}

/* Queue a standard reply and nothing more. */
void session_queue_reply(struct mailin_session *session,
    enum mailin_reply reply);
/* Queue the reply to session->event, standard or the CUSTOM one formatted
 * last.  It may end the session, so let it be the last thing done. */
void session_send(struct mailin_session *session, enum mailin_reply reply);
void session_send_custom(struct mailin_session *session,
    enum mailin_reply reply, const struct mailin_custom *custom);
/* The same for an error that the library found: it is counted. */
void session_send_error(struct mailin_session *session,
    enum mailin_reply reply);
/* The same as it has been encoded. */
void session_send_octets(struct mailin_session *session,
    enum mailin_reply reply, struct mailin_span octets);
/* 334 (RFC 4954 4). */
void session_send_challenge(struct mailin_session *session,
    struct mailin_span base64);
/* End the session with a reply of the library's own, if one may be sent. */
void session_reply_close(struct mailin_session *session,
    enum mailin_reply reply, enum mailin_close_reason reason);

/* ---- session_greeting.c ---- */

/* The mechanisms that AUTH may use now, a bit each (config_data.h): the one
 * answer to what EHLO offers and to what AUTH takes. */
uint32_t session_mechanisms(const struct mailin_session *session);
/* May AUTH use the mechanism now?  OK; or the reply that says whether TLS would
 * help, or nothing would (RFC 4954 4 and 6). */
enum mailin_reply session_check_mechanism(
    const struct mailin_session *session, struct mailin_span mechanism);
/* The greeting, and the positive replies to HELO (a name) and EHLO (all that is
 * offered).  They may be long: have room for one, false if memory is gone. */
bool session_reserve_greeting(struct mailin_session *session,
    enum mailin_reply reply);
void session_send_greeting(struct mailin_session *session,
    enum mailin_reply reply);

/* ---- session_decide.c ---- */

/* Ask the handler.  What it says is carried out by session_settle(). */
void session_decide(struct mailin_session *session,
    enum mailin_decision decision, const void *subject);
/* The handler has answered for now. */
void session_take_answer(struct mailin_session *session,
    enum mailin_reply reply);
void session_answer(struct mailin_session *session, enum mailin_reply reply);
/* The formatted reply that nobody has used. */
void session_drop_custom(struct mailin_session *session);

/* What comes before and behind a callback that decides; the latter answers what
 * was decided, for PENDING may have been resumed by then. */
static inline void
session_begin_asking(struct mailin_session *session)
{
	session->token = ++session->last_token;
	session->answered = false;
	session->calling = session->asking = true;
}

static inline enum mailin_reply
session_end_asking(struct mailin_session *session, enum mailin_reply reply)
{
	session->calling = session->asking = false;
	if (session->answered) {
		session->answered = false;
		if (reply == MAILIN_REPLY_PENDING)
			reply = session->answer;
	}
	return reply;
}

/* The handler has the callback, there is no line to be kept, and nothing is
 * formatted: ask it about octets of a message.  Of OK nothing follows, and most
 * are such. */
static inline void
session_hand_on(struct mailin_session *session, struct mailin_span octets)
{
	enum mailin_reply reply;

	session->decision = DECIDE_DATA;
	session_begin_asking(session);
	reply = session_end_asking(session, session->handler->data(session,
	    octets, session->user));
	if (reply == MAILIN_REPLY_OK)
		session->decision = DECIDE_NOTHING;
	else
		session_take_answer(session, reply);
}

/* Ask for the verdict on the message, LMTP: of each recipient. */
void session_decide_message(struct mailin_session *session);
enum mailin_error session_answer_message(struct mailin_session *session,
    uint64_t token, enum mailin_reply reply);
/* How many: one, in LMTP one for each recipient (RFC 2033 4.2). */
static inline size_t
session_message_replies(const struct mailin_session *session)
{
	return session_is_lmtp(session) ? session->mail->envelope.count : 1;
}

/* ---- session_auth.c ---- */

void session_auth_start(struct mailin_session *session,
    const struct mailin_command *command);
/* A line has come; or none can be read, for the reason that reply names. */
void session_auth_answer(struct mailin_session *session,
    struct mailin_span line);
void session_auth_fail(struct mailin_session *session,
    enum mailin_reply reply);
void session_auth_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);

/* ---- session_mail.c ---- */

void session_mail_run(struct mailin_session *session,
    const struct mailin_command *command);
void session_mail_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);
void session_rcpt_run(struct mailin_session *session,
    const struct mailin_command *command);
void session_rcpt_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);
void session_parameter_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);

/* ---- session_message.c ---- */

/* The verdict on DATA, or the first BDAT: begin a message, or not. */
void session_message_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);
/* A BDAT line has been read.  Its octets are read in any case, and then
 * answered with error, if that is not OK. */
void session_chunk_start(struct mailin_session *session,
    const struct mailin_chunk *chunk, enum mailin_reply error);
/* The same of BURL, whose octets the handler is asked for. */
void session_burl_start(struct mailin_session *session,
    const struct mailin_command *command);
size_t session_message_read(struct mailin_session *session,
    const char *octets, size_t len);
/* Refuse the message; the reply is due when it has ended. */
void session_message_refuse(struct mailin_session *session,
    enum mailin_reply reply);
/* Do the next thing that is due behind what was read.  False: there is none. */
bool session_message_continue(struct mailin_session *session);

/* Is there one?  Not that it can be done already. */
static inline bool
session_message_is_due(const struct mailin_session *session)
{
	const struct mailin_transaction *mail = session->mail;

	if (session->decision != DECIDE_NOTHING)
		return session->decision == DECIDE_DATA_END;
	if (session->in_chunk && session->chunk_left == 0)
		return true;
	return session_in_message(session) &&
	    (mail->body.state == BODY_ENDED ||
	    ((mail->body.refused || mail->over_size) &&
	    mail->refusal.reply == MAILIN_REPLY_OK));
}

/* ---- session_xclient.c ---- */

void session_xclient_run(struct mailin_session *session,
    const struct mailin_command *command);
void session_xclient_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);

/* Forget what XCLIENT has told, if it has: the peer is again what it was before
 * the first XCLIENT.  Not for a session in TLS, which keeps no such peer. */
void session_xclient_forget(struct mailin_session *session);

/* ---- session_check.c ---- */

/* OK, or the reply that says why not. */
enum mailin_reply session_check(const struct mailin_session *session,
    const struct mailin_command *command);

/* May it be run, as most may, by what the tables alone tell? */
static inline bool
session_is_plain(const struct mailin_session *session,
    const struct mailin_command *command)
{
	enum mailin_event event = session_event(command->verb);

	return command->error == MAILIN_REPLY_OK && !session->mail->binary &&
	    (mailin_rule_needs(event) & session->checks) == 0 &&
	    mailin_rule(session->state, event).yes != STATE_NONE;
}

/* ---- session_command.c ---- */

/* Run a line, or the command that has been read from it. */
void session_run_line(struct mailin_session *session,
    struct mailin_span line);
void session_run_command(struct mailin_session *session,
    const struct mailin_command *command, struct mailin_span line);
void session_helo_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);
void session_starttls_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);
void session_verb_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply);

/* ---- session_line.c ---- */

/* Read up to the end of a line of any kind, and run it; answers the octets
 * read. */
size_t session_line_read(struct mailin_session *session, const char *octets,
    size_t len);

/* ---- session_verdict.c ---- */

/* The handler has decided, now or at last: carry it out. */
void session_verdict(struct mailin_session *session);

/* ---- session_proxy.c ---- */

/* Read a PROXY header; answers the octets read. */
size_t session_proxy_read(struct mailin_session *session, const char *octets,
    size_t len);
/* Keep the facts of TLS: those of a handshake here (NULL: there was none), and
 * what the PROXY header tells of one at the proxy.  Returns false if memory is
 * gone. */
bool session_adopt_tls(struct mailin_session *session,
    const struct mailin_tls *shaken);

/* ---- session.c ---- */

/* The first feed or output: greet the client. */
void session_open(struct mailin_session *session);
/* A step has ended: carry out what was decided, and what is due by then. */
void session_settle_all(struct mailin_session *session);

/* Most steps end with one answer and no more. */
static inline void
session_settle(struct mailin_session *session)
{
	if (session->answered && !session->freeing)
		session_verdict(session);
	if (session->ended || session->stopping || session->in_chunk ||
	    session->answered || session_message_is_due(session))
		session_settle_all(session);
}

/* Last in each call that may call back: free may have been called.  The second
 * one where every step has been settled. */
void session_leave(struct mailin_session *session);
void session_leave_settled(struct mailin_session *session);

#endif
