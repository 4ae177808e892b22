/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/address.h>
#include <mailin/codec.h>

#include "octet/ascii.h"
#include "command/scan.h"
#include "octet/span.h"

/* The maximum length of a path.  scan.c does not count white space inside the
 * brackets, so without this limit a path with white space could be longer. */
#define PATH_MOST 512

/* "copy" has the same octets as "text", and span is a part of "copy".  Returns
 * the same part of "text". */
static struct mailin_span
moved(struct mailin_span span, const char *copy, const char *text)
{
	if (span.ptr != NULL)
		span.ptr = text + (span.ptr - copy);
	return span;
}

/* The text has more than PATH_MOST octets.  Returns the offset of its first
 * wrong octet.  If the last octet within the limit is the closing bracket, the
 * octet after it is wrong; otherwise the last octet within the limit is wrong,
 * because it should be the bracket. */
static size_t
beyond(struct mailin_span text)
{
	return text.ptr[PATH_MOST - 1] == '>' ? PATH_MOST : PATH_MOST - 1;
}

/* Run the state machine over a copy of the text.  The copy ends with CR LF,
 * because the machine stops there at the latest. */
static enum mailin_error
parse_copy(struct mailin_path *path, enum mailin_scan_entry entry,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at)
{
	struct mailin_command command;
	struct mailin_scan scan;
	char copy[PATH_MOST + 1 + 2];
	size_t len = text.len <= PATH_MOST ? text.len : PATH_MOST + 1, at;
	bool matched;

	if (path == NULL || !is_span_sound(text) || !is_syntax(syntax))
		return MAILIN_ERROR_ARGUMENT;
	if (len > 0)
		memcpy(copy, text.ptr, len);
	memcpy(copy + len, "\r\n", 2);
	scan_begin(&scan, syntax, &command, (struct mailin_span){ copy, len });
	command.verb = MAILIN_VERB_UNKNOWN;
	command.error = MAILIN_REPLY_BAD_ARGUMENT;
	memset(&command.mail.path, 0, sizeof command.mail.path);
	matched = mailin_scan_end(&scan, scan_run(&scan, entry));
	if (!matched || len > PATH_MOST) {
		at = (size_t)((const char *)scan.p - copy);
		memset(path, 0, sizeof *path);
		if (error_at != NULL)
			*error_at = at < PATH_MOST ? at : beyond(text);
		return MAILIN_ERROR_SYNTAX;
	}
	*path = command.mail.path;
	path->text = moved(path->text, copy, text.ptr);
	path->route = moved(path->route, copy, text.ptr);
	path->local = moved(path->local, copy, text.ptr);
	path->domain = moved(path->domain, copy, text.ptr);
	return MAILIN_OK;
}

enum mailin_error
mailin_path_parse(struct mailin_path *path, enum mailin_syntax syntax,
    struct mailin_span text, size_t *error_at)
{
	return parse_copy(path, SCAN_PATH, syntax, text, error_at);
}

enum mailin_error
mailin_mailbox_parse(struct mailin_path *path, enum mailin_syntax syntax,
    struct mailin_span text, size_t *error_at)
{
	return parse_copy(path, SCAN_MAILBOX, syntax, text, error_at);
}

/* Return the next octet of the local part, and remove it from raw.  Inside
 * quotes, first drop the backslash before it (RFC 5321 4.1.2,
 * quoted-pairSMTP). */
static char
next_octet(struct mailin_span *raw, bool quoted)
{
	size_t skip = quoted && raw->ptr[0] == '\\' ? 1 : 0;
	char octet = raw->ptr[skip];

	raw->ptr += skip + 1;
	raw->len -= skip + 1;
	return octet;
}

static struct mailin_span
within_quotes(const struct mailin_path *path)
{
	struct mailin_span raw = path->local;

	if (path->quoted) {
		raw.ptr++;
		raw.len -= 2;
	}
	return raw;
}

size_t
mailin_local_part_unquote(const struct mailin_path *path, char *out)
{
	struct mailin_span raw;
	size_t len = 0;

	if (path == NULL || out == NULL || !is_span_sound(path->local))
		return 0;
	raw = within_quotes(path);
	while (raw.len > 0)
		out[len++] = next_octet(&raw, path->quoted);
	return len;
}

bool
mailin_path_local_equal(const struct mailin_path *path, const char *text)
{
	struct mailin_span raw;

	if (path == NULL || text == NULL || !is_span_sound(path->local))
		return false;
	raw = within_quotes(path);
	while (raw.len > 0)
		if (*text == '\0' || next_octet(&raw, path->quoted) != *text++)
			return false;
	return *text == '\0';
}

static bool
is_atext(char c)
{
	return ascii_is_eight_bit(c) || ascii_is((unsigned char)c, ASCII_ATEXT);
}

static bool
is_dot_string(struct mailin_span local)
{
	bool atom = false;
	size_t i;

	for (i = 0; i < local.len; i++) {
		if (!is_atext(local.ptr[i]) && !(local.ptr[i] == '.' && atom))
			return false;
		atom = local.ptr[i] != '.';
	}
	return atom;
}

size_t
mailin_local_part_quote(struct mailin_span local, char *out)
{
	size_t i, len = 0;

	if (out == NULL || !mailin_utf8_valid(local))
		return 0;
	if (is_dot_string(local)) {
		memcpy(out, local.ptr, local.len);
		return local.len;
	}
	out[len++] = '"';
	for (i = 0; i < local.len; i++) {
		char c = local.ptr[i];

		if (!ascii_is_print(c) && !ascii_is_eight_bit(c))
			return 0;
		if (c == '"' || c == '\\')
			out[len++] = '\\';
		out[len++] = c;
	}
	out[len++] = '"';
	return len;
}
