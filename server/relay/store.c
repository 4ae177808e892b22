/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stddef.h>
#include <stdlib.h>

#include "log/record.h"
#include "relay/courier.h"
#include "relay/refusal.h"
#include "relay/turns.h"

static enum mailin_reply
relay_connect(struct store_client *client)
{
	struct courier *courier = courier_of(client);
	enum mailin_reply reply;

	if (courier == NULL)
		return MAILIN_REPLY_NO_RESOURCES;
	reply = courier_greet(client->session, courier);
	return reply == MAILIN_REPLY_OK ? reply :
					  courier_set_out(client, ERRAND_OFFER);
}

static enum mailin_reply
relay_mail(struct store_client *client, const struct mailin_mail *mail)
{
	(void)mail; /* the sender is read from the session when there is a
		       link */
	return courier_set_out(client, ERRAND_SENDER);
}

/* In LMTP the message gets a reply for each recipient, in SMTP one reply for
 * all.  If a back end accepted the message for some recipients and refused it
 * for others, a client that speaks SMTP would lose mail after a positive reply,
 * and send mail twice after a negative one.  So such a client may name only one
 * recipient for each message.  Returns true if this recipient must wait. */
static bool
must_wait(const struct courier *courier, const struct mailin_path *path)
{
	const struct mailin_session *session = courier->client->session;

	return courier->owner.link->back_ends->lmtp &&
	    mailin_session_helo(session, NULL) != MAILIN_VERB_LHLO &&
	    (mailin_session_rcpt_count(session) > 0 ||
		turns_take(session, path));
}

static enum mailin_reply
relay_rcpt(struct store_client *client, const struct mailin_rcpt *rcpt)
{
	struct courier *courier = client->own;
	struct mailin_rcpt copy = *rcpt;
	enum mailin_error error;

	if (courier->owner.link == NULL)
		return courier_broken(courier);
	if (must_wait(courier, &rcpt->path)) {
		courier->others_wait = true;
		return mailin_session_reply(client->session, 452, "4.5.3",
		    "One recipient at a time: send the others next");
	}
	courier_qualify(courier, &copy.path);
	/* With --parameters ignore, a client may send RRVS although this server
	 * does not offer it.  The parameter is then ignored, and not passed
	 * on. */
	if (!mailin_session_offers(client->session, MAILIN_EXTENSION_RRVS))
		copy.parameters &= ~MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_RRVS);
	error = mailin_client_rcpt(courier->owner.link->client, &copy);
	if (error == MAILIN_OK)
		return courier_await(courier, ERRAND_RECIPIENT);
	return refusal_reply(client->session,
	    refusal_of(error, MAILIN_VERB_RCPT, &copy.path));
}

static enum mailin_reply
relay_begin(struct store_client *client, const char *id,
    struct store_message **message)
{
	struct courier *courier = client->own;

	*message = NULL;
	if (courier->owner.link == NULL)
		return courier_broken(courier);
	courier->text[0] = '\0';
	/* Remember the recipient now.  Only acceptance or a final refusal
	 * undoes this, so a broken connection counts as a deferral, too. */
	if (courier->others_wait)
		turns_remember(client->session);
	courier->trace = trace_received(client->session, id, courier->received);
	if (courier->trace.len == 0 ||
	    mailin_client_data(courier->owner.link->client) != MAILIN_OK)
		return MAILIN_REPLY_INTERNAL_ERROR;
	courier->octets_most = mailin_client_limit(courier->owner.link->client,
	    MAILIN_LIMIT_MESSAGE_SIZE);
	*message = &courier->message;
	return courier_await(courier, ERRAND_DATA);
}

static struct courier *
courier_with(struct store_message *message)
{
	return (struct courier *)(void *)((char *)message -
	    offsetof(struct courier, message));
}

static bool
is_ascii(struct mailin_span octets)
{
	size_t i;

	for (i = 0; i < octets.len; i++)
		if ((unsigned char)octets.ptr[i] > 0x7f)
			return false;
	return true;
}

/* Send octets to the back end.  Returns false if they are not allowed in a
 * message. */
