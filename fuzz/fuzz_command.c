/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: the tokenizer on any octets.  The first octet of the input
 * chooses the syntax; the rest is what a client sent. */
#include "check.h"
#include "support/fields.h"
#include "support/oracle.h"

#define MOST ((size_t)1 << 14)

static struct mailin_span input;

static void
fail(int line, const char *what)
{
	size_t i;

	fprintf(stderr, "%s:%d: %s\non ", __FILE__, line, what);
	for (i = 0; i < input.len; i++)
		fprintf(stderr,
		    input.ptr[i] >= 0x20 && input.ptr[i] < 0x7f ? "%c" :
								  "\\x%02x",
		    (unsigned char)input.ptr[i]);
	fputc('\n', stderr);
	abort();
}

/* Print the input, too. */
#undef CHECK
#define CHECK(what) ((what) ? (void)0 : fail(__LINE__, #what))

static struct mailin_span
copy_of(struct mailin_span text)
{
	return (struct mailin_span){ check_copy(text.ptr, text.len), text.len };
}

/* Returns a copy of text, followed by CR LF. */
static struct mailin_span
line_of(struct mailin_span text)
{
	static char line[MOST + 2];

	memcpy(line, text.ptr, text.len);
	memcpy(line + text.len, "\r\n", 2);
	return copy_of((struct mailin_span){ line, text.len + 2 });
}

static void
drop(struct mailin_span copy)
{
	check_drop((char *)(uintptr_t)copy.ptr, copy.len);
}

/* Returns the number of octets through the first CR LF, or 0 if there is
 * none. */
static size_t
first_line(struct mailin_span text)
{
	size_t i;

	for (i = 1; i < text.len; i++)
		if (text.ptr[i - 1] == '\r' && text.ptr[i] == '\n')
			return i + 1;
	return 0;
}

static bool
has_fields(const struct mailin_command *command)
{
	return command->error == MAILIN_REPLY_OK ||
	    command->error == MAILIN_REPLY_BAD_PARAMETER;
}

static void
check_same(const struct mailin_command *a, const struct mailin_command *b)
{
	static char shown[2][1 << 16];

	CHECK(a->error == b->error && a->error_at == b->error_at);
	fields_show(a, shown[0], sizeof shown[0]);
	fields_show(b, shown[1], sizeof shown[1]);
	CHECK(strcmp(shown[0], shown[1]) == 0);
}

/* RELAXED accepts what STRICT accepts, with the same result (property 53). */
static void
check_monotony(const struct mailin_command *strict, struct mailin_span line)
{
	struct mailin_command relaxed;

	CHECK(mailin_command_parse_as(&relaxed, MAILIN_SYNTAX_RELAXED, line.ptr,
		  line.len) == line.len);
	if (has_fields(strict))
		check_same(strict, &relaxed);
}

/* Returns true if the error is that a parameter or attribute is unknown, or is
 * given twice: the tokenizer can find this only at its end.  Such an error is
 * after a blank, for which RELAXED also takes a TAB. */
static bool
is_of_parameter(const struct mailin_command *command, struct mailin_span line)
{
	char before = command->error_at > 0 ? line.ptr[command->error_at - 1] :
					      '\0';

	return command->error == MAILIN_REPLY_BAD_PARAMETER ||
	    (command->error == MAILIN_REPLY_BAD_ARGUMENT &&
		(before == ' ' || before == '\t'));
}

/*
 * Check error_at, the offset of the first wrong octet.  The octets before it,
 * parsed alone, must have no error at a smaller offset.  In paths and verbs,
 * the octets after it must make no difference.  In a parameter the whole value
 * counts as wrong.
 */
static void
check_error_at(const struct mailin_command *command, enum mailin_syntax syntax,
    struct mailin_span line)
{
	struct mailin_span part = { line.ptr, command->error_at };
	struct mailin_span shorter = line_of(part);
	struct mailin_command other;

	mailin_command_parse_as(&other, syntax, shorter.ptr, shorter.len);
	CHECK(other.error == MAILIN_REPLY_OK ||
	    other.error_at >= command->error_at ||
	    other.error == MAILIN_REPLY_NEEDS_SMTPUTF8 ||
	    is_of_parameter(&other, shorter));
	drop(shorter);
	if (command->error != MAILIN_REPLY_BAD_SENDER &&
	    command->error != MAILIN_REPLY_BAD_RECIPIENT &&
	    command->error != MAILIN_REPLY_UNKNOWN_VERB)
		return;
	part.len++;
	shorter = line_of(part);
	mailin_command_parse_as(&other, syntax, shorter.ptr, shorter.len);
	CHECK(other.error_at == command->error_at);
	drop(shorter);
}

/* Quoting the unquoted local part, and unquoting it again, changes nothing
 * (property 31). */
