/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Exceptions in callbacks, errors and lifetimes, TLS and AUTH of bindings/cpp.
 * bindings.sh runs this program.  It prints what is wrong. */
#include <optional>
#include <type_traits>

#include "bindings_test.hpp"

using namespace std::string_literals;

namespace {

/* Each callback throws something. */
class thrower : public mailin::handler {
      public:
	mailin_reply
	mail(mailin::session &, const mailin_mail &) override
	{
		throw std::runtime_error("mail");
	}
	void
	close(mailin::session &, mailin_close_reason) override
	{
		throw 1;
	}
	void
	failed(mailin::session &, std::exception_ptr) noexcept override
	{
		failures++;
	}
	int failures = 0;
};

void
test_exceptions()
{
	thrower handler;
	mailin::config config("localhost");
	std::optional<mailin::session> session(std::in_place, config, handler);
	std::string said;

	session->sent(session->output().size());
	session->feed("HELO a.example\r\n");
	session->sent(session->output().size());
	session->feed("MAIL FROM:<a@b.example>\r\n");
	said = session->output();
	expect(said.substr(0, 9) == "451 4.3.0", "the reply is not 451");
	expect(handler.failures == 1, "failed is not called for mail");
	session.reset();
	expect(handler.failures == 2, "failed is not called for close");
}

void
test_errors()
{
	mailin::config config("localhost");
	mailin::handler handler;
	mailin::session session(config, handler);

	expect_error(
	    MAILIN_ERROR_ARGUMENT, [] { mailin::config bad("-"); },
	    "a bad host name");
	expect_error(
	    MAILIN_ERROR_ARGUMENT, [] { mailin::config bad("localhost\0x"s); },
	    "a host name with a NUL");
	expect_error(
	    MAILIN_ERROR_ARGUMENT, [&] { config.set("no-such", "1"); },
	    "no such setting");
	expect_error(
	    MAILIN_ERROR_RANGE, [&] { session.sent(1000); }, "sent too much");
	expect_error(
	    MAILIN_ERROR_STALE, [&] { session.resume(1, MAILIN_REPLY_OK); },
	    "resume without a decision");
	static_assert(!std::is_copy_constructible_v<mailin::session> &&
		!std::is_move_constructible_v<mailin::session>,
	    "the library has the address of a session");
}

template <class Octets, class = void> constexpr bool can_parse = false;
template <class Octets>
constexpr bool can_parse<Octets,
    std::void_t<decltype(mailin::parse_path(std::declval<Octets>()))>> = true;

/* The spans of a path point into its octets. */
static_assert(can_parse<const char (&)[3]> && can_parse<std::string &> &&
	can_parse<std::string_view> && !can_parse<std::string>,
    "a path of a temporary string");

/* The defaults are those of the library: a session replies the same with a
 * handler without functions as with a C handler without callbacks.  The replies
 * must have this code. */
void
compare_defaults(bool in_tls, std::string_view talk, std::string_view code)
{
	mailin_handler none = {};
	mailin::config config = login_config();
	mailin::handler handler;
	mailin_session *theirs;
	mailin_tls facts = {};

	none.size = sizeof none;
	config.set("pipelining", "allow");
	config.set("extensions", "PIPELINING,STARTTLS,ETRN");
	mailin::session ours(config, handler);
	theirs = mailin_session_new(config.get(), &none, nullptr);
	if (in_tls) {
		ours.tls_started(facts);
		mailin_session_tls_started(theirs, &facts);
	}
	ours.feed(talk);
	mailin_session_feed(theirs, talk.data(), talk.size());
	expect(ours.output() == mailin::view(mailin_session_output(theirs)),
	    "the defaults are not those of the library");
	expect(ours.output().find("\r\n" + std::string(code) + " ") !=
		std::string::npos,
	    "the defaults are not tried");
	mailin_session_free(theirs);
}

void
test_defaults()
{
	compare_defaults(false,
	    "EHLO a.example\r\nVRFY a\r\nEXPN a\r\nHELP\r\nETRN a\r\n"
	    "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nQUIT\r\n",
	    "550");
	compare_defaults(false, "EHLO a.example\r\nSTARTTLS\r\n", "220");
	compare_defaults(true,
	    "EHLO a.example\r\nAUTH PLAIN AGpvZQBzZWNyZXQ=\r\n", "535");
	compare_defaults(true, "EHLO a.example\r\nAUTH X-OWN\r\n", "504");
}

/* Sends a line, and returns the replies. */
std::string
say(mailin::session &session, std::string_view line)
{
	session.sent(session.output().size());
	expect(session.feed(line) == line.size(), "a line is not read");
	return std::string(session.output());
}

bool
begins(const std::string &text, std::string_view with)
{
	return text.substr(0, with.size()) == with;
}

void
test_tls_and_auth()
{
	login handler;
	mailin::session session(login_config(), handler);
	mailin_tls facts = {};

	facts.version = mailin::span("TLSv1.3");
	expect(begins(say(session, "EHLO a.example\r\n"), "250-"), "EHLO");
	expect(begins(say(session, "STARTTLS\r\n"), "220 "), "STARTTLS");
	expect(session.want() == MAILIN_WANT_TLS && handler.asked == 1,
	    "the session does not want TLS");
	expect_error(
	    MAILIN_ERROR_STATE, [&] { session.tls_started(facts); },
	    "a handshake before the 220 was sent");
	session.sent(session.output().size());
	session.tls_started(facts);
	expect(
	    say(session, "EHLO a.example\r\n").find("AUTH PLAIN X-OWN\r\n") !=
		std::string::npos,
	    "no AUTH in TLS");
	expect(begins(say(session, "AUTH PLAIN AGpvZQBiYWQ=\r\n"), "535 "),
	    "a wrong password");
	expect(
	    begins(say(session, "AUTH PLAIN AGpvZQB0aHJvdw==\r\n"), "451 ") &&
		handler.failures == 1,
	    "an exception in auth");
	expect(session.identity().empty(), "an identity before AUTH");
	expect_error(
	    MAILIN_ERROR_STATE, [&] { session.set_identity("joe"); },
	    "an identity without a decision");
	expect(begins(say(session, "AUTH PLAIN AGpvZQBzZWNyZXQ=\r\n"), "235 "),
	    "the right password");
	expect(session.identity() == "joe@mx.example", "the identity");
}

void
test_own_mechanism()
{
	login handler;
	mailin::config config = login_config();
	mailin::session session(config, handler);

	expect_error(
	    MAILIN_ERROR_ARGUMENT, [&] { config.add_mechanism("PLAIN\0x"s); },
	    "a mechanism with a NUL");
	expect_error(
	    MAILIN_ERROR_SYNTAX, [] { login_config().add_mechanism("x y"); },
	    "a mechanism with a blank");
	session.expect_tls();
	expect(session.want() == MAILIN_WANT_TLS, "TLS does not come first");
	session.tls_started(mailin_tls{});
	say(session, "EHLO a.example\r\n");
	expect(say(session, "AUTH X-OWN\r\n") == "334 d2hvPwA=\r\n",
	    "the challenge");
	expect(begins(say(session, "am9l\r\n"), "235 "), "the response");
	expect(session.identity() == "joe", "the identity by the mechanism");
	expect(session.challenge("") == MAILIN_REPLY_INTERNAL_ERROR,
	    "a challenge without a decision");
	expect_error(
	    MAILIN_ERROR_STATE, [&] { session.abort(MAILIN_CLOSE_TLS); },
	    "a handshake that nobody wants has failed");
	session.abort();
	expect(session.want() == MAILIN_WANT_CLOSE, "abort");
}

} // namespace

int
main()
{
	test_exceptions();
	test_errors();
	test_defaults();
	test_tls_and_auth();
	test_own_mechanism();
	return faults > 0;
}
