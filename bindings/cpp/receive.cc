/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* receive [HOSTNAME]: serves one session of SMTP on standard input and output.
 * Each message for a recipient at HOSTNAME (default: localhost) goes to
 * standard error, after a line with its envelope. */
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <unistd.h>

#include "mailin.hpp"

namespace {

enum {
	INPUT,
	OUTPUT,
	MESSAGES
};

std::size_t
write_some(int file, std::string_view octets)
{
	ssize_t written = ::write(file, octets.data(), octets.size());

	if (written < 0)
		throw std::system_error(errno, std::generic_category());
	return static_cast<std::size_t>(written);
}

class receiver : public mailin::handler {
      public:
	explicit receiver(const std::string &hostname) : hostname_(hostname)
	{
	}
	mailin_reply
	mail(mailin::session &, const mailin_mail &mail) override
	{
		sender_ = mailin::view(mail.path.text);
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	rcpt(mailin::session &session, const mailin_rcpt &rcpt) override
	{
		if (!mailin_span_iequal(rcpt.path.domain, hostname_.c_str()))
			return session.reply(550, "5.1.2",
			    "Only mail for " + hostname_);
		if (!recipients_.empty())
			recipients_ += ' ';
		recipients_ += mailin::view(rcpt.path.text);
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	data(mailin::session &, std::string_view octets) override
	{
		message_ += octets;
		return MAILIN_REPLY_OK;
	}
	mailin_reply
	data_end(mailin::session &, const mailin_rcpt *) override
	{
		std::string all = sender_ + " -> " + recipients_ + "\n" +
		    message_;

		for (std::string_view rest = all; !rest.empty();)
			rest.remove_prefix(write_some(MESSAGES, rest));
		return MAILIN_REPLY_OK;
	}
	void
	reset(mailin::session &, mailin_reset_reason) override
	{
		clear();
	}
	void
	delivered(mailin::session &) override
	{
		clear();
	}

      private:
	void
	clear()
	{
		sender_.clear();
		recipients_.clear();
		message_.clear();
	}

	std::string hostname_;
	std::string sender_;
	std::string recipients_;
	std::string message_;
};

void
send(mailin::session &session)
{
	for (std::string_view out; !(out = session.output()).empty();)
		session.sent(write_some(OUTPUT, out));
}

void
serve(mailin::session &session)
{
	char buffer[65536];
	std::string_view unread;

	send(session);
	while (session.want() != MAILIN_WANT_CLOSE) {
		if (unread.empty()) {
			ssize_t len = ::read(INPUT, buffer, sizeof buffer);

			if (len < 0)
				throw std::system_error(errno,
				    std::generic_category());
			unread = { buffer, static_cast<std::size_t>(len) };
		}
		if (unread.empty())
			session.eof();
		unread.remove_prefix(session.feed(unread));
		send(session);
	}
}

} // namespace

int
main(int argc, char **argv)
{
	try {
		std::string hostname = argc > 1 ? argv[1] : "localhost";
		receiver receiver(hostname);
		mailin::session session(mailin::config(hostname), receiver);

		serve(session);
	} catch (const std::exception &error) {
		std::fprintf(stderr, "receive: %s\n", error.what());
		return 1;
	}
	return 0;
}
