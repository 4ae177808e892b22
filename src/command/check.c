/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Checks on a command line that the grammar cannot express, and the functions
 * that run the state machine of the grammar over a line. */
#include <string.h>

#include <mailin/codec.h>

#include "octet/ascii.h"
#include "octet/rare.h"
#include "command/scan.h"

size_t
mailin_scan_length(const char *bytes, size_t len, size_t from)
{
	const char *p = bytes + from, *end = bytes + len;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		if (p - bytes >= 2 && p[-2] == '\r')
			return (size_t)(p - bytes);
	}
	return 0;
}

/* RFC 5321 2.3.8: returns true if the line holds a NUL, or a CR or LF before
 * the CR LF at its end. */
static bool
has_control(const char *line, size_t len)
{
	size_t text = len - 2;

	return memchr(line, '\r', text) != NULL ||
	    memchr(line, '\n', text) != NULL ||
	    memchr(line, '\0', text) != NULL;
}

/* In a line such as "MAILX" or "DATA.", the first word begins with a known
 * verb, but the whole word is an unknown verb.  The state machine has read the
 * known verb, and has stopped in the rest of the word, or after a CR in it.
 * Store the whole word as the unknown verb. */
static void
find_verb(struct mailin_command *command, const char *line, size_t len,
    size_t error_at)
{
	size_t word = 0;

	while (word < len - 2 && !ascii_is_blank(line[word]))
		word++;
	if (command->verb != MAILIN_VERB_UNKNOWN && error_at >= word &&
	    line[word - 1] != '\r')
		return;
	command->verb = MAILIN_VERB_UNKNOWN;
	command->error = MAILIN_REPLY_UNKNOWN_VERB;
	command->unknown.verb = (struct mailin_span){ line, word };
	command->unknown.text = (struct mailin_span){ line + word,
		len - 2 - word };
}

/* RFC 6531 3.7.4.2: SMTPUTF8 may follow the argument of VRFY and EXPN.  The
 * grammar cannot distinguish SMTPUTF8 from the argument, because the argument
 * may hold blanks. */
static void
take_smtputf8(struct mailin_text *argument)
{
	static const char parameter[] = " SMTPUTF8";
	struct mailin_span tail = argument->text;
	size_t len = sizeof parameter - 1;

	if (tail.len <= len)
		return;
	tail.ptr += tail.len - len;
	tail.len = len;
	if (!mailin_span_iequal(tail, parameter))
		return;
	argument->smtputf8 = true;
	argument->text.len -= len;
	while (argument->text.ptr[argument->text.len - 1] == ' ')
		argument->text.len--;
}

/* Returns the number of octets of xtext that encode the first "decoded" octets.
 * Returns xtext.len if xtext encodes fewer octets. */
static size_t
xtext_length(struct mailin_span xtext, size_t decoded)
{
	size_t len = 0;

	while (decoded-- > 0 && len < xtext.len) {
		size_t used = xtext.ptr[len] == '+' ? 3 : 1;

		if (used > xtext.len - len)
			break;
		len += used;
	}
	return len;
}

/* Checks of the value of AUTH=, which has been decoded.  Each function returns
 * true if the text is valid.  If not, *error_at is the offset of the first
 * wrong octet, or text.len if more octets must follow. */

static bool
is_mailbox(struct mailin_span text, enum mailin_syntax syntax, size_t *error_at)
{
	struct mailin_path mailbox;

	return mailin_mailbox_parse(&mailbox, syntax, text, error_at) ==
	    MAILIN_OK;
}

/* Returns true for a mailbox, and for "<>", which names nobody. */
static bool
is_identity(struct mailin_span text, enum mailin_syntax syntax,
    size_t *error_at)
{
	if (text.len == 0 || text.ptr[0] != '<')
		return is_mailbox(text, syntax, error_at);
	*error_at = text.len > 1 && text.ptr[1] == '>' ? 2 : 1;
	return *error_at == 2 && text.len == 2;
}

/* In RELAXED, accept a local part without a domain: Dovecot's submission server
 * sends the name of the user. */
