/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CLIENT_HPP
#define MAILIN_CLIENT_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "error.hpp"

namespace mailin {

/* The server broke the protocol.  Close the connection. */
class server_fault : public std::runtime_error {
      public:
	explicit server_fault(mailin_client_fault number)
	    : std::runtime_error(
		  std::string("the server broke the protocol: ") +
		  mailin_client_fault_name(number)),
	      fault(number)
	{
	}
	const mailin_client_fault fault;
};

/* A connection to a server.  mailin/client.h says in which states each command
 * may be queued, and how long each span lives.  A command in another state
 * throws an error. */
class client {
      public:
	/* "name" is the name of this host, for EHLO.  "recipients" is the
	 * greatest number of RCPT commands in a transaction; 0 means 1000. */
	explicit client(const std::string &name,
	    mailin_protocol protocol = MAILIN_PROTOCOL_SMTP,
	    mailin_syntax syntax = MAILIN_SYNTAX_STRICT,
	    std::size_t recipients = 0)
	    : client_(make(name, protocol, syntax, recipients),
		  mailin_client_free)
	{
		if (client_ == nullptr)
			throw error(MAILIN_ERROR_ARGUMENT);
	}
	client(const client &) = delete;

	/* Returns the client of the C library, for all other calls. */
	mailin_client *
	get() const noexcept
	{
		return client_.get();
	}

	/* ---- Octets ---- */

	std::string_view
	output() const noexcept
	{
		return view(mailin_client_output(get()));
	}
	void
	sent(std::size_t len)
	{
		check(mailin_client_sent(get(), len));
	}
	/* Remove octets of at most one reply from the front of octets.  Returns
	 * true if a reply has come: call this again until it returns false.
	 * The text of the reply lives until the next call. */
	bool
	feed(std::string_view &octets, mailin_client_reply &reply)
	{
		mailin_span rest = span(octets);
		mailin_client_event event = mailin_client_feed(get(), &rest,
		    &reply);

		octets.remove_prefix(octets.size() - rest.len);
		if (event == MAILIN_CLIENT_FAULT)
			throw server_fault(mailin_client_fault_found(get()));
		return event == MAILIN_CLIENT_REPLY;
	}
	/* The server has closed the connection.  If that was too early, throws
	 * server_fault. */
	void
	eof()
	{
		mailin_client_eof(get());
		if (mailin_client_fault_found(get()) !=
		    MAILIN_CLIENT_FAULT_NONE)
			throw server_fault(mailin_client_fault_found(get()));
	}

	/* ---- Commands ---- */

	void
	hello()
	{
		check(mailin_client_hello(get()));
	}
	/* After a 220 do the handshake, and call tls_started and hello. */
	void
	starttls()
	{
		check(mailin_client_starttls(get()));
	}
	void
	tls_started()
	{
		check(mailin_client_tls_started(get()));
	}
	/* Do this only inside TLS. */
	void
	auth_plain(const std::string &user, const std::string &password)
	{
		check(mailin_client_auth_plain(get(), text(user),
		    text(password)));
	}
	/* AUTH with another mechanism.  An initial response that is a null view
	 * is left out; an empty one is sent as "=". */
	void
	auth(const std::string &mechanism, std::string_view initial = {})
	{
		check(
		    mailin_client_auth(get(), text(mechanism), span(initial)));
	}
	void
	auth_respond(std::string_view response)
	{
		check(mailin_client_auth_respond(get(), span(response)));
	}
	void
	auth_cancel()
	{
		check(mailin_client_auth_cancel(get()));
	}
	void
	mail(const mailin_mail &mail)
	{
		check(mailin_client_mail(get(), &mail));
	}
	void
	rcpt(const mailin_rcpt &rcpt)
	{
		check(mailin_client_rcpt(get(), &rcpt));
	}
	void
	data()
	{
		check(mailin_client_data(get()));
	}
	/* Remove octets of the message from the front of octets, and return
	 * those to send for them.  Call this until octets is empty.  After an
	 * error close the connection. */
	std::string_view
	body(std::string_view &octets)
	{
		mailin_span rest = span(octets);
		mailin_span out = {};

		check(mailin_client_body(get(), &rest, &out));
		octets.remove_prefix(octets.size() - rest.len);
		return view(out);
	}
	void
	body_end()
	{
		check(mailin_client_body_end(get()));
	}
	void
	rset()
	{
		check(mailin_client_rset(get()));
	}
	void
	noop()
	{
		check(mailin_client_noop(get()));
	}
	void
	quit()
	{
		check(mailin_client_quit(get()));
	}

	/* ---- Queries ---- */

	std::size_t
	awaited() const noexcept
	{
		return mailin_client_awaited(get());
	}
	bool
	ready() const noexcept
	{
		return mailin_client_ready(get());
	}
	bool
	offers(mailin_extension extension) const noexcept
	{
		return mailin_client_offers(get(), extension);
	}
	bool
	offers_sasl(const std::string &name) const
	{
		return mailin_client_offers_sasl(get(), text(name));
	}

      private:
	static mailin_client *
	make(const std::string &name, mailin_protocol protocol,
	    mailin_syntax syntax, std::size_t recipients)
	{
		mailin_client_options options = {};

		options.size = sizeof options;
		options.name = text(name);
		options.protocol = protocol;
		options.syntax = syntax;
		options.recipients = recipients;
		return mailin_client_new(&options);
	}

	std::unique_ptr<mailin_client, decltype(&mailin_client_free)> client_;
};

} // namespace mailin

#endif
