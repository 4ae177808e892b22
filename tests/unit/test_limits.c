/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests limits of libmailin-event that count all sessions of one client address
 * together. */
#include <limits.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;
static struct mailin_network proxy, relay;
static struct mailin_trust trust;

static void
begin(struct mailin_server_limits limits)
{
	limits.size = sizeof limits;
	ck_assert(mailin_network_parse(&proxy, "127.0.0.3"));
	ck_assert(mailin_network_parse(&relay, "127.0.0.4"));
	trust = (struct mailin_trust){ .size = sizeof trust,
		.proxy_from = &proxy,
		.proxy_from_count = 1,
		.xclient_from = &relay,
		.xclient_from_count = 1 };
	host_init(&host, 2);
	ck_assert(mailin_server_set_limits(host.server, &limits));
	host.service.trust = &trust;
	/* The function talk() sends all lines at once, so pipelining must be
	 * allowed. */
	ck_assert_int_eq(mailin_config_set(host.config, "pipelining", "allow"),
	    MAILIN_OK);
}

/* Connect from the address, send the text, and expect replies with these
 * codes. */
static void
talk(const char *address, const char *text, const char *codes)
{
	int fd = peer_connect_from(host.listener, address);

	peer_talk(fd, text, codes);
	close(fd);
}

#define HELLO "EHLO c.example\r\n"

START_TEST(an_address_connects_only_so_often)
{
	begin((struct mailin_server_limits){ .connections_in_window = 2 });
	host_start(&host);
	talk("127.0.0.1", "QUIT\r\n", "220|221|gone");
	talk("127.0.0.1", "QUIT\r\n", "220|221|gone");
	talk("127.0.0.1", "", "421 4.7.0 Too many connections|gone");
	talk("127.0.0.2", "QUIT\r\n", "220|221|gone");
	host_await(&host.events[MAILIN_EVENT_REFUSED], 1);
	ck_assert_str_eq(host.reason, "its address opens too many connections");
	host_stop(&host);
}
END_TEST

START_TEST(an_address_sends_only_so_many_messages)
{
	const char *one = HELLO "MAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n";

	begin((struct mailin_server_limits){ .messages_in_window = 3 });
	host_start(&host);
	talk("127.0.0.1", one, "220|250|250|250|250");
	talk("127.0.0.1", one, "220|250|250|250|421 4.7.0|gone");
	talk("127.0.0.2", one, "220|250|250|250|250");
	host_await(&host.events[MAILIN_EVENT_LIMITED], 1);
	ck_assert_str_eq(host.reason, "its address sends too many messages");
	host_stop(&host);
}
END_TEST

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session;
	(void)user;
	return mailin_span_equal(rcpt->path.local, "good") ?
	    MAILIN_REPLY_OK :
	    mailin_span_equal(rcpt->path.local, "later") ?
	    MAILIN_REPLY_MAILBOX_BUSY :
	    MAILIN_REPLY_NO_MAILBOX;
}

/* Recipients that are accepted, or refused with a 4xx, are not counted. */
START_TEST(an_address_names_only_so_many_wrong_recipients)
{
	const char *one = HELLO "MAIL FROM:<>\r\nRCPT TO:<good@b.example>\r\n"
				"RCPT TO:<later@b.example>\r\n"
				"RCPT TO:<bad@b.example>\r\n";

	begin((struct mailin_server_limits){ .refused_rcpts_in_window = 2 });
	host.handler.rcpt = on_rcpt;
	host_start(&host);
	talk("127.0.0.1", one, "220|250|250|250|450|550");
	talk("127.0.0.1", one, "220|250|250|250|450|550");
	talk("127.0.0.1", one, "220|250|250|421 4.7.0|gone");
	talk("127.0.0.2", one, "220|250|250|250|450|550");
	host_await(&host.events[MAILIN_EVENT_LIMITED], 1);
	host_stop(&host);
}
END_TEST

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)session;
	(void)user;
	return mailin_span_equal(credentials->password, "b") ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_BAD_CREDENTIALS;
}

