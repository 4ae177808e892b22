/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ADDRESS_HPP
#define MAILIN_ADDRESS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "error.hpp"

namespace mailin {

/* The text is not an address; at is the offset of the first wrong octet. */
class address_error : public error {
      public:
	address_error(mailin_error number, std::size_t offset)
	    : error(number), at(offset)
	{
	}
	const std::size_t at;
};

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
template <class T>
using if_string = std::enable_if_t<std::is_same_v<T, std::string>>;
template <class T, class = if_string<T>>
mailin_path parse_path(T &&octets,
    mailin_syntax syntax = MAILIN_SYNTAX_STRICT) = delete;
template <class T, class = if_string<T>>
mailin_path parse_mailbox(T &&octets,
    mailin_syntax syntax = MAILIN_SYNTAX_STRICT) = delete;

} // namespace mailin

#endif
