/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "relay/courier.h"
#include "relay/refusal.h"
#include "relay/turns.h"

static void
note(char *out, size_t room, struct mailin_span text)
{
	size_t len = text.len < room ? text.len : room - 1;

	if (len > 0)
		memcpy(out, text.ptr, len);
	out[len] = '\0';
}

/* ---- Failures ---- */

#define BROKEN  "The connection to the mail server behind this one broke"
#define TOO_BIG "Message too big for the mail server behind this one"

/* Make all pending decisions with this reply. */
static void
refuse(struct courier *courier, struct refusal refusal)
{
	courier->errand = ERRAND_NONE;
	pending_reply_all(&courier->pending, refusal.code, refusal.enhanced,
	    refusal.text);
}

/* Make all pending decisions with a reply that tells the client to try again
 * later. */
static void
put_off(struct courier *courier, const char *enhanced, const char *text)
{
	refuse(courier, (struct refusal){ 451, enhanced, text });
}

/* Tell the client to try again later, because no back end can be used. */
static void
put_off_unreached(struct courier *courier)
{
	if (courier_distrusts(courier))
		put_off(courier, "4.7.5", RELAY_UNSAFE);
	else
		put_off(courier, "4.4.1", RELAY_UNREACHABLE);
}

static void
let_go(struct courier *courier)
{
	if (courier->owner.link != NULL)
		link_leave(courier->owner.link);
	courier->owner.link = NULL;
}

static void find_link(struct courier *courier);

/* ---- MAIL ---- */

static void
send_mail(struct courier *courier)
{
	struct mailin_path path = { .local = { NULL, 0 } };
	enum mailin_error error = courier_send_mail(courier, &path);
	struct refusal refusal;

	if (error == MAILIN_OK || error == MAILIN_ERROR_WAIT)
		return;
	refusal = refusal_of(error, MAILIN_VERB_MAIL, &path);
	courier->errand = ERRAND_NONE;
	pending_reply(&courier->pending, refusal.code, refusal.enhanced,
	    mailin_span_of(refusal.text));
	let_go(courier);
}

static void
begin_transaction(struct courier *courier)
{
	struct link *link = courier->owner.link;

	note(courier->back_end, sizeof courier->back_end,
	    mailin_span_of(link->back_ends->items[link->number].name));
	if (!link->back_ends->xclient) {
		courier_send_xforward(courier);
		send_mail(courier);
	} else if (!courier_send_xclient(courier)) {
		link_fail(link, "XCLIENT is impossible");
	}
	if (courier->owner.link != NULL)
		link_flush(courier->owner.link);
}

/* The connection ended before MAIL had a reply.  No mail was passed on yet, so
 * try another connection, but only once: the back end may just have closed a
 * connection that was idle. */
static void
try_again(struct courier *courier)
{
	if (courier->is_second) {
		put_off(courier, "4.4.2", BROKEN);
		return;
	}
	courier->is_second = true;
	find_link(courier);
}

/* ---- Events of the link (the connection to a back end) ---- */

static void
on_ready(struct link_owner *owner)
{
	struct courier *courier = (struct courier *)owner;

	if (courier->errand == ERRAND_OFFER) {
		courier->errand = ERRAND_NONE;
		let_go(courier);
		pending_decide(&courier->pending, courier_greet, courier);
	} else if (owner->link == NULL) {
		put_off_unreached(courier);
	} else {
		begin_transaction(courier);
	}
}

static void
find_link(struct courier *courier)
{
	struct links *links = relay_links(courier->client);

	if (links == NULL)
		put_off(courier, "4.3.1", "No memory");
	else if (links_take(links, &courier->owner) ||
	    courier->owner.link == NULL)
		on_ready(&courier->owner);
}

static void
pass_on(struct courier *courier, const struct mailin_client_reply *reply)
{
	pending_reply(&courier->pending, reply->code, reply->enhanced,
	    reply->text);
}

/* Called if the reply to XFORWARD or MAIL is 421, by which the back end ends
 * the connection. */
static void
ended_early(struct courier *courier)
{
	link_close(courier->owner.link);
	try_again(courier);
}

/* A back end that refuses XFORWARD still gets the mail. */
static void
xforward_replied(struct courier *courier,
    const struct mailin_client_reply *reply)
{
	if (reply->code == 421)
		ended_early(courier);
	else if (mailin_client_awaited(courier->owner.link->client) == 0)
		send_mail(courier);
}

static void
mail_replied(struct courier *courier, const struct mailin_client_reply *reply)
{
	if (reply->code == 421) {
		ended_early(courier);
		return;
	}
	courier->errand = ERRAND_NONE;
	pass_on(courier, reply);
	if (reply->code >= 300)
		let_go(courier);
}

static void
data_replied(struct courier *courier, const struct mailin_client_reply *reply)
{
	courier->errand = ERRAND_NONE;
	if (reply->code != 354) {
		pass_on(courier, reply);
		return;
	}
	courier->errand = ERRAND_BODY;
	pending_accept(&courier->pending);
}

/* Returns true if the reply to XCLIENT is the greeting of a back end that
 * refuses this client (RFC 5321 3.1), and not this server's XCLIENT. */
static bool
refuses_client(const struct mailin_client_reply *reply)
{
	return (reply->code >= 400 && reply->code < 500 &&
		   reply->code != 421) ||
	    reply->code == 554;
}

