/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HPP
#define MAILIN_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include <mailin.h>

/*
 * libmailin for C++17: sessions of SMTP and LMTP, and addresses.
 *
 *	mailin::config config("mx.example.org");
 *	mailin::session session(config, handler);
 *
 * A handler is an object of a class that overrides functions of
 * mailin::handler.  It must outlive its sessions.  A session keeps its config
 * alive.  Spans are std::string_view, and live as long as the C headers say.
 *
 * An exception never passes through the library.  If a function of the handler
 * throws one, the client gets MAILIN_REPLY_INTERNAL_ERROR (451 4.3.0), and
 * handler::failed gets the exception.  The session goes on.  An error of a
 * call is thrown as mailin::error.
 */
namespace mailin {

/* An error of a call. */
class error : public std::runtime_error {
      public:
	explicit error(mailin_error number)
	    : std::runtime_error(mailin_error_text(number)), code(number)
	{
	}
	const mailin_error code;
};

/* The text is not an address; at is the offset of the first wrong octet. */
class address_error : public error {
      public:
	address_error(mailin_error number, std::size_t offset)
	    : error(number), at(offset)
	{
	}
	const std::size_t at;
};

inline void
check(mailin_error code)
{
	if (code != MAILIN_OK)
		throw error(code);
}

/* Returns the octets of a span; those of an absent span are empty. */
inline std::string_view
view(mailin_span span) noexcept
{
	return span.ptr == nullptr ? std::string_view() :
				     std::string_view(span.ptr, span.len);
}

/* Returns the span of octets; it lives as long as they do. */
inline mailin_span
span(std::string_view octets) noexcept
{
	return { octets.data(), octets.size() };
}

/* Returns a text for a call that needs a NUL at its end.  A text with another
 * NUL would be cut, so it is an error. */
inline const char *
text(const std::string &octets)
{
	if (octets.find('\0') != std::string::npos)
		throw error(MAILIN_ERROR_ARGUMENT);
	return octets.c_str();
}

/* ---- Addresses ---- */

inline mailin_path
parse_by(decltype(mailin_path_parse) &function, std::string_view octets,
    mailin_syntax syntax)
{
	mailin_path path;
	std::size_t at = 0;
	mailin_error code = function(&path, syntax, span(octets), &at);

	if (code == MAILIN_ERROR_SYNTAX)
		throw address_error(code, at);
	check(code);
	return path;
}
/* Parse a path in angle brackets, or a mailbox without them.  The spans of the
 * result point into octets, so octets may not be a temporary string.  Throws
 * address_error if octets is no such address. */
inline mailin_path
parse_path(std::string_view octets, mailin_syntax syntax = MAILIN_SYNTAX_STRICT)
{
	return parse_by(mailin_path_parse, octets, syntax);
}
inline mailin_path
parse_mailbox(std::string_view octets,
    mailin_syntax syntax = MAILIN_SYNTAX_STRICT)
{
	return parse_by(mailin_mailbox_parse, octets, syntax);
}
mailin_path parse_path(std::string &&octets,
    mailin_syntax syntax = MAILIN_SYNTAX_STRICT) = delete;
mailin_path parse_mailbox(std::string &&octets,
    mailin_syntax syntax = MAILIN_SYNTAX_STRICT) = delete;

/* ---- The config ---- */

/* The settings of a server.  Copies of the object share one config.  Do not
 * change the config while a session runs. */
class config {
      public:
	explicit config(const std::string &hostname)
	    : config_(mailin_config_new(text(hostname)), mailin_config_free)
	{
		if (config_ == nullptr)
			throw error(MAILIN_ERROR_ARGUMENT);
	}
	/* Set a setting by its name. */
	void
	set(const std::string &name, const std::string &value)
	{
		check(
		    mailin_config_set(config_.get(), text(name), text(value)));
	}
	mailin_config *
	get() const noexcept
	{
		return config_.get();
	}

      private:
	std::shared_ptr<mailin_config> config_;
};

/* ---- The session ---- */

class session;

/* The decisions of the program.  The defaults are those of mailin/handler.h,
 * which also says when each function is called. */
class handler {
      public:
	virtual ~handler() = default;
	virtual mailin_reply
	connect(session &)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	helo(session &, mailin_verb, const mailin_helo &)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	mail(session &, const mailin_mail &)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	rcpt(session &, const mailin_rcpt &)
	{
		return MAILIN_REPLY_RELAY_DENIED;
	}
	virtual mailin_reply
	data_start(session &)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	data(session &, std::string_view)
	{
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
	/* The recipient is NULL, except in LMTP. */
	virtual mailin_reply
	data_end(session &, const mailin_rcpt *)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	query(session &, mailin_verb verb, const mailin_text &)
	{
		return verb == MAILIN_VERB_VRFY ? MAILIN_REPLY_CANNOT_VERIFY :
		    verb == MAILIN_VERB_HELP    ? MAILIN_REPLY_HELP :
						  MAILIN_REPLY_NOT_OFFERED;
	}
	virtual void
	reset(session &, mailin_reset_reason)
	{
	}
	virtual void
	delivered(session &)
	{
	}
	virtual void
	close(session &, mailin_close_reason)
	{
	}
	/* Called after a function above has thrown an exception. */
	virtual void
	failed(session &, std::exception_ptr) noexcept
	{
	}
};

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

	config config_;
	handler &handler_;
	const mailin_handler callbacks_;
	mailin_session *session_;
};

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