static bool
is_local_part(struct mailin_span text, enum mailin_syntax syntax)
{
	struct mailin_path path;

	return syntax == MAILIN_SYNTAX_RELAXED &&
	    mailin_path_parse(&path, syntax, text, NULL) == MAILIN_OK &&
	    path.local.len == text.len;
}

static bool
is_bracketed(struct mailin_span text, enum mailin_syntax syntax)
{
	return syntax == MAILIN_SYNTAX_RELAXED && text.len > 1 &&
	    text.ptr[0] == '<' && text.ptr[1] != '>';
}

/* In RELAXED, accept "<user@example.org>".  Parse the text after "<" as a
 * mailbox: its first wrong octet must be ">".  Then parse the text between the
 * brackets. */
static bool
is_bracketed_mailbox(struct mailin_span text, size_t *error_at)
{
	struct mailin_span mailbox = { text.ptr + 1, text.len - 1 };
	size_t end;

	if (is_mailbox(mailbox, MAILIN_SYNTAX_RELAXED, &end)) {
		*error_at = text.len;
		return false;
	}
	*error_at = 1 + end;
	if (end == mailbox.len || mailbox.ptr[end] != '>')
		return false;
	mailbox.len = end;
	if (is_mailbox(mailbox, MAILIN_SYNTAX_RELAXED, &end))
		end = mailbox.len + 1;
	*error_at = 1 + end;
	return end == mailbox.len + 1 && *error_at == text.len;
}

/* The longest mailbox in brackets has 512 octets.  One octet more is decoded,
 * so that a longer mailbox is refused at this octet. */
#define DECODED_ROOM (512 + 1)

static struct mailin_span
decode_head(struct mailin_span xtext, char decoded[DECODED_ROOM])
{
	struct mailin_span text = { decoded, 0 };

	xtext.len = xtext_length(xtext, DECODED_ROOM);
	mailin_xtext_decode(xtext, true, decoded, &text.len);
	return text;
}

/*
 * RFC 4954 8: "The decoded form of the xtext MUST be either a <mailbox> or the
 * two characters '<>'".  The grammar has checked the xtext; this function
 * decodes it and checks the result.  If "open" is true, the state machine
 * stopped inside the value, so a value that is only incomplete is accepted.
 */
static bool
is_auth_value(struct mailin_span xtext, bool open, enum mailin_syntax syntax,
    size_t *error_at)
{
	char decoded[DECODED_ROOM];
	struct mailin_span text;
	size_t at;

	if (mailin_span_equal(xtext, "<>"))
		return true;
	text = decode_head(xtext, decoded);
	if ((is_bracketed(text, syntax) ? is_bracketed_mailbox(text, &at) :
					  is_identity(text, syntax, &at)) ||
	    (open && at == text.len) || is_local_part(text, syntax))
		return true;
	*error_at = xtext_length(xtext, at);
	return false;
}

/* Remove the brackets from the value of AUTH=<user@example.org>, so that
 * programs see a mailbox as in RFC 4954. */
static void
unbracket_auth(struct mailin_span *auth)
{
	char decoded[DECODED_ROOM];
	struct mailin_span text = decode_head(*auth, decoded);
	size_t first, rest;

	if (!is_bracketed(text, MAILIN_SYNTAX_RELAXED))
		return;
	first = xtext_length(*auth, 1);
	rest = xtext_length(*auth, text.len - 1);
	auth->ptr += first;
	auth->len = rest - first;
}

/* Check the mailbox in AUTH=, which the state machine does not check.
 * "accepted" is true if the machine found no error in the line.  If the machine
 * and this function each find an error, the first wrong octet in the line
 * counts. */
static bool
check_auth(struct mailin_scan *scan, bool accepted)
{
	struct mailin_span auth = scan->command->mail.auth;
	const char *stop = (const char *)scan->p;
	bool open = auth.len == 0;
	size_t at;

	if (stop <= auth.ptr)
		return accepted;
	if (open)
		auth.len = (size_t)(stop - auth.ptr);
	if (is_auth_value(auth, open, scan->syntax, &at)) {
		if (accepted)
			unbracket_auth(&scan->command->mail.auth);
		return accepted;
	}
	scan->p = (const unsigned char *)auth.ptr + at;
	scan->command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return false;
}

