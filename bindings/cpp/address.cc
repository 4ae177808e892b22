/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* address [--relaxed] [--path] TEXT...: prints the parts of each address, or a
 * caret under the first octet that is wrong.  With --path an address is a path
 * in angle brackets.  The exit status is 1 if an address is wrong. */
#include <iostream>
#include <string>

#include "mailin.hpp"

namespace {

/* Returns the octets in a printable form.  Each octet takes one column. */
std::string
shown(std::string_view octets)
{
	std::string text(octets);

	for (char &octet : text)
		if (octet < 32 || octet > 126)
			octet = '?';
	return text;
}

bool
check(bool is_path, std::string_view octets, mailin_syntax syntax)
{
	std::cout << shown(octets) << '\n';
	try {
		mailin_path path = is_path ?
		    mailin::parse_path(octets, syntax) :
		    mailin::parse_mailbox(octets, syntax);

		std::cout << "    kind " << mailin_path_kind_name(path.kind)
			  << ", domain "
			  << mailin_domain_kind_name(path.domain_kind)
			  << "\n    local part ["
			  << shown(mailin::view(path.local)) << "] domain ["
			  << shown(mailin::view(path.domain)) << "]\n";
		return true;
	} catch (const mailin::address_error &error) {
		std::cout << std::string(error.at, ' ') << "^ " << error.what()
			  << '\n';
		return false;
	}
}

} // namespace

int
main(int argc, char **argv)
{
	bool is_path = false;
	bool valid = true;
	mailin_syntax syntax = MAILIN_SYNTAX_STRICT;
	int i = 1;

	for (; i < argc && std::string_view(argv[i]).substr(0, 2) == "--";
	     i++) {
		std::string_view option = argv[i];

		if (option == "--path") {
			is_path = true;
		} else if (option == "--relaxed") {
			syntax = MAILIN_SYNTAX_RELAXED;
		} else if (option == "--") {
			i++;
			break;
		} else {
			std::cerr << "address: unknown option " << shown(option)
				  << '\n';
			return 1;
		}
	}
	if (i == argc) {
		std::cerr << "usage: address [--relaxed] [--path] TEXT...\n";
		return 1;
	}
	for (; i < argc; i++)
		valid = check(is_path, argv[i], syntax) && valid;
	return valid ? 0 : 1;
}