static bool
hand_on(struct courier *courier, struct mailin_span *octets, bool *has_room)
{
	struct mailin_span out;

	courier->octets += octets->len;
	while (courier->owner.link != NULL && octets->len > 0) {
		if (mailin_client_body(courier->owner.link->client, octets,
			&out) != MAILIN_OK)
			return false;
		if (!link_send(courier->owner.link, out))
			*has_room = false;
	}
	return true;
}

/* Refuse octets because the back end does not offer 8BITMIME.  If this server
 * has offered 8BITMIME, another back end offers it, or this one did before;
 * then the client is told to try again. */
static enum mailin_reply
refuse_octets(struct mailin_session *session)
{
	bool is_offered = mailin_session_offers(session,
	    MAILIN_EXTENSION_8BITMIME);

	return mailin_session_reply(session, is_offered ? 451 : 554,
	    is_offered ? "4.6.3" : "5.6.3",
	    "The mail server behind this one takes only ASCII");
}

static enum mailin_reply
relay_octets(struct store_message *message, struct mailin_span octets)
{
	struct courier *courier = courier_with(message);
	struct mailin_session *session = courier->client->session;
	bool has_room = true;

	if (courier->owner.link != NULL &&
	    !link_offers(courier->owner.link, MAILIN_EXTENSION_8BITMIME) &&
	    !is_ascii(octets))
		return refuse_octets(session);
	/* The trace comes first (RFC 5321 4.4). */
	if (!hand_on(courier, &courier->trace, &has_room) ||
	    !hand_on(courier, &octets, &has_room))
		return MAILIN_REPLY_BARE_NEWLINE;
	if (courier->owner.link == NULL)
		return courier_broken(courier);
	return has_room ? MAILIN_REPLY_OK :
			  pending_add(&courier->pending, session);
}

static enum mailin_reply
relay_end(struct store_message *message, const struct mailin_rcpt *rcpt)
{
	struct courier *courier = courier_with(message);
	bool has_room = true;

	(void)rcpt;
	if (courier->is_ended && courier->errand == ERRAND_END)
		return courier_await_more(courier) ? MAILIN_REPLY_PENDING :
						     MAILIN_REPLY_OUT_OF_MEMORY;
	if (!hand_on(courier, &courier->trace, &has_room))
		return MAILIN_REPLY_BARE_NEWLINE;
	if (courier->owner.link == NULL)
		return courier_broken(courier);
	if (mailin_client_body_end(courier->owner.link->client) != MAILIN_OK)
		return MAILIN_REPLY_BARE_NEWLINE;
	courier->is_ended = true;
	/* If there is no memory, the client will send the message again, so the
	 * end that is queued must not reach the back end. */
	return courier_await(courier, ERRAND_END);
}

static void
relay_reset(struct store_client *client)
{
	if (client->own != NULL)
		courier_finish(client->own);
}

static void
relay_leave(struct store_client *client)
{
	relay_reset(client);
	free(client->own);
	client->own = NULL;
}

static int
result(const struct store_message *message, size_t rcpt)
{
	(void)message;
	(void)rcpt;
	return 0;
}

static void
describe(const struct store_message *message, struct record *record)
{
	const struct courier *courier = courier_with(
	    (struct store_message *)message);

	record_text_field(record, "back-end", courier->back_end);
	if (courier->text[0] != '\0')
		record_text_field(record, "text", courier->text);
}

static void
forget(struct store_message *message)
{
	(void)message;
}

static struct store *
open_relay(const struct store_options *options)
{
	return relay_new(&relay_store, options->back_ends);
}

const struct store_kind relay_store = {
	.open = open_relay,
	.close = relay_close,
	.hang_up = relay_hang_up,
	.connect = relay_connect,
	.hello = courier_hello,
	.mail = relay_mail,
	.rcpt = relay_rcpt,
	.begin = relay_begin,
	.octets = relay_octets,
	.end = relay_end,
	.reset = relay_reset,
	.leave = relay_leave,
	.result = result,
	.describe = describe,
	.free = forget,
};
