/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_CALLS_H
#define MAILIN_SRC_SESSION_CALLS_H

#include <assert.h>

#include "session/data.h"

/*
 * How a session works inside, and the functions that its files call in each
 * other.
 *
 * The words
 *
 *	decision   something that the handler decides; also its row, the struct
 *	           that describes it (decide.h).  A decision is open until its
 *	           verdict is carried out.
 *	ask        call the handler for a decision
 *	token      a number that identifies an open decision, for
 *	           mailin_session_resume()
 *	PENDING    the handler's reply if it will decide later
 *	verdict    the handler's reply after the library has checked it:
 *	           session->verdict, or a struct mailin_verdict that is kept
 *	           until it is sent
 *	carry out  change the session as a verdict says.  The argument yes is
 *	           true if the verdict's code is below 400.
 *	refuse     reply with 4xx or 5xx.  A refused message gets this reply at
 *	           its end.
 *	response   the client's line after a 334
 *	step       a line, some octets of a message, or the opening (step.c)
 *	due        to be done after a step, by session_run_due() (step.h)
 *	early      input that came before a reply, although the client must wait
 *	           for the reply
 *	traits     facts about a verb that do not restrict it (TRAIT_)
 *
 * How a command runs.  For RCPT these functions are called, each by the one
 * before it, down to the callback:
 *
 *	mailin_session_feed, feed       loop while a step may begin
 *	read_line                       parse the line
 *	mailin_session_run_command      find the verb's row; check the state
 *	mailin_session_rcpt_run         check RCPT; reserve memory
 *	mailin_session_decide           keep the decision's row; check the reply
 *	call_handler                    give the decision a token
 *	ask_rcpt                        the ask function of the decision's row
 *	handler->rcpt                   the callback
 *
 * All of these return.  Then session_run_due() carries out the verdict:
 *
 *	mailin_session_carry_out        call carry_out of the decision's row
 *	rcpt_decided                    keep the recipient, change the state
 *	mailin_session_send             queue the reply
 *
 * A step begins only if no decision is open and the queue has room for the
 * replies of the step.  A command that is not allowed gets its reply from
 * mailin_session_run_command().  RSET, NOOP and QUIT need no decision.  BDAT
 * and BURL begin a chunk.
 *
 * How a decision goes on after PENDING.  The caller's octets will be gone when
 * the handler decides, so mailin_session_take_reply() copies the command line.
 * It also sets session->waiting.  The decision stays open, so
 * mailin_session_feed() reads nothing.  Later mailin_session_resume() sets the
 * verdict, and mailin_session_leave() carries it out as above.  The callback
 * itself may call mailin_session_resume() before it returns PENDING.  The end
 * of a message differs (message_end.c): each of its replies has a verdict and a
 * token.
 *
 * What may be called when.  While a callback runs, session->calling is set:
 * mailin_session_feed() reads nothing, mailin_session_output() shows nothing,
 * and functions that would change the session return MAILIN_ERROR_BUSY.  A
 * callback may call the queries, mailin_session_resume() for its own token, and
 * the functions that prepare its reply.  It may also call
 * mailin_session_free(); the session is then freed at the end of the public
 * call that ran the callback.
 */

/* ---- parts.c: blocks that not every session needs ---- */

/* Allocate the block if the session does not have it yet.  Returns false if
 * there is no memory. */
bool mailin_session_need_proxy_facts(struct mailin_session *session);
bool mailin_session_need_auth(struct mailin_session *session);
bool mailin_session_need_transaction(struct mailin_session *session);
/* mailin_session_no_blocks() makes the session use the shared empty blocks.
 * mailin_session_free_blocks() frees the session's own blocks. */
void mailin_session_no_blocks(struct mailin_session *session);
void mailin_session_free_blocks(struct mailin_session *session);

/* The shared empty blocks: read-only and all zero. */
extern const struct mailin_proxy_facts mailin_session_no_proxy_facts;
extern const struct mailin_exchange mailin_session_no_exchange;
extern const struct mailin_transaction mailin_session_no_transaction;

static inline bool
session_has_proxy_facts(const struct mailin_session *session)
{
	return session->proxy_facts != &mailin_session_no_proxy_facts;
}

static inline bool
session_has_exchange(const struct mailin_session *session)
{
	return session->auth != &mailin_session_no_exchange;
}

static inline bool
session_has_transaction(const struct mailin_session *session)
{
	return session->transaction != &mailin_session_no_transaction;
}

/* ---- state.c: transitions, copies, and the end of a session ---- */

/* Change the state.  Only this function changes it. */
static inline void
session_advance(struct mailin_session *session, enum mailin_event event,
    bool yes)
{
	struct mailin_rule rule = mailin_rule(session->state, event);

	assert(rule.yes != STATE_NONE && rule.no != STATE_NONE);
	session->state = (enum mailin_state)(yes ? rule.yes : rule.no);
}

void mailin_session_trace(struct mailin_session *session,
    enum mailin_direction direction, struct mailin_span line);
