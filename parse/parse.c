/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* mailin-parse shows how the grammar reads SMTP command lines and addresses.
 * doc/mailin-parse.1 is its manual. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mailin.h>

#include "describe.h"
#include "octets.h"

enum form {
	FORM_COMMAND,
	FORM_ADDRESS,
	FORM_MAILBOX
};

struct options {
	enum mailin_syntax syntax;
	enum form form;
	bool json, exact;
};

/* The maximum length of a line, with its end. */
#define LINE_MOST (1024 * 1024)

struct input {
	char chunk[65536];
	size_t at, end;
	char line[LINE_MOST + sizeof "\r\n"];
	size_t len; /* octets of "line" */
};

enum line_state {
	LINE_COMPLETE,
	LINE_INCOMPLETE, /* the input ended inside the line */
	LINE_NONE,       /* the input has ended */
	LINE_TOO_LONG,
	LINE_FAILED /* errno says why */
};

static const char program[] = "mailin-parse";

/* clang-format off */
static const char help[] =
"Usage: mailin-parse [OPTION]...\n"
"Read SMTP command lines from standard input.  Write each line, and below it,\n"
"if the line is wrong, a caret under the first wrong octet and the reply.\n"
"\n"
"  --relaxed  accept what real clients send, not only what RFC 5321 allows\n"
"  --json     write a JSON object for each line\n"
"  --address  read a path in angle brackets from each line, not a command\n"
"  --mailbox  read a mailbox without brackets from each line\n"
"  --exact    use the octets as they are: only CR LF ends a command line,\n"
"             and a last line without its end is incomplete\n"
"  --help     print this help and exit\n"
"  --version  print the version and exit\n"
"\n"
"Without --exact, LF alone also ends a line, and the missing CR is added.\n"
"Exit status: 0, whatever the lines hold; 1 if input or output fails or a\n"
"line is longer than 1 MiB; 2 if the options are wrong.\n";
/* clang-format on */

/* ---- Input ---- */

/* Write the output so far, and then wait for input: a person may be typing. */
static bool
refill(struct input *input)
{
	ssize_t n;

	if (fflush(stdout) != 0)
		return false;
	do
		n = read(STDIN_FILENO, input->chunk, sizeof input->chunk);
	while (n < 0 && errno == EINTR);
	input->at = 0;
	input->end = n > 0 ? (size_t)n : 0;
	return n >= 0;
}

/* Append the input up to the next LF.  Returns false if the line is too
 * long. */
static bool
take(struct input *input)
{
	const char *from = input->chunk + input->at;
	size_t n = input->end - input->at;
	const char *newline = memchr(from, '\n', n);

	if (newline != NULL)
		n = (size_t)(newline - from) + 1;
	if (n > LINE_MOST - input->len)
		return false;
	memcpy(input->line + input->len, from, n);
	input->len += n;
	input->at += n;
	return true;
}

static bool
line_ends(const struct input *input, const char *end)
{
	size_t len = strlen(end);

	return input->len >= len &&
	    memcmp(input->line + input->len - len, end, len) == 0;
}

static enum line_state
read_line(struct input *input, const char *end)
{
	input->len = 0;
	do {
		if (input->at == input->end && !refill(input))
			return LINE_FAILED;
		if (input->end == 0)
			return input->len == 0 ? LINE_NONE : LINE_INCOMPLETE;
		if (!take(input))
			return LINE_TOO_LONG;
	} while (!line_ends(input, end));
	return LINE_COMPLETE;
}

/* ---- Output ---- */

/*
 * Returns true if the character at text, in valid UTF-8, would disturb a
 * terminal: C1 controls, which act like C0 controls; characters without width
 * (U+200B to U+200F, U+2060 to U+206F); characters that end a line or change
 * its direction (U+2028 to U+202E).
 */
static bool
disturbs(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned low;

	if (p[0] == 0xc2)
		return p[1] < 0xa0;
	if (p[0] != 0xe2)
		return false;
	low = (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	return (low >= 0x0b && low <= 0x0f) || (low >= 0x28 && low <= 0x2e) ||
	    (low >= 0x60 && low <= 0x6f);
}

static bool
is_readable(struct mailin_span text)
{
	size_t i;

	if (!mailin_utf8_valid(text))
		return false;
	for (i = 0; i < text.len; i++)
		if (disturbs(text.ptr + i))
			return false;
	return true;
}

/* Returns true for any octet of a UTF-8 character but the first. */
static bool
goes_on(unsigned char octet)
{
	return (octet & 0xc0) == 0x80;
}

/* Write an octet.  Returns how many columns it takes. */
static int
show_octet(unsigned char octet, bool utf8)
{
	if (octet < 0x20 || octet == 0x7f || (octet > 0x7f && !utf8))
		return printf("\\x%02x", octet);
	putchar(octet);
	return goes_on(octet) ? 0 : 1;
}

/* Write text and a newline.  Returns the column of the octet at offset at. */
static int
show_text(struct mailin_span text, size_t at)
{
	bool utf8 = is_readable(text);
	int column = 0, columns = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		unsigned char octet = (unsigned char)text.ptr[i];

		if (i == at)
			column = columns - (utf8 && goes_on(octet));
		columns += show_octet(octet, utf8);
	}
	putchar('\n');
	return at < text.len ? column : columns;
}

static void
report_incomplete(const struct options *options, struct mailin_span text)
{
	if (options->json)
		puts("{\"incomplete\":true}");
	else
		printf("%*s^ incomplete\n", show_text(text, text.len), "");
}

