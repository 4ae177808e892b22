/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The public functions that parse a command line. */
#include "command/scan.h"
#include "octet/rare.h"
#include "octet/span.h"

/* The shortest line that the short cuts can read: "QUIT" CR LF. */
#define SHORTEST 6

/* Handle invalid arguments, a short line, and octets that do not end in LF.  In
 * the last case, look for a complete line in the octets. */
static RARE size_t
parse_first(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	size_t used;

	if (bytes == NULL || len == 0 || !is_syntax(syntax))
		return 0;
	used = mailin_scan_length(bytes, len, 0);
	if (used >= SHORTEST)
		return mailin_fast_line(command, syntax, bytes, used);
	return used == 0 ? 0 :
			   mailin_scan_command(command, syntax, bytes, used);
}

/* Parse a command.  The three separate tests take less time than one combined
 * test would. */
size_t
mailin_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len)
{
	if (bytes == NULL)
		return parse_first(command, syntax, bytes, len);
	if (!is_syntax(syntax))
		return parse_first(command, syntax, bytes, len);
	if (len < SHORTEST || bytes[len - 1] != '\n')
		return parse_first(command, syntax, bytes, len);
	return mailin_fast_line(command, syntax, bytes, len);
}

size_t
mailin_command_parse(struct mailin_command *command, const char *bytes,
    size_t len)
{
	return mailin_command_parse_as(command, MAILIN_SYNTAX_STRICT, bytes,
	    len);
}