#define GOOD HELLO "AUTH PLAIN AGEAYg==\r\n"
#define BAD  HELLO "AUTH PLAIN AGEAYw==\r\n"

START_TEST(an_address_fails_to_log_in_only_so_often)
{
	int i;

	begin((struct mailin_server_limits){ .auth_failures_in_window = 2 });
	ck_assert_int_eq(mailin_config_set(host.config, "tls", "optional"),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_config_set(host.config, "mechanisms", "PLAIN"),
	    MAILIN_OK);
	host.handler.auth = on_auth;
	host_start(&host);
	for (i = 0; i < 5; i++)
		talk("127.0.0.1", GOOD, "220|250|235");
	talk("127.0.0.1", BAD, "220|250|535");
	talk("127.0.0.1", BAD, "220|250|535");
	talk("127.0.0.1", GOOD, "220|250|421 4.7.0|gone");
	talk("127.0.0.2", GOOD, "220|250|235");
	host_await(&host.events[MAILIN_EVENT_LIMITED], 1);
	host_stop(&host);
}
END_TEST

#define PROXIED(address) "PROXY TCP4 " address " 127.0.0.1 1 25\r\n"

/* A trusted proxy has no limit, but each client that it names has one. */
START_TEST(the_client_that_a_proxy_names_is_counted)
{
	int fds[2];

	begin((struct mailin_server_limits){ .connections_of_address = 1,
	    .connections_in_window = 2 });
	host_start(&host);
	fds[0] = peer_connect_from(host.listener, "127.0.0.3");
	peer_talk(fds[0], PROXIED("192.0.2.1"), "220");
	talk("127.0.0.3", PROXIED("192.0.2.1"), "421|gone");
	ck_assert_str_eq(host.reason, "its address has too many clients");
	talk("127.0.0.3", PROXIED("192.0.2.1"), "421|gone");
	ck_assert_str_eq(host.reason, "its address opens too many connections");
	fds[1] = peer_connect_from(host.listener, "127.0.0.3");
	peer_talk(fds[1], PROXIED("192.0.2.2"), "220");
	close(fds[0]);
	close(fds[1]);
	host_stop(&host);
}
END_TEST

#define XCLIENT(address) HELLO "XCLIENT ADDR=" address "\r\n"

START_TEST(the_client_that_xclient_names_is_counted)
{
	int fds[2];

	begin((struct mailin_server_limits){ .connections_of_address = 1,
	    .messages_in_window = 1 });
	host_start(&host);
	fds[0] = peer_connect_from(host.listener, "127.0.0.4");
	peer_talk(fds[0], XCLIENT("192.0.2.1"), "220|250|220");
	talk("127.0.0.4", XCLIENT("192.0.2.1"), "220|250|421 4.7.0|gone");
	fds[1] = peer_connect_from(host.listener, "127.0.0.4");
	peer_talk(fds[1], XCLIENT("192.0.2.2"), "220|250|220");
	peer_talk(fds[1], HELLO "MAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n",
	    "250|250|250|421 4.7.0|gone");
	peer_talk(fds[0], HELLO "MAIL FROM:<>\r\n", "250|250");
	close(fds[0]);
	close(fds[1]);
	host_stop(&host);
}
END_TEST

static enum mailin_reply
refuse_nine(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	struct mailin_span address = attributes->values[MAILIN_ATTRIBUTE_ADDR];

	(void)session;
	(void)verb;
	(void)user;
	return address.ptr[address.len - 1] == '9' ? MAILIN_REPLY_REFUSED :
						     MAILIN_REPLY_OK;
}

/* If the program refuses XCLIENT, the client that it names is not counted, and
 * the trusted peer still has no limit. */
