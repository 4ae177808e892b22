/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SESSION_HPP
#define MAILIN_SESSION_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "config.hpp"
#include "handler.hpp"

namespace mailin {

/* One client, from its connection to its end.  The library keeps the address of
 * the object, so the object cannot be copied or moved.  Do not delete a session
 * inside a callback. */
class session {
      public:
	session(const config &settings, handler &decisions)
	    : config_(settings), handler_(decisions),
	      callbacks_(make_callbacks()),
	      session_(mailin_session_new(config_.get(), &callbacks_, this))
	{
		if (session_ == nullptr)
			throw std::bad_alloc();
	}
	~session()
	{
		mailin_session_free(session_);
	}
	session(const session &) = delete;

	/* Returns the session of the C library, for all other calls. */
	mailin_session *
	get() const noexcept
	{
		return session_;
	}
	mailin_want
	want() const noexcept
	{
		return mailin_session_want(session_);
	}
	/* Returns how many octets were read. */
	std::size_t
	feed(std::string_view octets) noexcept
	{
		return mailin_session_feed(session_, octets.data(),
		    octets.size());
	}
	std::string_view
	output() noexcept
	{
		return view(mailin_session_output(session_));
	}
	void
	sent(std::size_t len)
	{
		check(mailin_session_sent(session_, len));
	}
	void
	eof()
	{
		check(mailin_session_eof(session_));
	}
	void
	timed_out()
	{
		check(mailin_session_timed_out(session_));
	}
	void
	shutdown()
	{
		check(mailin_session_shutdown(session_));
	}
	/* Say that the client must begin with TLS. */
	void
	expect_tls()
	{
		check(mailin_session_expect_tls(session_));
	}
	/* Say that the TLS handshake is done.  Call this before the session
	 * begins, or when want() is MAILIN_WANT_TLS and all output was sent.
	 * Facts that are absent are spans of length 0:
	 * { .version = span("TLSv1.3") }. */
	void
	tls_started(const mailin_tls &facts)
	{
		check(mailin_session_tls_started(session_, &facts));
	}
	/* Say that the connection is unusable.  The reason is MAILIN_CLOSE_TLS
	 * if a handshake failed. */
	void
	abort(mailin_close_reason reason = MAILIN_CLOSE_ABORT)
	{
		check(mailin_session_abort(session_, reason));
	}
	unsigned
	timeout() const noexcept
	{
		return mailin_session_timeout(session_);
	}
	std::uint64_t
	progress() const noexcept
	{
		return mailin_session_progress(session_);
	}
	/* Format the reply of the open decision, with a text of the program. */
	mailin_reply
	reply(int code, const std::string &enhanced, std::string_view words)
	{
		return mailin_session_reply_text(session_, code, text(enhanced),
		    span(words));
	}
	/* Set the next challenge of a mechanism of the program.  handler::sasl
	 * must return the result. */
	mailin_reply
	challenge(std::string_view octets)
	{
		return mailin_session_challenge(session_, octets.data(),
		    octets.size());
	}
	/* Set the name that the client gets if the open decision on AUTH is
	 * OK. */
	void
	set_identity(const std::string &identity)
	{
		check(mailin_session_set_identity(session_, text(identity)));
	}
	/* Returns the name that AUTH gave to the client; empty if no AUTH was
	 * accepted. */
	std::string_view
	identity() const noexcept
	{
		return view(mailin_session_identity(session_));
	}
	std::uint64_t
	decision() const noexcept
	{
		return mailin_session_decision(session_);
	}
	void
	resume(std::uint64_t token, mailin_reply reply)
	{
		check(mailin_session_resume(session_, token, reply));
	}

      private:
	/* Run a callback.  Its exceptions must not reach the frames of C. */
	template <class Call>
	static mailin_reply
	decide(void *user, Call call) noexcept
	{
		session &self = *static_cast<session *>(user);

		try {
			return call(self, self.handler_);
		} catch (...) {
			self.handler_.failed(self, std::current_exception());
			return MAILIN_REPLY_INTERNAL_ERROR;
		}
	}
	template <class Call>
	static void
	tell(void *user, Call call) noexcept
	{
		decide(user, [&](session &self, handler &h) {
			call(self, h);
			return MAILIN_REPLY_OK;
		});
	}
	static mailin_handler make_callbacks() noexcept;
	static void add_login(mailin_handler &all) noexcept;

	config config_;
	handler &handler_;
	const mailin_handler callbacks_;
	mailin_session *session_;
};

/* Sets the callbacks for TLS and AUTH. */
inline void
session::add_login(mailin_handler &all) noexcept
{
	using S = mailin_session *;

	all.starttls = [](S, void *user) {
		return decide(user,
		    [](session &s, handler &h) { return h.starttls(s); });
	};
	all.auth = [](S, const mailin_credentials *credentials, void *user) {
		return decide(user, [=](session &s, handler &h) {
			return h.auth(s, *credentials);
		});
	};
	all.sasl = [](S, const mailin_sasl *step, void *user) {
		return decide(user,
		    [=](session &s, handler &h) { return h.sasl(s, *step); });
	};
}

inline mailin_handler
session::make_callbacks() noexcept
{
	using S = mailin_session *;
	mailin_handler all = {};

	all.size = sizeof all;
	all.connect = [](S, void *user) {
		return decide(user,
		    [](session &s, handler &h) { return h.connect(s); });
	};
	all.helo = [](S, mailin_verb verb, const mailin_helo *helo,
		       void *user) {
		return decide(user, [=](session &s, handler &h) {
			return h.helo(s, verb, *helo);
		});
	};
	add_login(all);
	all.mail = [](S, const mailin_mail *mail, void *user) {
		return decide(user,
		    [=](session &s, handler &h) { return h.mail(s, *mail); });
	};
	all.rcpt = [](S, const mailin_rcpt *rcpt, void *user) {
		return decide(user,
		    [=](session &s, handler &h) { return h.rcpt(s, *rcpt); });
	};
	all.data_start = [](S, void *user) {
		return decide(user,
		    [](session &s, handler &h) { return h.data_start(s); });
	};
	all.data = [](S, mailin_span octets, void *user) {
		return decide(user, [=](session &s, handler &h) {
			return h.data(s, view(octets));
		});
	};
	all.data_end = [](S, const mailin_rcpt *rcpt, void *user) {
		return decide(user, [=](session &s, handler &h) {
			return h.data_end(s, rcpt);
		});
	};
	all.query = [](S, mailin_verb verb, const mailin_text *argument,
			void *user) {
		return decide(user, [=](session &s, handler &h) {
			return h.query(s, verb, *argument);
		});
	};
	all.reset = [](S, mailin_reset_reason reason, void *user) {
		tell(user, [=](session &s, handler &h) { h.reset(s, reason); });
	};
	all.delivered = [](S, void *user) {
		tell(user, [](session &s, handler &h) { h.delivered(s); });
	};
	all.close = [](S, mailin_close_reason reason, void *user) {
		tell(user, [=](session &s, handler &h) { h.close(s, reason); });
	};
	return all;
}

} // namespace mailin

#endif
