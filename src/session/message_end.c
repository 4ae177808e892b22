/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/message.h"

/*
 * The end of a message.  The handler decides once, or in LMTP for each
 * recipient (RFC 2033 4.2).  Each of these verdicts has a token and may come
 * late, so they are stored.  The replies are sent in the order of the
 * recipients.
 */

ASKS(data_end, (session, subject, session->user))
/* mailin_session_message_reply() sends the replies, so carry_out is not
 * called. */
const struct mailin_decision mailin_decide_data_end = {
	DECISION(data_end, DONE, DONE, 2),
	.also = { MAILIN_REPLY_RECIPIENT_OK }, /* LMTP (RFC 2033 4.2) */
	.carry_out = mailin_session_only_send,
};

static struct mailin_verdict *
verdict_at(const struct mailin_session *session, size_t index)
{
	return &session->transaction->envelope.recipients[index].verdict;
}

/* Store the reply to the message.  In LMTP, store the reply for one
 * recipient. */
static void
keep_verdict(struct mailin_session *session, struct mailin_verdict *verdict,
    enum mailin_reply reply)
{
	if (reply != MAILIN_REPLY_PENDING)
		reply = mailin_session_check_reply(session, reply);
	verdict->token = session->token;
	if (reply != MAILIN_REPLY_PENDING &&
	    session_code(reply, session->custom) < 400)
		session->transaction->accepted = true;
	session_keep_reply(session, verdict, reply);
}

/* Set "decided" to the index of the first verdict that is still PENDING.  The
 * verdicts before it are not read again, so the total time is linear, whatever
 * the order of the verdicts. */
static void
find_waiting(struct mailin_session *session)
{
	size_t count = session_message_replies(session);

	while (session->transaction->decided < count &&
	    verdict_at(session, session->transaction->decided)->reply !=
		MAILIN_REPLY_PENDING)
		session->transaction->decided++;
	session->waiting = session->transaction->decided < count;
}

static RARE void
ask_for_each(struct mailin_session *session)
{
	struct mailin_rcpt rcpt;
	size_t i;

	for (i = 0;
	     i < session->transaction->envelope.count && !session->freeing;
	     i++) {
		(void)mailin_envelope_rcpt(&session->transaction->envelope,
		    session_syntax(session), i, &rcpt);
		keep_verdict(session, verdict_at(session, i),
		    mailin_session_ask(session, &rcpt));
	}
}

void
mailin_session_message_end(struct mailin_session *session)
{
	session->decision = &mailin_decide_data_end;
	if (session_message_is_refused(session))
		return;
	session->agreed = MAILIN_REPLY_DONE;
	session->transaction->decided = 0;
	if (session_is_lmtp(session))
		ask_for_each(session);
	else
		keep_verdict(session, verdict_at(session, 0),
		    mailin_session_ask(session, NULL));
	find_waiting(session);
}

enum mailin_error
mailin_session_message_resume(struct mailin_session *session, uint64_t token,
    enum mailin_reply reply)
{
	/* The tokens of the verdicts are consecutive. */
	uint64_t index = token - verdict_at(session, 0)->token;
	struct mailin_verdict *verdict;

	if (index >= session_message_replies(session))
		return MAILIN_ERROR_STALE;
	verdict = verdict_at(session, (size_t)index);
	if (verdict->reply != MAILIN_REPLY_PENDING)
		return MAILIN_ERROR_STALE;
	if (session_is_unformatted(session, reply))
		return MAILIN_ERROR_ARGUMENT;
	session->token = token;
	keep_verdict(session, verdict, reply);
	find_waiting(session);
	return MAILIN_OK;
}

uint64_t
mailin_session_decision(const struct mailin_session *session)
{
	if (session->calling)
		return session->asking ? session->token : 0;
	if (!session->waiting)
		return 0;
	return session->decision == &mailin_decide_data_end ?
	    verdict_at(session, session->transaction->decided)->token :
	    session->token;
}

/* All replies are queued: end the transaction. */
static void
close_message(struct mailin_session *session)
{
	bool accepted = session->transaction->accepted;
	bool closing = session->transaction->closing;

	if (accepted)
		session->errors = session->junk = session->refused_rcpts = 0;
	session->decision = NULL;
	session_advance(session, EVENT_END, accepted);
	mailin_session_end_transaction(session, MAILIN_RESET_REFUSED);
	if (closing)
		mailin_session_close(session, MAILIN_CLOSE_REFUSED);
}

bool
mailin_session_message_reply(struct mailin_session *session)
{
	size_t index = session->transaction->replies_sent;
	const struct mailin_verdict *verdict = session_message_is_refused(
						   session) ?
	    &session->transaction->refusal :
	    verdict_at(session, index);

	if (verdict->reply == MAILIN_REPLY_PENDING ||
	    !session_has_room(session) || !session_reserve(session))
		return false;
	session->transaction->replies_sent++;
	session->cause = MAILIN_OUTCOME_MESSAGE;
	mailin_session_send_custom(session, verdict->reply, verdict->custom);
	if (session->decision != NULL && !session->freeing &&
	    session->transaction->replies_sent ==
		session_message_replies(session))
		close_message(session);
	return true;
}
