/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "support/relay.h"
#include "support/suite.h"

enum mailin_error
relay_command(struct relay *relay, unsigned command)
{
	static const struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	struct mailin_client *client = relay->client;
	struct mailin_span in = TEXT("x"), out;

	switch ((enum relay_command)command) {
	case DO_HELLO:
		return mailin_client_hello(client);
	case DO_STARTTLS:
		return mailin_client_starttls(client);
	case DO_AUTH:
		return mailin_client_auth_plain(client, "u", "p");
	case DO_SASL:
		return mailin_client_auth(client, "PLAIN",
		    (struct mailin_span){ NULL, 0 });
	case DO_RESPOND:
		return mailin_client_auth_respond(client, in);
	case DO_CANCEL:
		return mailin_client_auth_cancel(client);
	case DO_XFORWARD:
		return mailin_client_xforward(client, values);
	case DO_XCLIENT:
		return mailin_client_xclient(client, values);
	case DO_MAIL:
		return relay_mail(relay, "<a@b>");
	case DO_RCPT:
		return relay_rcpt(relay, "<a@b>");
	case DO_DATA:
		return mailin_client_data(client);
	case DO_BODY:
		return mailin_client_body(client, &in, &out);
	case DO_BODY_END:
		return mailin_client_body_end(client);
	case DO_RSET:
		return mailin_client_rset(client);
	case DO_NOOP:
		return mailin_client_noop(client);
	case DO_QUIT:
		return mailin_client_quit(client);
	default:
		return mailin_client_tls_started(client);
	}
}

void
relay_done(struct relay *relay, unsigned command, const char *reply)
{
	ck_assert_int_eq(relay_command(relay, command), MAILIN_OK);
	relay_text(relay, reply);
}

void
relay_transaction(struct relay *relay)
{
	relay_done(relay, DO_MAIL, "250 OK\r\n");
	relay_done(relay, DO_RCPT, "250 OK\r\n");
}

void
relay_enter(struct relay *relay, unsigned state)
{
	if (state == AT_STARTING || state == AT_FRESH || state == AT_REFUSED) {
		relay_begin(relay, NULL, 100);
		if (state != AT_STARTING)
			relay_text(relay,
			    state == AT_FRESH ? "220 OK\r\n" : "554 no\r\n");
		return;
	}
	relay_greet(relay, NULL, 100, RELAY_ALL);
	if (state == AT_IN_MAIL || state == AT_IN_BODY)
		relay_transaction(relay);
	if (state == AT_IN_BODY)
		relay_done(relay, DO_DATA, "354 go\r\n");
	if (state == AT_TLS)
		relay_done(relay, DO_STARTTLS, "220 go\r\n");
	if (state == AT_CHALLENGE)
		relay_done(relay, DO_SASL, "334 \r\n");
	if (state == AT_CLOSED)
		relay_done(relay, DO_QUIT, "221 bye\r\n");
}

void
relay_hear_early(struct relay *relay, const char *octets)
{
	struct mailin_client_reply reply;
	struct mailin_span in = mailin_span_of(octets);

	if (mailin_client_feed(relay->client, &in, &reply) ==
	    MAILIN_CLIENT_FAULT)
		relay_note(relay, "FAULT %s",
		    mailin_client_fault_name(
			mailin_client_fault_found(relay->client)));
	else
		relay_note(relay, "%s %d", mailin_client_step_name(reply.of),
		    reply.code);
}