START_TEST(a_client_that_is_refused_in_xclient_is_not_counted)
{
	const char *two = "MAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n";
	int fds[2];

	begin((struct mailin_server_limits){ .connections_of_address = 1,
	    .messages_in_window = 1 });
	host.handler.xclient = refuse_nine;
	host_start(&host);
	fds[0] = peer_connect_from(host.listener, "127.0.0.4");
	peer_talk(fds[0], XCLIENT("192.0.2.9"), "220|250|550");
	peer_talk(fds[0], two, "250|250|250");
	fds[1] = peer_connect_from(host.listener, "127.0.0.4");
	peer_talk(fds[1], XCLIENT("192.0.2.9"), "220|250|550");
	peer_talk(fds[1], "XCLIENT ADDR=192.0.2.1\r\n", "220");
	peer_talk(fds[0], "RSET\r\nXCLIENT ADDR=192.0.2.1\r\n",
	    "250|421 4.7.0|gone");
	close(fds[0]);
	close(fds[1]);
	host_stop(&host);
}
END_TEST

/* A client that PROXY names is counted even if its address is that of a trusted
 * peer.  A header without an address names no client.  A trusted peer
 * that XCLIENT names is not counted, either. */
START_TEST(a_client_with_the_address_of_a_trusted_peer_is_counted)
{
	int fd, i;

	begin((struct mailin_server_limits){ .connections_of_address = 1 });
	host_start(&host);
	for (i = 0; i < 2; i++) {
		talk("127.0.0.3", "PROXY UNKNOWN\r\n", "220");
		talk("127.0.0.4", XCLIENT("127.0.0.4"), "220|250|220");
	}
	fd = peer_connect_from(host.listener, "127.0.0.3");
	peer_talk(fd, PROXIED("127.0.0.3"), "220");
	talk("127.0.0.3", PROXIED("127.0.0.3"), "421|gone");
	talk("127.0.0.4", XCLIENT("127.0.0.3"), "220|250|421 4.7.0|gone");
	talk("127.0.0.3", "PROXY UNKNOWN\r\n", "220");
	close(fd);
	fd = peer_connect_from(host.listener, "127.0.0.3");
	peer_talk(fd, PROXIED("127.0.0.4"), "220");
	talk("127.0.0.3", PROXIED("127.0.0.4"), "421|gone");
	close(fd);
	host_stop(&host);
}
END_TEST

START_TEST(an_exempt_network_has_no_limit)
{
	struct mailin_network exempt[2];
	int i;

	ck_assert(mailin_network_parse(&exempt[0], "192.0.2.0/24"));
	ck_assert(mailin_network_parse(&exempt[1], "127.0.0.2"));
	begin((struct mailin_server_limits){ .connections_in_window = 1,
	    .exempt = exempt,
	    .exempt_count = 2 });
	host_start(&host);
	for (i = 0; i < 3; i++)
		talk("127.0.0.2", "QUIT\r\n", "220|221|gone");
	talk("127.0.0.1", "QUIT\r\n", "220|221|gone");
	talk("127.0.0.1", "", "421|gone");
	host_stop(&host);
}
END_TEST

/* By default, one address may have a tenth of the clients that the server
 * accepts. */
START_TEST(an_address_has_a_tenth_of_the_places)
{
	int fds[20], i;

	begin((struct mailin_server_limits){ .connections = 200 });
	host_start(&host);
	for (i = 0; i < 20; i++) {
		fds[i] = peer_connect(host.listener);
		peer_talk(fds[i], "", "220");
	}
	talk("127.0.0.1", "", "421|gone");
	talk("127.0.0.2", "", "220");
	for (i = 0; i < 20; i++)
		close(fds[i]);
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_address_connects_only_so_often,
		an_address_sends_only_so_many_messages,
		an_address_names_only_so_many_wrong_recipients,
		an_address_fails_to_log_in_only_so_often,
		the_client_that_a_proxy_names_is_counted,
		the_client_that_xclient_names_is_counted,
		a_client_that_is_refused_in_xclient_is_not_counted,
		a_client_with_the_address_of_a_trusted_peer_is_counted,
		an_exempt_network_has_no_limit,
		an_address_has_a_tenth_of_the_places,
	};

	return suite_run("limits", tests, ROWS(tests));
}
