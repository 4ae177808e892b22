/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/client.h"

/* AUTH mechanisms with channel binding, which binds the exchange to the TLS
 * connection (RFC 5802 6). */

static struct client client;

static enum mailin_reply
on_any_step(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)user;
	(void)step;
	ck_assert(mailin_session_set_identity(session, "x") == MAILIN_OK);
	return MAILIN_REPLY_OK;
}

/* Begin a session in TLS with this channel binding, or without TLS if "binding"
 * is NULL.  The reply to EHLO must offer the mechanisms in "offered". */
static void
begin(const char *binding, const char *offered)
{
	static const char *const names[] = { "X-PLUS", "X", "X-PLUS-X", "XPLUS",
		"-PLUS" };
	struct mailin_tls tls = { .version = SPAN("TLSv1.3") };
	size_t i;

	client_init(&client);
	client.handler.sasl = on_any_step;
	client_set(&client, "tls", "optional");
	for (i = 0; i < ROWS(names); i++)
		ck_assert(mailin_config_add_mechanism(client.config,
			      names[i]) == MAILIN_OK);
	client_begin(&client);
	if (binding != NULL) {
		tls.channel_binding = mailin_span_of(binding);
		ck_assert(mailin_session_tls_started(client.session, &tls) ==
		    MAILIN_OK);
	}
	client_greet(&client);
	ck_assert(strstr(client.out.octets, offered) != NULL);
	(void)client_replies(&client);
}

START_TEST(plus_needs_a_channel_binding)
{
	begin("b", "AUTH X-PLUS X X-PLUS-X XPLUS -PLUS\r\n");
	client_expect(&client, "AUTH X-PLUS =", "235 2.7.0");
	client_end(&client);

	begin("", "AUTH X X-PLUS-X XPLUS\r\n");
	client_expect(&client, "AUTH X-PLUS =", "504 5.5.4");
	client_expect(&client, "AUTH -PLUS =", "504 5.5.4");
	client_expect(&client, "AUTH X =", "235 2.7.0");
	client_end(&client);

	begin(NULL, "AUTH X X-PLUS-X XPLUS\r\n");
	client_expect(&client, "AUTH X-PLUS =", "538 5.7.11");
	client_expect(&client, "AUTH X =", "235 2.7.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		plus_needs_a_channel_binding,
	};

	return suite_run("sasl_plus", tests, ROWS(tests));
}
