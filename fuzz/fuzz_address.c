/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: one address.  RELAXED accepts what STRICT accepts, with the same
 * spans.  A mailbox is read in the same way in brackets and in a command line.
 * Unquoting and quoting a local part gives the same local part. */
#include "check.h"

#define MOST ((size_t)600)

static bool
is_same(struct mailin_span a, struct mailin_span b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool
is_within(struct mailin_span piece, struct mailin_span text)
{
	return piece.len == 0 ||
	    (piece.ptr >= text.ptr &&
		piece.ptr + piece.len <= text.ptr + text.len);
}

static void
hold_pieces(const struct mailin_path *path, struct mailin_span text)
{
	size_t i;

	CHECK(is_within(path->text, text) && is_within(path->local, text));
	CHECK(is_within(path->domain, text) && is_within(path->route, text));
	CHECK((path->kind == MAILIN_PATH_MAILBOX) == (path->domain.len > 0));
	CHECK(mailin_utf8_valid(path->text));
	for (i = 0; i < path->text.len; i++) {
		unsigned char octet = (unsigned char)path->text.ptr[i];

		CHECK(octet >= 0x20 && octet != 0x7f);
		CHECK(octet < 0x80 || path->utf8);
	}
}

/* Quoting must neither remove nor add octets of the text. */
static void
hold_quoting(const struct mailin_path *path)
{
	char raw[MOST], quoted[2 * MOST + 2], again[2 * MOST + 2];
	char mailbox[4 * MOST];
	struct mailin_path other;
	size_t len, quoted_len, at;
	int total;

	if (path->local.len == 0 || path->local.len > MOST)
		return;
	len = mailin_local_part_unquote(path, raw);
	CHECK(len <= path->local.len);
	quoted_len = mailin_local_part_quote((struct mailin_span){ raw, len },
	    quoted);
	CHECK(quoted_len > 0 && quoted_len <= 2 * len + 2);
	total = snprintf(mailbox, sizeof mailbox, "%.*s@example.org",
	    (int)quoted_len, quoted);
	if (mailin_mailbox_parse(&other, MAILIN_SYNTAX_RELAXED,
		(struct mailin_span){ mailbox, (size_t)total },
		&at) != MAILIN_OK) {
		CHECK(quoted_len > 64); /* it exceeds the limit of a local
					   part */
		return;
	}
	CHECK(mailin_local_part_unquote(&other, again) == len);
	CHECK(memcmp(again, raw, len) == 0);
}

static void
hold_same(const struct mailin_path *a, const struct mailin_path *b)
{
	CHECK(a->kind == b->kind && a->domain_kind == b->domain_kind);
	CHECK(a->quoted == b->quoted && a->utf8 == b->utf8);
	CHECK(is_same(a->local, b->local) && is_same(a->domain, b->domain));
}

/* The address in a command line must give the same result. */
static void
hold_line(const struct mailin_path *path, enum mailin_syntax syntax,
    struct mailin_span text)
{
	struct mailin_command command;
	char line[2 * MOST];
	int len = snprintf(line, sizeof line, "MAIL FROM:%.*s\r\n",
	    (int)text.len, text.ptr);

	if (path->kind == MAILIN_PATH_POSTMASTER || text.ptr[0] != '<' ||
	    memchr(text.ptr, '\0', text.len) != NULL)
		return;
	CHECK(mailin_command_parse_as(&command, syntax, line, (size_t)len) ==
	    (size_t)len);
	CHECK(command.error == MAILIN_REPLY_OK ||
	    command.error == MAILIN_REPLY_NEEDS_SMTPUTF8);
	hold_same(&command.mail.path, path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailin_path strict, relaxed;
	struct mailin_span text;
	bool is_strict;
	char *copy;
	size_t at;

	if (size > MOST)
		return 0;
	copy = check_copy(data, size);
	text = (struct mailin_span){ copy, size };
	is_strict = mailin_path_parse(&strict, MAILIN_SYNTAX_STRICT, text,
			&at) == MAILIN_OK;
	CHECK(is_strict || at <= size);
	if (is_strict) {
		hold_pieces(&strict, text);
		hold_quoting(&strict);
		hold_line(&strict, MAILIN_SYNTAX_STRICT, text);
	}
	if (mailin_path_parse(&relaxed, MAILIN_SYNTAX_RELAXED, text, &at) ==
	    MAILIN_OK) {
		hold_pieces(&relaxed, text);
		hold_line(&relaxed, MAILIN_SYNTAX_RELAXED, text);
		if (is_strict)
			hold_same(&strict, &relaxed);
	} else {
		CHECK(!is_strict && at <= size);
	}
	if (mailin_mailbox_parse(&strict, MAILIN_SYNTAX_STRICT, text, &at) ==
	    MAILIN_OK) {
		CHECK(strict.kind == MAILIN_PATH_MAILBOX);
		hold_pieces(&strict, text);
		hold_quoting(&strict);
	} else {
		CHECK(at <= size);
	}
	check_drop(copy, size);
	return 0;
}
