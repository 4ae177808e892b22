/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* The client of bindings/cpp.  bindings.sh runs this program.  It prints what
 * is wrong. */
#include <type_traits>

#include "bindings_test.hpp"

using namespace std::string_literals;

namespace {

/* Carries octets between a client and a session until both wait.  Returns the
 * codes of the replies. */
std::string
talk(mailin::client &client, mailin::session &session)
{
	std::string codes;
	mailin_client_reply reply;

	do {
		std::string said(client.output());

		client.sent(said.size());
		session.feed(said);
		/* Each octet of the replies comes alone. */
		said = session.output();
		session.sent(said.size());
		for (std::size_t i = 0; i < said.size(); i++) {
			std::string_view octet = { &said[i], 1 };

			while (client.feed(octet, reply))
				codes += std::to_string(reply.code) + ' ';
			expect(octet.empty(), "the client leaves an octet");
		}
	} while (!client.output().empty());
	return codes;
}

void
test_client()
{
	login handler;
	mailin::session session(login_config(), handler);
	mailin::client client("me.example");
	mailin_mail mail = {};
	mailin_rcpt rcpt = {};
	std::string_view message = ".a\r\n\r\n..b";
	mailin_client_reply reply;

	expect(talk(client, session) == "220 ", "the greeting");
	client.hello();
	expect(talk(client, session) == "250 ", "hello");
	expect(client.offers(MAILIN_EXTENSION_STARTTLS), "STARTTLS offered");
	client.starttls();
	expect(talk(client, session) == "220 ", "starttls");
	session.tls_started(mailin_tls{});
	client.tls_started();
	client.hello();
	expect(talk(client, session) == "250 ", "hello in TLS");
	expect(client.offers_sasl("plain"), "AUTH PLAIN offered");
	client.auth_plain("joe", "wrong");
	expect(talk(client, session) == "535 ", "a wrong password");
	client.auth_plain("joe", "secret");
	expect(talk(client, session) == "235 ", "the right password");
	mail.path = mailin::parse_path("<me@a.example>");
	client.mail(mail);
	expect(talk(client, session) == "250 ", "mail");
	rcpt.path = mailin::parse_path("<you@b.example>");
	client.rcpt(rcpt);
	expect(talk(client, session) == "250 " && !client.ready(), "rcpt");
	client.data();
	expect(talk(client, session) == "354 ", "data");
	while (!message.empty())
		session.feed(client.body(message));
	client.body_end();
	expect(talk(client, session) == "250 " && client.ready(), "body_end");
	expect(handler.message == ".a\r\n\r\n..b\r\n", "the message");
	client.quit();
	expect(talk(client, session) == "221 " && client.awaited() == 0,
	    "quit");
	client.eof();
	message = "";
	expect(!client.feed(message, reply), "a reply after the end");
}

void
test_client_auth()
{
	login handler;
	mailin::session session(login_config(), handler);
	mailin::client client("me.example");

	session.tls_started(mailin_tls{});
	talk(client, session);
	client.hello();
	talk(client, session);
	client.auth("X-OWN");
	expect(client.output() == "AUTH X-OWN\r\n", "no initial response");
	expect(talk(client, session) == "334 ", "a challenge");
	client.auth_cancel();
	expect(talk(client, session) == "501 ", "auth_cancel");
	client.auth("X-OWN", "");
	expect(client.output() == "AUTH X-OWN =\r\n", "an empty response");
	expect(talk(client, session) == "334 ", "a challenge again");
	client.auth_respond("joe");
	expect(talk(client, session) == "235 ", "auth_respond");
	expect(session.identity() == "joe", "the identity of a client");
	client.noop();
	client.sent(client.output().size());
	expect_error(
	    MAILIN_ERROR_WAIT, [&] { client.rset(); }, "rset without a reply");
}

template <class Call>
void
expect_fault(mailin_client_fault fault, Call call, const char *what)
{
	try {
		call();
		expect(false, what);
	} catch (const mailin::server_fault &error) {
		expect(error.fault == fault, what);
	}
}

void
test_client_errors()
{
	mailin::client client("a.example");
	mailin_client_reply reply;
	std::string_view octets = "220 a\r\n250 b\r\n";
	std::string_view bad = "a\nb";

	expect_error(
	    MAILIN_ERROR_ARGUMENT, [] { mailin::client made("-"); },
	    "a bad name of a client");
	expect_error(
	    MAILIN_ERROR_ARGUMENT, [] { mailin::client made("a\0b"s); },
	    "a name of a client with a NUL");
	expect_error(
	    MAILIN_ERROR_RANGE, [&] { client.sent(1); }, "sent too much");
	expect_error(
	    MAILIN_ERROR_STATE, [&] { client.body(bad); }, "body too early");
	expect(bad.size() == 3, "body removes octets in spite of an error");
	expect(client.feed(octets, reply) && octets == "250 b\r\n",
	    "the client reads more than a reply");
	expect_error(
	    MAILIN_ERROR_ARGUMENT, [&] { client.auth_plain("a", "b\0c"s); },
	    "a password with a NUL");
	expect_error(
	    MAILIN_ERROR_WAIT, [&] { client.hello(), client.auth("X"); },
	    "AUTH before the reply to EHLO");
	expect_fault(
	    MAILIN_CLIENT_FAULT_UNASKED, [&] { client.feed(octets, reply); },
	    "a reply that nobody awaits");
	expect_fault(
	    MAILIN_CLIENT_FAULT_EOF,
	    [] {
		    mailin::client other("a.example");

		    other.eof();
	    },
	    "the end before the greeting");
	static_assert(!std::is_copy_constructible_v<mailin::client>,
	    "two objects would free one client");
}

} // namespace

int
main()
{
	test_client();
	test_client_auth();
	test_client_errors();
	return faults > 0;
}
