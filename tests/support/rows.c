/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/fields.h"
#include "support/rows.h"

static size_t
place(struct mailin_span text, const char *caret)
{
	size_t at = strlen(caret) - 1;

	ck_assert_msg(caret[at] == '^' && at <= text.len, "%s: no caret",
	    suite_quote(text));
	return at;
}

/* ---- Addresses ----------------------------------------------------------- */

/* Each prefix of a valid address is incomplete, not refused. */
static void
check_address_prefixes(rows_parser *parse, enum mailin_syntax syntax,
    struct mailin_span text)
{
	struct mailin_path path;
	size_t at;

	while (text.len-- > 0) {
		struct mailin_span part = suite_edge(text);

		ck_assert_msg(parse(&path, syntax, part, &at) == MAILIN_OK ||
			at == part.len,
		    "%s: error at %zu", suite_quote(part), at);
	}
}

void
rows_accept_addresses(rows_parser *parse, enum mailin_syntax syntax,
    const struct accepted *rows, size_t count)
{
	struct mailin_path path;
	char fields[1024];
	size_t i;

	for (i = 0; i < count; i++) {
		struct mailin_span text = suite_edge(rows[i].text);

		ck_assert_msg(parse(&path, syntax, text, NULL) == MAILIN_OK,
		    "%s", suite_quote(text));
		ck_assert_str_eq(fields_show_path(&path, fields, sizeof fields),
		    rows[i].fields);
		ck_assert_ptr_eq(path.text.ptr, text.ptr);
		ck_assert_uint_eq(path.text.len, text.len);
		check_address_prefixes(parse, syntax, rows[i].text);
	}
}

void
rows_refuse_addresses(rows_parser *parse, enum mailin_syntax syntax,
    const struct refused_address *rows, size_t count)
{
	static const struct mailin_path nothing;
	struct mailin_path path;
	size_t i, at;

	for (i = 0; i < count; i++) {
		struct mailin_span text = suite_edge(rows[i].text);

		memset(&path, 0xff, sizeof path);
		ck_assert_msg(parse(&path, syntax, text, &at) ==
			    MAILIN_ERROR_SYNTAX &&
			at == place(rows[i].text, rows[i].caret),
		    "%s: error at %zu", suite_quote(text), at);
		ck_assert_mem_eq(&path, &nothing, sizeof path);
		ck_assert_uint_eq(parse(&path, syntax, text, NULL),
		    MAILIN_ERROR_SYNTAX);
		text = rows[i].text;
		text.len = at;
		check_address_prefixes(parse, syntax, text);
	}
}

/* ---- Command lines ------------------------------------------------------- */

/* Returns text followed by more, valid until the next call. */
static struct mailin_span
joined(struct mailin_span text, const char *more)
{
	static char buffer[8192];
	struct mailin_span both = { buffer, text.len + strlen(more) };

	ck_assert_uint_le(both.len, sizeof buffer);
	memcpy(buffer, text.ptr, text.len);
	memcpy(buffer + text.len, more, both.len - text.len);
	return both;
}

static void
check_incomplete(enum mailin_syntax syntax, struct mailin_span text)
{
	struct mailin_command command;
	struct mailin_span part = joined(text, "\r\n");

	while (part.len-- > 0)
		if (mailin_command_parse_as(&command, syntax,
			suite_edge(part).ptr, part.len) != 0)
			ck_abort_msg("%s is taken as a complete line",
			    suite_quote(part));
}

/* A prefix of the line, with CR LF after it, may be refused only at that CR or
 * later.  There are two exceptions, both for a complete parameter: 555, and 553
 * if SMTPUTF8 has not come yet. */