const char *
mailin_scan_smtputf8_need(const struct mailin_command *command)
{
	const struct mailin_mail *mail = &command->mail;
	const char *at = mail->path.text.ptr;

	if (command->verb != MAILIN_VERB_MAIL || !mail->path.utf8 ||
	    (mail->parameters &
		MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SMTPUTF8)) != 0)
		return NULL;
	while (!ascii_is_eight_bit(*at))
		at++;
	return at;
}

/* Check a line whose words are all valid.  Refuse it if it needs the parameter
 * SMTPUTF8 and does not have it, or if it has an unknown parameter. */
static void
check_whole(struct mailin_command *command, const struct mailin_scan *scan,
    const char *line)
{
	const char *at = NULL;

	switch (command->verb) {
	case MAILIN_VERB_MAIL:
		at = mailin_scan_smtputf8_need(command);
		break;
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
		take_smtputf8(&command->text);
		if (command->text.utf8 && !command->text.smtputf8)
			at = (const char *)scan->eight_bit;
		break;
	default:
		break;
	}
	if (at != NULL) {
		command->error = MAILIN_REPLY_NEEDS_SMTPUTF8;
	} else if (scan->unknown != NULL) {
		at = (const char *)scan->unknown;
		command->error = MAILIN_REPLY_BAD_PARAMETER;
	}
	if (at != NULL)
		command->error_at = (size_t)(at - line);
}

/* Refuse a line whose first wrong octet is p.  The reply is command->error, or
 * 500 for a control character in the line.  Returns the length of the line, or
 * 0 if it does not end with CR LF. */
static size_t
refuse_line(struct mailin_command *command, const char *bytes, size_t len,
    const unsigned char *p)
{
	size_t at = (size_t)((const char *)p - bytes);
	size_t used = mailin_scan_length(bytes, len, at);

	if (used == 0)
		return 0;
	command->error_at = at;
	/* The short cuts (fast/) and the state machine fill in different fields
	 * before they find the error.  Clear all fields, so that the result
	 * does not depend on which of them read the line.  AUTH has no short
	 * cut.  Its fields are kept, because the mechanism decides whether the
	 * reply is 538 (RFC 4954 6). */
	if (command->verb != MAILIN_VERB_AUTH)
		scan_clear_all(command);
	find_verb(command, bytes, used, at);
	if (has_control(bytes, used))
		command->error = MAILIN_REPLY_BAD_LINE;
	return used;
}

/* The slow path for a line that the state machine has read.  Either the machine
 * did not accept the line, or the line needs further checks. */
static RARE size_t
check_line(struct mailin_scan *scan, bool matched)
{
	const char *bytes = (const char *)scan->from;
	size_t len = (size_t)(scan->pe - scan->from), stop;
	struct mailin_command *command = scan->command;
	bool accepted = mailin_scan_end(scan, matched);

	if (command->verb == MAILIN_VERB_MAIL && command->mail.auth.ptr != NULL)
		accepted = check_auth(scan, accepted);
	stop = (size_t)((const char *)scan->p - bytes);
	if (accepted) {
		command->error = MAILIN_REPLY_OK;
		check_whole(command, scan, bytes);
		return stop;
	}
	return refuse_line(command, bytes, len, scan->p);
}

size_t
mailin_scan_line(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, enum mailin_scan_entry entry, size_t at)
{
	struct mailin_scan scan;
	bool matched;

	scan_begin(&scan, syntax, command, (struct mailin_span){ bytes, len });
	scan.p += at;
	matched = scan_run(&scan, entry);
	if (!SCAN_SHORT_CUTS || !matched || scan.special)
		return check_line(&scan, matched);
	scan.command->error = MAILIN_REPLY_OK;
	return (size_t)(scan.p - scan.from);
}

size_t
mailin_scan_command(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	command->verb = MAILIN_VERB_UNKNOWN;
	command->error = MAILIN_REPLY_UNKNOWN_VERB;
	command->error_at = 0;
	return mailin_scan_line(command, syntax, bytes, len, SCAN_VERB, 0);
}