static void
check_local_part(const struct mailin_path *path)
{
	size_t room = path->local.len + 1, len, quoted_len;
	char *local = malloc(room), *quoted = malloc(2 * room + 2);
	struct mailin_path again;

	CHECK(local != NULL && quoted != NULL);
	len = mailin_local_part_unquote(path, local);
	CHECK(len <= path->local.len);
	quoted_len = mailin_local_part_quote((struct mailin_span){ local, len },
	    quoted);
	CHECK(quoted_len >= len && quoted_len <= 2 * len + 2);
	memcpy(quoted + quoted_len, "@x", 2);
	/* RELAXED accepts some local parts without quotes.  With quotes they
	 * may exceed the limit. */
	if (quoted_len <= 255) {
		CHECK(mailin_mailbox_parse(&again, MAILIN_SYNTAX_RELAXED,
			  (struct mailin_span){ quoted, quoted_len + 2 },
			  NULL) == MAILIN_OK);
		CHECK(mailin_local_part_unquote(&again, quoted) == len);
		CHECK(memcmp(quoted, local, len) == 0);
	}
	free(local);
	free(quoted);
}

static bool
is_white(char c)
{
	return c == ' ' || c == '\t';
}

/* Returns true if path->text can be parsed as a path.  If there is white space
 * inside the brackets, text has no brackets.  A text without brackets cannot be
 * parsed if it is empty or has a source route. */
static bool
is_path_text(const struct mailin_path *path)
{
	if (*path->text.ptr == '<')
		return true;
	CHECK(path->text.len == 0 ||
	    (!is_white(path->text.ptr[0]) &&
		!is_white(path->text.ptr[path->text.len - 1])));
	return path->text.len > 0 && path->route.ptr == NULL;
}

static bool
is_same(struct mailin_span a, struct mailin_span b)
{
	return a.ptr == b.ptr && a.len == b.len;
}

static void
check_path(const struct mailin_path *path, enum mailin_syntax syntax)
{
	struct mailin_path again;

	CHECK((path->domain.len > 0) == (path->kind == MAILIN_PATH_MAILBOX) &&
	    (path->domain_kind != MAILIN_DOMAIN_NONE) ==
		(path->domain.len > 0));
	CHECK((path->kind == MAILIN_PATH_NULL) == (path->local.len == 0));
	CHECK(path->kind != MAILIN_PATH_UNQUALIFIED ||
	    syntax == MAILIN_SYNTAX_RELAXED);
	check_local_part(path);
	if (!is_path_text(path))
		return;
	CHECK(mailin_path_parse(&again, syntax, path->text, NULL) == MAILIN_OK);
	/* Postmaster is special after RCPT TO alone (RFC 5321 4.1.1.3). */
	CHECK((again.kind == path->kind ||
		  (path->kind == MAILIN_PATH_UNQUALIFIED &&
		      again.kind == MAILIN_PATH_POSTMASTER)) &&
	    again.domain_kind == path->domain_kind &&
	    again.quoted == path->quoted && again.utf8 == path->utf8);
	CHECK(is_same(again.text, path->text) &&
	    is_same(again.local, path->local) &&
	    is_same(again.domain, path->domain) &&
	    is_same(again.route, path->route));
	if (path->kind == MAILIN_PATH_MAILBOX) {
		struct mailin_span mailbox = path->local;

		mailbox.len += 1 + path->domain.len;
		CHECK(mailin_mailbox_parse(&again, syntax, mailbox, NULL) ==
		    MAILIN_OK);
	}
}

static bool
has_control(const char *p, size_t len)
{
	for (; len > 0; p++, len--)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return true;
	return false;
}

static void
check_attributes(const struct mailin_attributes *attributes, char *out)
{
	size_t i, len;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		CHECK(mailin_xtext_decode(attributes->values[i], false, out,
			  &len) == MAILIN_OK &&
		    !has_control(out, len));
}

/* Returns true for a decoded value that AUTH= may have (RFC 4954 5).  In
 * RELAXED it may be a local part without a domain. */
static bool
is_identity(struct mailin_span text, enum mailin_syntax syntax)
{
	struct mailin_path path;

	return mailin_span_equal(text, "<>") ||
	    mailin_mailbox_parse(&path, syntax, text, NULL) == MAILIN_OK ||
	    (syntax == MAILIN_SYNTAX_RELAXED &&
		mailin_path_parse(&path, syntax, text, NULL) == MAILIN_OK &&
		is_same(path.local, text));
}