static void
report_command(const struct options *options, struct mailin_span text,
    const char *line, size_t len)
{
	struct mailin_command command;
	struct json json;
	int column;

	mailin_command_parse_as(&command, options->syntax, line, len);
	if (options->json) {
		json_begin(&json, stdout);
		json_object(&json, NULL);
		describe_command(&json, &command);
		json_object_end(&json);
		putchar('\n');
		return;
	}
	column = show_text(text, command.error_at);
	if (command.error != MAILIN_REPLY_OK)
		printf("%*s^ %d %s %s\n", column, "",
		    mailin_reply_code(command.error),
		    mailin_reply_enhanced(command.error),
		    mailin_reply_text(command.error));
}

static void
report_address(const struct options *options, struct mailin_span text)
{
	struct mailin_path path;
	struct json json;
	size_t error_at = 0;
	enum mailin_error error = options->form == FORM_MAILBOX ?
	    mailin_mailbox_parse(&path, options->syntax, text, &error_at) :
	    mailin_path_parse(&path, options->syntax, text, &error_at);
	int column;

	if (options->json) {
		json_begin(&json, stdout);
		json_object(&json, NULL);
		json_bool(&json, "valid", error == MAILIN_OK);
		if (error == MAILIN_OK)
			describe_path(&json, &path);
		else
			json_unsigned(&json, "error_at", error_at);
		json_object_end(&json);
		putchar('\n');
		return;
	}
	column = show_text(text, error_at);
	if (error != MAILIN_OK)
		printf("%*s^ %s\n", column, "", mailin_error_text(error));
}

/* ---- The program ---- */

/* Returns the length of a line without its end.  A CR is part of the end,
 * except for addresses with --exact, where it is text. */
static size_t
text_length(const struct options *options, const struct input *input)
{
	bool cr_is_text = options->exact && options->form != FORM_COMMAND;
	size_t len = input->len;

	if (len > 0 && input->line[len - 1] == '\n')
		len--;
	if (len > 0 && input->line[len - 1] == '\r' && !cr_is_text)
		len--;
	return len;
}

static void
report(const struct options *options, struct input *input,
    enum line_state state)
{
	struct mailin_span text = { input->line, text_length(options, input) };

	if (options->exact && state == LINE_INCOMPLETE) {
		text.len = input->len;
		report_incomplete(options, text);
	} else if (options->form == FORM_COMMAND) {
		memcpy(input->line + text.len, "\r\n", 2);
		report_command(options, text, input->line, text.len + 2);
	} else {
		report_address(options, text);
	}
}

static int
fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", program, what, why);
	return 1;
}

static int
run(const struct options *options)
{
	static struct input input;
	bool crlf = options->exact && options->form == FORM_COMMAND;
	const char *end = crlf ? "\r\n" : "\n";
	enum line_state state;

	while ((state = read_line(&input, end)) <= LINE_INCOMPLETE &&
	    !ferror(stdout))
		report(options, &input, state);
	if (ferror(stdout) || fflush(stdout) != 0)
		return fail("standard output", strerror(errno));
	if (state == LINE_FAILED)
		return fail("standard input", strerror(errno));
	if (state == LINE_TOO_LONG)
		return fail("standard input", "a line is longer than 1 MiB");
	return 0;
}

enum choice {
	CHOSE_RELAXED,
	CHOSE_JSON,
	CHOSE_ADDRESS,
	CHOSE_MAILBOX,
	CHOSE_EXACT,
	CHOSE_HELP,
	CHOSE_VERSION
};

/* clang-format off */
static const struct option long_options[] = {
	{ "relaxed", no_argument, NULL, CHOSE_RELAXED },
	{ "json",    no_argument, NULL, CHOSE_JSON },
	{ "address", no_argument, NULL, CHOSE_ADDRESS },
	{ "mailbox", no_argument, NULL, CHOSE_MAILBOX },
	{ "exact",   no_argument, NULL, CHOSE_EXACT },
	{ "help",    no_argument, NULL, CHOSE_HELP },
	{ "version", no_argument, NULL, CHOSE_VERSION },
	{ NULL,      0,           NULL, 0 },
};
/* clang-format on */

static int
show(const char *text)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) != 0)
		return fail("standard output", strerror(errno));
	return 0;
}

static int
misused(const char *why)
{
	if (why != NULL)
		fprintf(stderr, "%s: %s\n", program, why);
	fprintf(stderr, "Try '%s --help'.\n", program);
	return 2;
}

int
main(int argc, char **argv)
{
	struct options options = { .syntax = MAILIN_SYNTAX_STRICT };
	bool address = false, mailbox = false;
	int choice;

	use_plain_octets();
	while ((choice = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		switch (choice) {
		case CHOSE_RELAXED:
			options.syntax = MAILIN_SYNTAX_RELAXED;
			break;
		case CHOSE_JSON:
			options.json = true;
			break;
		case CHOSE_ADDRESS:
			address = true;
			break;
		case CHOSE_MAILBOX:
			mailbox = true;
			break;
		case CHOSE_EXACT:
			options.exact = true;
			break;
		case CHOSE_HELP:
			return show(help);
		case CHOSE_VERSION:
			return show("mailin-parse " MAILIN_VERSION "\n");
		default:
			return misused(NULL);
		}
	if (optind < argc)
		return misused(
		    "unexpected argument (lines are read from standard input)");
	if (address && mailbox)
		return misused("give --address or --mailbox, not both");
	if (address || mailbox)
		options.form = address ? FORM_ADDRESS : FORM_MAILBOX;
	return run(&options);
}
