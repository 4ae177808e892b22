/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Exceptions in callbacks, errors and lifetimes of bindings/cpp/mailin.hpp.
 * bindings.sh runs this program.  It prints what is wrong. */
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include "mailin.hpp"

namespace {

int faults;

void
expect(bool condition, const char *what)
{
	if (!condition) {
		std::printf("C++: %s\n", what);
		faults++;
	}
}

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

template <class Call>
void
expect_error(mailin_error code, Call call, const char *what)
{
	try {
		call();
		expect(false, what);
	} catch (const mailin::error &error) {
		expect(error.code == code, what);
	}
}

void
test_errors()
{
	using std::string;
	mailin::config config("localhost");
	mailin::handler handler;
	mailin::session session(config, handler);

	expect_error(
	    MAILIN_ERROR_ARGUMENT, [] { mailin::config bad("-"); },
	    "a bad host name");
	expect_error(
	    MAILIN_ERROR_ARGUMENT,
	    [] { mailin::config bad(string("localhost\0x", 11)); },
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
 * handler without functions as with a C handler without callbacks. */
void
test_defaults()
{
	static const char talk[] =
	    "EHLO a.example\r\nVRFY a\r\nEXPN a\r\nHELP\r\nETRN a\r\n"
	    "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nQUIT\r\n";
	mailin_handler none = {};
	mailin::config config("localhost");
	mailin::handler handler;
	mailin_session *theirs;

	none.size = sizeof none;
	config.set("pipelining", "allow");
	config.set("extensions", "PIPELINING,ENHANCEDSTATUSCODES,ETRN");
	mailin::session ours(config, handler);
	theirs = mailin_session_new(config.get(), &none, nullptr);
	ours.feed(talk);
	mailin_session_feed(theirs, talk, sizeof talk - 1);
	expect(ours.output() == mailin::view(mailin_session_output(theirs)),
	    "the defaults are not those of the library");
	mailin_session_free(theirs);
}

} // namespace

int
main()
{
	test_exceptions();
	test_errors();
	test_defaults();
	return faults > 0;
}