/* The reply to XCLIENT is a greeting for the client.  If it is positive, go on
 * with EHLO. */
static void
xclient_replied(struct courier *courier,
    const struct mailin_client_reply *reply)
{
	struct link *link = courier->owner.link;

	if (refuses_client(reply)) {
		courier->errand = ERRAND_NONE;
		pass_on(courier, reply);
		link_close(link);
	} else if (reply->code >= 300 || !courier_send_hello(courier)) {
		link_fail(link, "it refuses XCLIENT");
	}
}

/* The back end has replied to EHLO with the client's own name.  If it refuses
 * the client, no MAIL can follow. */
static void
hello_replied(struct courier *courier, const struct mailin_client_reply *reply)
{
	if (reply->code < 300)
		send_mail(courier);
	else
		mail_replied(courier, reply);
}

/* A client that speaks LMTP gets a reply for each recipient, even if the back
 * end sends one reply for all recipients. */
static void
message_replied(struct courier *courier,
    const struct mailin_client_reply *reply)
{
	bool is_last = mailin_client_awaited(courier->owner.link->client) == 0;

	if (reply->code < 300)
		note(courier->text, sizeof courier->text, reply->text);
	if (courier->others_wait && reply->code / 100 != 4)
		turns_forget(courier->client->session);
	do
		pass_on(courier, reply);
	while (is_last && courier->pending.count > 0);
	if (!is_last)
		return;
	courier->errand = ERRAND_NONE;
	let_go(courier);
}

static void
on_reply(struct link_owner *owner, const struct mailin_client_reply *reply)
{
	struct courier *courier = (struct courier *)owner;

	switch (reply->of) {
	case MAILIN_CLIENT_XFORWARD:
		xforward_replied(courier, reply);
		break;
	case MAILIN_CLIENT_XCLIENT:
		xclient_replied(courier, reply);
		break;
	case MAILIN_CLIENT_HELLO:
		hello_replied(courier, reply);
		break;
	case MAILIN_CLIENT_MAIL:
		mail_replied(courier, reply);
		break;
	case MAILIN_CLIENT_RCPT:
		courier->errand = ERRAND_NONE;
		pass_on(courier, reply);
		break;
	case MAILIN_CLIENT_DATA:
		data_replied(courier, reply);
		break;
	case MAILIN_CLIENT_MESSAGE:
		message_replied(courier, reply);
		break;
	default:
		break;
	}
}

static void
on_drained(struct link_owner *owner)
{
	struct courier *courier = (struct courier *)owner;

	if (courier->errand == ERRAND_BODY)
		pending_accept(&courier->pending);
}

/* Returns true if a back end need not take the message: its end was not sent,
 * and it has more octets than the back end takes. */
static bool
is_too_big(const struct courier *courier)
{
	return courier->octets_most != 0 && !courier->is_ended &&
	    courier->octets > courier->octets_most;
}

/* Returns the refusal after the connection broke.  If it broke because of the
 * size, or would do so the next time, there is no point in another attempt. */
static struct refusal
break_of(const struct courier *courier)
{
	return is_too_big(courier) ? (struct refusal){ 552, "5.3.4", TOO_BIG } :
				     (struct refusal){ 451, "4.4.2", BROKEN };
}

static void
on_gone(struct link_owner *owner, bool is_late)
{
	struct courier *courier = (struct courier *)owner;

	if (courier->errand == ERRAND_SENDER && !is_late)
		try_again(courier);
	else
		refuse(courier, break_of(courier));
}

/* ---- Functions of courier.h ---- */

struct courier *
courier_of(struct store_client *client)
{
	struct courier *courier = client->own;

	if (courier != NULL)
		return courier;
	courier = calloc(1, sizeof *courier);
	if (courier == NULL)
		return NULL;
	courier->owner = (struct link_owner){ .ready = on_ready,
		.reply = on_reply,
		.drained = on_drained,
		.gone = on_gone };
	courier->message.kind = client->store->kind;
	courier->client = client;
	pending_init(&courier->pending);
	client->own = courier;
	return courier;
}

enum mailin_reply
courier_set_out(struct store_client *client, enum errand errand)
{
	struct courier *courier = courier_of(client);

	if (courier == NULL ||
	    pending_add(&courier->pending, client->session) !=
		MAILIN_REPLY_PENDING)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	courier->errand = errand;
	courier->is_second = false;
	courier->is_ended = courier->others_wait = false;
	courier->octets = courier->octets_most = 0;
	find_link(courier);
	return MAILIN_REPLY_PENDING;
}

enum mailin_reply
courier_await(struct courier *courier, enum errand errand)
{
	if (!courier_await_more(courier))
		return MAILIN_REPLY_OUT_OF_MEMORY;
	courier->errand = errand;
	link_flush(courier->owner.link);
	return MAILIN_REPLY_PENDING;
}

bool
courier_await_more(struct courier *courier)
{
	if (pending_add(&courier->pending, courier->client->session) ==
	    MAILIN_REPLY_PENDING)
		return true;
	if (courier->owner.link != NULL)
		link_close(courier->owner.link);
	put_off(courier, "4.3.0", BROKEN);
	return false;
}

enum mailin_reply
courier_broken(const struct courier *courier)
{
	return refusal_reply(courier->client->session, break_of(courier));
}

void
courier_finish(struct courier *courier)
{
	put_off(courier, "4.3.0", BROKEN);
	let_go(courier);
}
