/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the relay if a ticket, which resumes a session later, cannot be
 * allocated: server/relay/courier.c, pending.c, store.c.  Session and client
 * are real.  This file replaces the connection (link) and the event loop. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "log/record.h"
#include "relay/courier.h"
#include "store/trace.h"
#include "support/client.h"

struct mailin_ticket {
	struct mailin_ticket *next;
	void (*function)(struct mailin_session *session, void *user);
	void *user;
};

static struct {
	struct client client;
	struct store store;
	struct store_client own;
	struct store_message *message;
	struct back_end item;
	struct back_ends back_ends;
	struct link link;
	char queued[4096],
	    sent[4096]; /* commands and octets for the back end */
	bool is_closed;
	unsigned scarce; /* calls until one makes no ticket; 0: all make one */
	struct mailin_ticket *first, **last;
} run;

/* ---- The event loop ---- */

struct mailin_ticket *
mailin_ticket_new(struct mailin_session *session)
{
	(void)session;
	return run.scarce > 0 && --run.scarce == 0 ?
	    NULL :
	    calloc(1, sizeof(struct mailin_ticket));
}

void
mailin_ticket_call(struct mailin_ticket *ticket,
    void (*function)(struct mailin_session *session, void *user), void *user)
{
	ticket->function = function;
	ticket->user = user;
	*run.last = ticket;
	run.last = &ticket->next;
}

static void
append(char to[4096], struct mailin_span octets)
{
	size_t len = strlen(to);

	ck_assert_uint_lt(len + octets.len, 4096);
	memcpy(to + len, octets.ptr, octets.len);
	to[len + octets.len] = '\0';
}

/* End a turn of the event loop: send output, run the later decisions. */
static void
end_turn(void)
{
	struct mailin_ticket *ticket;

	append(run.sent, mailin_span_of(run.queued));
	run.queued[0] = '\0';
	while ((ticket = run.first) != NULL) {
		run.first = ticket->next;
		if (run.first == NULL)
			run.last = &run.first;
		ticket->function(run.client.session, ticket->user);
		free(ticket);
	}
	if (run.client.session != NULL)
		client_drain(&run.client);
}

/* ---- The connection to the back end (link) ---- */

struct links *
relay_links(const struct store_client *client)
{
	(void)client;
	return (struct links *)(void *)&run.link;
}

bool
links_take(struct links *links, struct link_owner *owner)
{
	(void)links;
	owner->link = &run.link;
	run.link.owner = owner;
	return true;
}

void
link_flush(struct link *link)
{
	struct mailin_span out = mailin_client_output(link->client);

	if (out.len > 0)
		append(run.queued, out);
	ck_assert_int_eq(mailin_client_sent(link->client, out.len), MAILIN_OK);
}

bool
link_send(struct link *link, struct mailin_span octets)
{
	(void)link;
	append(run.queued, octets);
	return true;
}

void
link_close(struct link *link)
{
	run.is_closed = true;
	run.queued[0] = '\0';
	link->owner->link = NULL;
}

void
link_leave(struct link *link)
{
	link_close(link);
}

void
link_fail(struct link *link, const char *reason)
{
	(void)link;
	ck_abort_msg("%s", reason);
}

bool
link_offers(const struct link *link, enum mailin_extension extension)
{
	return mailin_client_offers(link->client, extension);
}

/* Feed a reply of the back end to the client. */
static void
replies(const char *text)
{
	struct mailin_span octets = mailin_span_of(text);
	struct mailin_client_reply reply;

	while (mailin_client_feed(run.link.client, &octets, &reply) ==
	    MAILIN_CLIENT_REPLY)
		if (run.link.owner != NULL)
			run.link.owner->reply(run.link.owner, &reply);
	ck_assert_int_eq(mailin_client_fault_found(run.link.client),
	    MAILIN_CLIENT_FAULT_NONE);
	end_turn();
}

/* ---- Functions that this test does not need ---- */

struct store *
relay_new(const struct store_kind *kind, struct back_ends *back_ends)
{
	(void)kind, (void)back_ends;
	return NULL;
}

void
relay_close(struct store *store)
{
	(void)store;
}

void
relay_hang_up(struct store *store)
{
	(void)store;
}

bool
courier_distrusts(const struct courier *courier)
{
	(void)courier;
	return false;
}

enum mailin_reply
courier_greet(struct mailin_session *session, void *courier)
{
	(void)session, (void)courier;
	return MAILIN_REPLY_OK;
}

enum mailin_reply
courier_hello(struct store_client *client)
{
	(void)client;
	return MAILIN_REPLY_OK;
}

struct mailin_span
trace_received(const struct mailin_session *session, const char *id,
    char field[TRACE_SIZE])
{
	(void)session, (void)id, (void)field;
	return SPAN("Received: x\r\n");
}

void
record_text_field(struct record *record, const char *name, const char *value)
{
	(void)record, (void)name, (void)value;
}

/* ---- The session ---- */

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	(void)session, (void)user;
	return relay_store.mail(&run.own, mail);
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)user;
	return relay_store.rcpt(&run.own, rcpt);
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	return relay_store.begin(&run.own, "id", &run.message);
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)user;
	return relay_store.octets(run.message, octets);
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)user;
	return relay_store.end(run.message, rcpt);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	(void)session, (void)reason, (void)user;
	relay_store.reset(&run.own);
}

