/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "reply/encode.h"

/* clang-format off */
#define LINE(reply, code, effects, line, enhanced, text) \
	[MAILIN_REPLY_##reply] = { \
	code, effects, sizeof line - 1, line, enhanced, text, #reply }
#define REPLY(reply, code, enhanced, text) \
	LINE(reply, code, REPLY_EFFECTS(code), \
	#code " " enhanced " " text "\r\n", enhanced, text)
#define PLAIN(reply, code, text) \
	LINE(reply, code, REPLY_EFFECTS(code), #code " " text "\r\n", "", text)

/* A reply that always ends the session. */
#define LAST(reply, code, enhanced, text) \
	LINE(reply, code, REPLY_CLOSES, \
	#code " " enhanced " " text "\r\n", enhanced, text)

/* A value of the enum that is no standard reply has only a name. */
#define OTHER(reply) \
	[MAILIN_REPLY_##reply] = { .name = #reply }

const struct mailin_standard_reply
    mailin_standard_replies[MAILIN_REPLY_COUNT] = {
OTHER(OK),
OTHER(PENDING),
OTHER(CUSTOM),
REPLY(HELP, 214, "2.0.0", "See RFC 5321"),
PLAIN(GREETING, 220, "Service ready"),
REPLY(START_TLS, 220, "2.0.0", "Ready to start TLS"),
REPLY(GOODBYE, 221, "2.0.0", "Goodbye"),
REPLY(AUTH_OK, 235, "2.7.0", "Authenticated"),
REPLY(DONE, 250, "2.0.0", "OK"),
REPLY(SENDER_OK, 250, "2.1.0", "Sender OK"),
REPLY(RECIPIENT_OK, 250, "2.1.5", "Recipient OK"),
REPLY(CANNOT_VERIFY, 252, "2.0.0", "Not verified, but will try"),
PLAIN(CHALLENGE, 334, ""),
PLAIN(START_DATA, 354, "Start mail input; end with <CRLF>.<CRLF>"),
REPLY(NO_SERVICE, 421, "4.3.2", "Service not available"),
REPLY(SHUTDOWN, 421, "4.3.2", "Service shutting down"),
REPLY(NO_RESOURCES, 421, "4.3.0", "Out of resources"),
REPLY(TIMED_OUT, 421, "4.4.2", "Timed out"),
REPLY(TOO_MANY_ERRORS, 421, "4.7.0", "Too many errors"),
REPLY(NOT_SMTP, 421, "4.7.0", "This is not the protocol you want"),
REPLY(MAILBOX_BUSY, 450, "4.2.1", "Mailbox busy"),
REPLY(TRY_LATER, 450, "4.7.1", "Try again later"),
REPLY(INTERNAL_ERROR, 451, "4.3.0", "Local error in processing"),
REPLY(OUT_OF_MEMORY, 452, "4.3.1", "Out of memory"),
REPLY(OUT_OF_SPACE, 452, "4.3.1", "Insufficient system storage"),
REPLY(TOO_MANY_RCPTS, 452, "4.5.3", "Too many recipients"),
REPLY(AUTH_LATER, 454, "4.7.0", "Temporary authentication failure"),
REPLY(TLS_LATER, 454, "4.7.0", "TLS not available now"),
REPLY(UNKNOWN_VERB, 500, "5.5.2", "Command not recognized"),
REPLY(BAD_LINE, 500, "5.5.2", "Bare CR, bare LF or NUL in a line"),
REPLY(LINE_TOO_LONG, 500, "5.5.2", "Line too long"),
REPLY(AUTH_TOO_LONG, 500, "5.5.6", "Authentication exchange line too long"),
REPLY(WRONG_PROTOCOL, 500, "5.5.1", "Not the greeting of this protocol"),
REPLY(BAD_ARGUMENT, 501, "5.5.4", "Syntax error in the arguments"),
REPLY(BAD_SENDER, 501, "5.1.7", "Bad sender address syntax"),
REPLY(BAD_RECIPIENT, 501, "5.1.3", "Bad recipient address syntax"),
REPLY(BAD_BASE64, 501, "5.5.2", "Not valid base64"),
REPLY(AUTH_CANCELLED, 501, "5.7.0", "Authentication cancelled"),
REPLY(NOT_OFFERED, 502, "5.5.1", "Command not implemented"),
REPLY(BAD_SEQUENCE, 503, "5.5.1", "Bad sequence of commands"),
REPLY(BAD_MECHANISM, 504, "5.5.4", "Mechanism not available"),
REPLY(BLOCKED_HOST, 521, "5.7.1", "No mail from here"),
REPLY(TLS_NEEDED, 530, "5.7.0", "Issue STARTTLS first"),
REPLY(AUTH_NEEDED, 530, "5.7.0", "Authentication required"),
REPLY(BAD_CREDENTIALS, 535, "5.7.8", "Invalid credentials"),
REPLY(NO_MAILBOX, 550, "5.1.1", "No such mailbox"),
REPLY(RELAY_DENIED, 550, "5.7.1", "Relaying denied"),
REPLY(REFUSED, 550, "5.7.1", "Refused by policy"),
LAST(BLOCKED_IP, 550, "5.7.1", "Address blocked"),
LAST(BAD_HELLO, 550, "5.7.1", "Bad greeting name"),
REPLY(BARE_NEWLINE, 550, "5.5.2", "Bare CR or bare LF in the message"),
REPLY(NO_STORAGE, 552, "5.2.2", "Mailbox full"),
REPLY(TOO_BIG, 552, "5.3.4", "Message too big"),
REPLY(BAD_MAILBOX, 553, "5.1.3", "Mailbox name not allowed"),
REPLY(NEEDS_SMTPUTF8, 553, "5.6.7", "Address needs SMTPUTF8"),
REPLY(FAILED, 554, "5.0.0", "Transaction failed"),
REPLY(EARLY_TALK, 554, "5.5.0", "Input before the reply it must wait for"),
REPLY(NO_RECIPIENTS, 554, "5.5.1", "No valid recipients"),
REPLY(BAD_PARAMETER, 555, "5.5.4", "Parameter not recognized or not offered"),
REPLY(NOT_ALLOWED, 550, "5.7.0", "Not allowed to this client"),
REPLY(ENCRYPTION_NEEDED, 538, "5.7.11",
    "Encryption required for that mechanism"),
};
/* clang-format on */

static const struct mailin_standard_reply none = { .text = "?" };

static const struct mailin_standard_reply *
standard(enum mailin_reply reply)
{
	return (unsigned)reply < MAILIN_REPLY_COUNT &&
		mailin_standard_replies[reply].code != 0 ?
	    &mailin_standard_replies[reply] :
	    &none;
}

int
mailin_reply_code(enum mailin_reply reply)
{
	return standard(reply)->code;
}

const char *
mailin_reply_enhanced(enum mailin_reply reply)
{
	return standard(reply)->enhanced;
}

const char *
mailin_reply_text(enum mailin_reply reply)
{
	return standard(reply)->text;
}

const char *
mailin_reply_name(enum mailin_reply reply)
{
	return (unsigned)reply < MAILIN_REPLY_COUNT ?
	    mailin_standard_replies[reply].name :
	    "?";
}
