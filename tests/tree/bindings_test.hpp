/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef BINDINGS_TEST_HPP
#define BINDINGS_TEST_HPP

/* The functions and classes that the tests of bindings/cpp share. */
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mailin.hpp"

inline int faults;

inline void
expect(bool condition, const char *what)
{
	if (!condition) {
		std::printf("C++: %s\n", what);
		faults++;
	}
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

/* Knows one user, by PLAIN and by a mechanism of its own. */
class login : public mailin::handler {
      public:
	mailin_reply
	starttls(mailin::session &) override
	{
		asked++;
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	auth(mailin::session &session, const mailin_credentials &given) override
	{
		if (mailin::view(given.password) == "throw")
			throw std::runtime_error("auth");
		if (mailin::view(given.authcid) != "joe" ||
		    mailin::view(given.password) != "secret")
			return MAILIN_REPLY_BAD_CREDENTIALS;
		session.set_identity("joe@mx.example");
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	sasl(mailin::session &session, const mailin_sasl &step) override
	{
		if (step.first)
			return session.challenge(std::string_view("who?\0", 5));
		session.set_identity(std::string(mailin::view(step.response)));
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	rcpt(mailin::session &, const mailin_rcpt &) override
	{
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	data(mailin::session &, std::string_view octets) override
	{
		message += octets;
		return MAILIN_REPLY_OK;
	}
	void
	failed(mailin::session &, std::exception_ptr) noexcept override
	{
		failures++;
	}
	int asked = 0;
	int failures = 0;
	std::string message;
};

inline mailin::config
login_config()
{
	mailin::config config("localhost");

	config.set("extensions", "STARTTLS");
	config.set("mechanisms", "PLAIN");
	config.add_mechanism("X-OWN");
	return config;
}

#endif