/* Connect to the back end, and begin a session. */
static void
begin(enum mailin_protocol protocol)
{
	const struct mailin_client_options options = { .size = sizeof options,
		.name = "mx.example.org",
		.protocol = protocol };
	struct mailin_handler *handler = &run.client.handler;

	memset(&run, 0, sizeof run);
	run.last = &run.first;
	run.item.name = (char *)"back";
	run.back_ends = (struct back_ends){ .items = &run.item,
		.lmtp = protocol == MAILIN_PROTOCOL_LMTP };
	run.link.back_ends = &run.back_ends;
	run.link.client = mailin_client_new(&options);
	replies("220 back\r\n");
	mailin_client_hello(run.link.client);
	link_flush(&run.link);
	replies("250-back\r\n250 PIPELINING\r\n");
	client_init(&run.client);
	if (protocol == MAILIN_PROTOCOL_LMTP)
		client_set(&run.client, "protocol", "lmtp");
	handler->mail = on_mail;
	handler->rcpt = on_rcpt;
	handler->data_start = on_data_start;
	handler->data = on_data;
	handler->data_end = on_data_end;
	handler->reset = on_reset;
	run.store.kind = &relay_store;
	run.own.store = &run.store;
	client_begin(&run.client);
	run.own.session = run.client.session;
	client_greet(&run.client);
	(void)client_replies(&run.client);
}

static void
end(void)
{
	relay_store.leave(&run.own);
	end_turn();
	client_end(&run.client);
	mailin_client_free(run.link.client);
}

/* Send a line to the session, and then the reply of the back end, if any.  The
 * client must get the expected replies. */
static void
passes(const char *line, const char *reply, const char *expected)
{
	client_octets(&run.client, mailin_span_of(line));
	end_turn();
	if (reply != NULL)
		replies(reply);
	client_expect_replies(&run.client, expected);
}

#define GOOD "250 2.1.5 Ok\r\n"

/* Begin a transaction with one recipient. */
static void
begin_mail(enum mailin_protocol protocol)
{
	begin(protocol);
	passes("MAIL FROM:<a@b.example>\r\n", "250 2.1.0 Ok\r\n", "250 2.1.0");
	passes("RCPT TO:<one@b.example>\r\n", GOOD, "250 2.1.5");
}

/* ---- Tests ---- */

/* A recipient never gets the reply for another recipient (threat V66). */
START_TEST(a_recipient_without_memory_does_not_get_the_next_ones_reply)
{
	begin_mail(MAILIN_PROTOCOL_SMTP);
	run.scarce = 1;
	passes("RCPT TO:<two@b.example>\r\n", NULL, "452 4.3.1");
	ck_assert(run.is_closed);
	passes("RCPT TO:<three@b.example>\r\n", NULL, "451 4.4.2");
	passes("DATA\r\n", NULL, "451 4.4.2");
	ck_assert_ptr_eq(strstr(run.sent, "two"), NULL);
	passes("RSET\r\n", NULL, "250 2.0.0");
	end();
}
END_TEST

START_TEST(a_message_without_memory_begins_no_data)
{
	begin_mail(MAILIN_PROTOCOL_SMTP);
	run.scarce = 1;
	passes("DATA\r\n", NULL, "452 4.3.1");
	ck_assert_ptr_eq(strstr(run.sent, "DATA"), NULL);
	end();
}
END_TEST

/* Without memory all recipients are refused, and the message is not ended. */
START_TEST(a_verdict_without_memory_ends_the_message_for_nobody)
{
	static const char *const heard[] = { "452 4.3.1|451 4.4.2|451 4.4.2",
		"451 4.3.0|452 4.3.1|451 4.4.2",
		"451 4.3.0|451 4.3.0|452 4.3.1" };
	unsigned i;

	for (i = 0; i < 3; i++) {
		begin_mail(MAILIN_PROTOCOL_LMTP);
		passes("RCPT TO:<two@b.example>\r\n", GOOD, "250 2.1.5");
		passes("RCPT TO:<three@b.example>\r\n", GOOD, "250 2.1.5");
		passes("DATA\r\n", "354 Go\r\n", "354");
		run.scarce = i + 1;
		passes("x\r\n.\r\n", NULL, heard[i]);
		ck_assert(run.is_closed);
		ck_assert_ptr_eq(strstr(run.sent, "\r\n.\r\n"), NULL);
		end();
	}
}
END_TEST

/* Each recipient gets its own reply to the message (verdict). */
START_TEST(each_recipient_gets_its_own_verdict)
{
	begin_mail(MAILIN_PROTOCOL_LMTP);
	passes("RCPT TO:<no@b.example>\r\n", "550 5.1.1 No\r\n", "550 5.1.1");
	passes("RCPT TO:<two@b.example>\r\n", GOOD, "250 2.1.5");
	passes("DATA\r\n", "354 Go\r\n", "354");
	passes("x\r\n.\r\n", "452 4.2.2 Full\r\n250 2.0.0 Ok\r\n",
	    "452 4.2.2|250 2.0.0");
	ck_assert_ptr_ne(strstr(run.sent, "\r\nx\r\n.\r\n"), NULL);
	end();
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_recipient_without_memory_does_not_get_the_next_ones_reply,
		a_message_without_memory_begins_no_data,
		a_verdict_without_memory_ends_the_message_for_nobody,
		each_recipient_gets_its_own_verdict,
	};

	return suite_run("courier", tests, ROWS(tests));
}