/* Trace a command line without its CR LF, and hide AUTH's arguments. */
void mailin_session_trace_line(struct mailin_session *session,
    struct mailin_span line);
/* Compute session->offered and session->checks again.  Call this after a
 * change of extensions, TLS or identity. */
void mailin_session_renew(struct mailin_session *session);
/* Copy the octets of a span to *room, point the span at the copy, and move
 * *room to the octet after the copy. */
void mailin_session_move_span(struct mailin_span *span, char **room);
/* Returns a copy of peer, or NULL if there is no memory.  Each IP address in
 * the copy has its plain form (mailin_ip_plain).  Every peer that the program
 * sees was made by this function. */
struct mailin_peer *mailin_session_copy_peer(
    const struct mailin_session *session, const struct mailin_peer *peer);
/* Store a copy of peer in the session.  Returns false if there is no memory. */
bool mailin_session_keep_peer(struct mailin_session *session,
    const struct mailin_peer *peer);
/* mailin_session_copy_name() copies the name of HELO, and returns NULL if
 * there is no memory.  mailin_session_free_name() frees such a copy. */
char *mailin_session_copy_name(struct mailin_session *session,
    struct mailin_span name);
void mailin_session_free_name(struct mailin_session *session, char *name);
/* Free the name or identity that the handler has not accepted yet. */
void mailin_session_drop_candidate(struct mailin_session *session);
/* Report to the handler how the transaction ended: call handler->delivered if
 * the message was accepted, otherwise handler->reset.  A second call for the
 * same transaction does nothing. */
void mailin_session_report_end(struct mailin_session *session,
    enum mailin_reset_reason reason);
/* Report the end of the transaction, and clear it.  Each transaction ends with
 * this call.  If there is no transaction, clear only the facts of XFORWARD;
 * otherwise the next transaction would get them. */
void mailin_session_end_transaction(struct mailin_session *session,
    enum mailin_reset_reason reason);
/* Overwrite and free the decoded octets of an AUTH exchange. */
void mailin_session_wipe_secret(struct mailin_session *session);
void mailin_session_close(struct mailin_session *session,
    enum mailin_close_reason reason);

/* ---- reply.c: queue replies ---- */

static inline int
session_code(enum mailin_reply reply, const struct mailin_custom *custom)
{
	return reply == MAILIN_REPLY_CUSTOM ?
	    custom->code :
	    mailin_standard_replies[reply].code;
}

/* Is the reply MAILIN_REPLY_CUSTOM, although the handler has not formatted a
 * text by mailin_session_reply()? */
static inline bool
session_is_unformatted(const struct mailin_session *session,
    enum mailin_reply reply)
{
	return reply == MAILIN_REPLY_CUSTOM && session->custom == NULL;
}

/* Store a reply in *verdict until it is sent.  If the reply is CUSTOM, move its
 * text to *verdict, too. */
static inline void
session_keep_reply(struct mailin_session *session,
    struct mailin_verdict *verdict, enum mailin_reply reply)
{
	verdict->reply = reply;
	if (reply == MAILIN_REPLY_CUSTOM) {
		verdict->custom = session->custom;
		session->custom = NULL;
	}
}

/* Reserve memory for the two standard replies that a step may need: one to the
 * command, and one that ends the session. */
static inline bool
session_reserve(struct mailin_session *session)
{
	return mailin_queue_reserve(&session->queue, session_allocator(session),
	    2 * REPLY_STANDARD_ROOM);
}

/* Does the queue have room for one more reply of any length? */
static inline bool
session_has_room(const struct mailin_session *session)
{
	return mailin_queue_len(&session->queue) + REPLY_ROOM <=
	    session_limit(session, MAILIN_LIMIT_OUTPUT);
}

/* Queue the reply to the command.  If reply is CUSTOM, custom has its text.
 * The reply may end the session, so call this last. */
void mailin_session_send_custom(struct mailin_session *session,
    enum mailin_reply reply, const struct mailin_custom *custom);

static inline void
mailin_session_send(struct mailin_session *session, enum mailin_reply reply)
{
	mailin_session_send_custom(session, reply, session->custom);
}

/* Send a reply to an error that the library found.  Count a 5xx as an error of
 * the client. */
void mailin_session_send_error(struct mailin_session *session,
    enum mailin_reply reply);
/* Send a challenge or a greeting, as octets that are already encoded. */
void mailin_session_send_octets(struct mailin_session *session,
    enum mailin_reply reply, struct mailin_span octets);
/* Send a standard reply, if a reply may be sent now.  Then end the session. */
void mailin_session_reply_close(struct mailin_session *session,
    enum mailin_reply reply, enum mailin_close_reason reason);

/* If count is over the limit, end the session and return true.  A limit of 0
 * means no limit. */
static inline bool
session_close_if_over(struct mailin_session *session, enum mailin_limit limit,
    uint64_t count)
{
	uint64_t most = session_limit(session, limit);

	if (most == 0 || count <= most)
		return false;
	mailin_session_reply_close(session, MAILIN_REPLY_TOO_MANY_ERRORS,
	    MAILIN_CLOSE_LIMIT);
	return true;
}