static void
check_line_prefixes(enum mailin_syntax syntax, struct mailin_span text)
{
	struct mailin_command command;
	struct mailin_span line;

	while (text.len-- > 0) {
		line = suite_line(text);
		mailin_command_parse_as(&command, syntax, line.ptr, line.len);
		if (command.error != MAILIN_REPLY_OK &&
		    command.error != MAILIN_REPLY_BAD_PARAMETER &&
		    command.error != MAILIN_REPLY_NEEDS_SMTPUTF8 &&
		    command.error_at < text.len)
			ck_abort_msg("%s: error at %zu", suite_quote(text),
			    command.error_at);
	}
}

static void
check_accepted(enum mailin_syntax syntax, struct mailin_span text,
    const char *more, const char *fields)
{
	struct mailin_span whole = joined(text, more);
	struct mailin_span line = suite_edge(whole);
	struct mailin_command command;
	size_t used = mailin_command_parse_as(&command, syntax, line.ptr,
	    line.len);
	char shown[4096];
	const char *fault;

	ck_assert_msg(used ==
		(size_t)((const char *)memchr(line.ptr, '\n', line.len) + 1 -
		    line.ptr),
	    "%s: %zu used", suite_quote(line), used);
	ck_assert_msg(command.error == MAILIN_REPLY_OK, "%s: %d at %zu",
	    suite_quote(line), mailin_reply_code(command.error),
	    command.error_at);
	ck_assert_str_eq(fields_show(&command, shown, sizeof shown), fields);
	fault = fields_fault(&command, line);
	ck_assert_msg(fault == NULL, "%s: %s", suite_quote(line), fault);
}

void
rows_accept_commands(enum mailin_syntax syntax, const struct accepted *rows,
    size_t count)
{
	/* The end of a line: with white space before CR LF (RFC 5321 4.1.1),
	 * and with other octets after the line. */
	static const char ends[][16] = { "\r\n", " \r\n", "\t\r\n", " \t  \r\n",
		"\r\nQUIT\r\n", "\r\n\r\n", "\r\n\n" };
	size_t i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < ROWS(ends); j++)
			check_accepted(syntax, rows[i].text, ends[j],
			    rows[i].fields);
		check_incomplete(syntax, rows[i].text);
		check_line_prefixes(syntax, rows[i].text);
	}
}

/* A line that is refused still reports its verb. */
static void
check_verb(const struct mailin_command *command, struct mailin_span text)
{
	const char *name = mailin_verb_name(command->verb);
	struct mailin_span word = { text.ptr, 0 };

	while (word.len < text.len && word.ptr[word.len] != ' ' &&
	    word.ptr[word.len] != '\t')
		word.len++;
	if (command->verb != MAILIN_VERB_UNKNOWN) {
		ck_assert_msg(mailin_span_iequal(word, name), "%s: %s",
		    suite_quote(text), name);
		return;
	}
	ck_assert_ptr_eq(command->unknown.verb.ptr, word.ptr);
	ck_assert_uint_eq(command->unknown.verb.len, word.len);
	ck_assert_ptr_eq(command->unknown.text.ptr, word.ptr + word.len);
	ck_assert_uint_eq(command->unknown.text.len, text.len - word.len);
}

static void
check_refused(enum mailin_syntax syntax, const struct refused_command *row)
{
	struct mailin_command command;
	struct mailin_span line = suite_line(row->text), text = line;
	size_t used = mailin_command_parse_as(&command, syntax, line.ptr,
	    line.len);

	ck_assert_msg(used == line.len, "%s: %zu used", suite_quote(line),
	    used);
	ck_assert_msg(command.error == row->reply &&
		command.error_at == place(row->text, row->caret),
	    "%s: %d %s at %zu", suite_quote(line),
	    mailin_reply_code(command.error),
	    mailin_reply_enhanced(command.error), command.error_at);
	text.len -= 2;
	check_verb(&command, text);
}

void
rows_refuse_commands(enum mailin_syntax syntax,
    const struct refused_command *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct mailin_span right = { rows[i].text.ptr,
			place(rows[i].text, rows[i].caret) };

		check_refused(syntax, &rows[i]);
		check_incomplete(syntax, rows[i].text);
		check_line_prefixes(syntax, right);
	}
}
