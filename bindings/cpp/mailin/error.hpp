/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ERROR_HPP
#define MAILIN_ERROR_HPP

#include <stdexcept>
#include <string>
#include <string_view>

#include <mailin.h>

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

} // namespace mailin

#endif