/* ---- greeting.c: the greeting, HELO, EHLO and LHLO ---- */

void mailin_session_helo_run(struct mailin_session *session,
    const struct mailin_command *command);

/* May AUTH use the mechanism now?  Returns OK, or the reply to AUTH (RFC 4954
 * 4 and 6). */
enum mailin_reply mailin_session_check_mechanism(
    const struct mailin_session *session, struct mailin_span mechanism);
/* Send the greeting if opens is set.  Otherwise send the positive reply to
 * HELO, EHLO or LHLO (session->verb). */
void mailin_session_send_greeting(struct mailin_session *session,
    enum mailin_reply reply, bool opens);

/* ---- credentials.c: the credentials in the client's responses ---- */

/* Is this text valid as the name of a user? */
bool mailin_session_is_name(struct mailin_span name);
/* Read the credentials from the client's responses, in the form that the
 * mechanism defines.  response is the last one in session->auth->secret.
 * Returns false if a response is malformed. */
bool mailin_session_read_credentials(const struct mailin_session *session,
    struct mailin_credentials *credentials, struct mailin_span response);

/* ---- auth.c: AUTH ---- */

/* The maximum length of a challenge in base64, which is 3000 octets before
 * encoding. */
#define CHALLENGE_ROOM 4000

void mailin_session_auth_start(struct mailin_session *session,
    const struct mailin_command *command);
/* Run the client's line after a 334. */
void mailin_session_auth_response(struct mailin_session *session,
    struct mailin_span line);
void mailin_session_auth_fail(struct mailin_session *session,
    enum mailin_reply reply);

/* ---- mail.c: MAIL and RCPT ---- */

void mailin_session_mail_run(struct mailin_session *session,
    const struct mailin_command *command);
void mailin_session_rcpt_run(struct mailin_session *session,
    const struct mailin_command *command);

/* ---- xclient.c: XCLIENT and XFORWARD ---- */

void mailin_session_xclient_run(struct mailin_session *session,
    const struct mailin_command *command);

/* Forget what XCLIENT said before TLS: restore the peer that the session had
 * before the first XCLIENT.  If there was no XCLIENT, nothing changes. */
void mailin_session_xclient_forget(struct mailin_session *session);

/* ---- command.c: run a command ---- */

/* A row of the table of verbs.  rules.c has the states in which a verb is
 * allowed. */
struct mailin_verb_row {
	uint8_t needs;  /* NEEDS_... (rules.h) */
	uint8_t traits; /* TRAIT_... */
	uint32_t offer; /* the bit of the extension that offers the verb */
	/* The function that runs the command.  If it is NULL, the handler is
	 * asked for the decision below. */
	void (*run)(struct mailin_session *session,
	    const struct mailin_command *command);
	const struct mailin_decision *decision;
};

#define TRAIT_LAST  0x01u /* ends a pipelined group (RFC 2920 3.1) */
#define TRAIT_JUNK  0x02u /* counts for the limit on junk commands */
#define TRAIT_HELLO 0x04u /* no enhanced code in the reply (RFC 2034 3) */
#define TRAIT_CHUNK 0x08u /* octets follow, even if the command is refused */

extern const struct mailin_verb_row mailin_verbs[MAILIN_VERB_COUNT];

/* Parse the line, then run the command. */
void mailin_session_run_line(struct mailin_session *session,
    struct mailin_span line);
void mailin_session_run_command(struct mailin_session *session,
    const struct mailin_command *command, struct mailin_span line);

/* ---- check.c: is a command allowed?  ---- */

/* Returns OK if the command may run, otherwise the reply that refuses it. */
enum mailin_reply mailin_session_check(const struct mailin_session *session,
    const struct mailin_command *command, const struct mailin_verb_row *row);

/* A fast check that only looks at the tables.  If it returns false,
 * mailin_session_check() must decide. */
static inline bool
session_may_run(const struct mailin_session *session,
    const struct mailin_command *command, const struct mailin_verb_row *row)
{
	return command->error == MAILIN_REPLY_OK &&
	    !session->transaction->binary &&
	    (row->needs & session->checks) == 0 &&
	    mailin_rule(session->state, session_event(command->verb)).yes !=
	    STATE_NONE;
}

/* ---- line.c: read a line of any kind ---- */

/* Read up to the end of the line.  If the line is complete, run it.  Returns
 * the octets read. */
size_t mailin_session_line_read(struct mailin_session *session,
    const char *octets, size_t len);

/* ---- tls.c: TLS ---- */

/* Store the facts of TLS.  shaken has the facts of a handshake with this
 * server; it is NULL if there was no such handshake.  The PROXY header may add
 * the facts of a handshake with the proxy.  Returns false if there is no
 * memory. */
bool mailin_session_adopt_tls(struct mailin_session *session,
    const struct mailin_tls *shaken);

/* ---- proxy.c: the PROXY header ---- */

/* Read a PROXY header.  Returns the octets read. */
size_t mailin_session_proxy_read(struct mailin_session *session,
    const char *octets, size_t len);

#endif