/* Even a decoded value contains no control character (threat V23). */
static void
check_values(const struct mailin_command *command, enum mailin_syntax syntax)
{
	const struct mailin_mail *mail = &command->mail;
	const struct mailin_rcpt *rcpt = &command->rcpt;
	static char out[MOST];
	struct mailin_span text = { out, 0 };
	bool any_case = syntax == MAILIN_SYNTAX_RELAXED;

	if (command->verb == MAILIN_VERB_MAIL) {
		CHECK(mailin_xtext_decode(mail->envid, any_case, out,
			  &text.len) == MAILIN_OK &&
		    !has_control(out, text.len));
		CHECK(mailin_base64_decode(mail->mtrk, out, &text.len) ==
		    MAILIN_OK);
		CHECK(mailin_xtext_decode(mail->auth, true, out, &text.len) ==
		    MAILIN_OK);
		CHECK(mail->auth.len == 0 || is_identity(text, syntax));
	} else if (command->verb == MAILIN_VERB_RCPT) {
		CHECK((mailin_span_iequal(rcpt->orcpt_type, "utf-8") ?
			      mailin_utf8_address_decode(rcpt->orcpt, out,
				  &text.len) :
			      mailin_xtext_decode(rcpt->orcpt, any_case, out,
				  &text.len)) == MAILIN_OK);
		CHECK(!has_control(out, text.len) && mailin_utf8_valid(text));
	} else if (command->verb == MAILIN_VERB_XCLIENT ||
	    command->verb == MAILIN_VERB_XFORWARD) {
		check_attributes(&command->attributes, out);
	} else if (command->verb == MAILIN_VERB_AUTH) {
		CHECK(mailin_span_equal(command->auth.initial, "=") ||
		    mailin_base64_decode(command->auth.initial, out,
			&text.len) == MAILIN_OK);
	}
}

/* Keywords and values, with "=" and blanks between them, make up the whole
 * text. */
static void
check_parameters(const struct mailin_mail *mail, enum mailin_syntax syntax)
{
	struct mailin_span text = mail->parameter_text, keyword, value;
	const char *p = text.ptr;
	unsigned count = 0;
	uint32_t bits = mail->parameters;

	while (mailin_parameter_next(&text, &keyword, &value)) {
		for (; syntax == MAILIN_SYNTAX_RELAXED && is_white(*p); p++)
			CHECK(count > 0);
		CHECK(keyword.ptr == p && keyword.len > 0);
		CHECK(value.ptr == NULL ||
		    (value.ptr == p + keyword.len + 1 && value.len > 0));
		p += keyword.len + (value.ptr != NULL) + value.len + 1;
		count++;
	}
	CHECK(p == NULL || p == text.ptr + 1);
	for (; bits != 0; bits &= bits - 1)
		CHECK(count-- > 0);
}

static void
check_command(const struct mailin_command *command, enum mailin_syntax syntax,
    struct mailin_span line)
{
	const char *fault;

	if (command->error != MAILIN_REPLY_OK) {
		CHECK(mailin_reply_code(command->error) >= 500);
		CHECK(command->error_at < line.len);
		check_error_at(command, syntax, line);
	}
	if (!has_fields(command))
		return;
	CHECK(command->verb != MAILIN_VERB_UNKNOWN);
	fault = fields_fault(command, line);
	if (fault != NULL)
		fprintf(stderr, "%s\n", fault);
	CHECK(fault == NULL);
	check_values(command, syntax);
	if (command->verb == MAILIN_VERB_MAIL ||
	    command->verb == MAILIN_VERB_RCPT) {
		check_path(&command->mail.path, syntax);
		check_parameters(&command->mail, syntax);
	}
}

/* A mailbox is accepted if and only if the oracle accepts it (property 30). */
static void
check_mailbox(struct mailin_span text)
{
	struct mailin_path path;
	size_t local, at = 0;
	enum mailin_error error = mailin_mailbox_parse(&path,
	    MAILIN_SYNTAX_STRICT, text, &at);

	CHECK((error == MAILIN_OK) == oracle_mailbox(text, &local));
	CHECK(at <= text.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailin_command command, again;
	struct mailin_span text, line;
	enum mailin_syntax syntax;
	size_t used;

	if (size == 0 || size > MOST)
		return 0;
	input = (struct mailin_span){ (const char *)data, size };
	syntax = (data[0] & 1) != 0 ? MAILIN_SYNTAX_RELAXED :
				      MAILIN_SYNTAX_STRICT;
	text = copy_of(
	    (struct mailin_span){ (const char *)data + 1, size - 1 });
	check_mailbox(text);
	used = mailin_command_parse_as(&command, syntax, text.ptr, text.len);
	CHECK(used == first_line(text));
	if (used > 0) {
		line = copy_of((struct mailin_span){ text.ptr, used });
		CHECK(mailin_command_parse_as(&again, syntax, line.ptr,
			  used - 1) == 0);
		CHECK(mailin_command_parse_as(&again, syntax, line.ptr, used) ==
		    used);
		check_same(&command, &again);
		check_command(&again, syntax, line);
		if (syntax == MAILIN_SYNTAX_STRICT)
			check_monotony(&again, line);
		drop(line);
	}
	drop(text);
	return 0;
}
