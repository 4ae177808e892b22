/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HANDLER_HPP
#define MAILIN_HANDLER_HPP

#include <exception>
#include <string_view>

#include <mailin.h>

namespace mailin {

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
	starttls(session &)
	{
		return MAILIN_REPLY_OK;
	}
	virtual mailin_reply
	auth(session &, const mailin_credentials &)
	{
		return MAILIN_REPLY_BAD_CREDENTIALS;
	}
	/* A step of a mechanism that config::add_mechanism has added. */
	virtual mailin_reply
	sasl(session &, const mailin_sasl &)
	{
		return MAILIN_REPLY_BAD_MECHANISM;
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

} // namespace mailin

#endif
