/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "reply/encode.h"

/* clang-format off */
#define LINE(code, effects, line, enhanced, text) \
	{ code, effects, sizeof line - 1, line, enhanced, text }
#define REPLY(code, enhanced, text) \
	LINE(code, REPLY_EFFECTS(code), \
	#code " " enhanced " " text "\r\n", enhanced, text)
#define PLAIN(code, text) \
	LINE(code, REPLY_EFFECTS(code), #code " " text "\r\n", "", text)

/* A reply that ends the session, whatever its code is. */
#define LAST(code, enhanced, text) \
	LINE(code, REPLY_CLOSES, \
	#code " " enhanced " " text "\r\n", enhanced, text)

const struct mailin_standard_reply
    mailin_standard_replies[MAILIN_REPLY_COUNT] = {
[MAILIN_REPLY_HELP]            = REPLY(214, "2.0.0", "See RFC 5321"),
[MAILIN_REPLY_GREETING]        = PLAIN(220, "Service ready"),
[MAILIN_REPLY_START_TLS]       = REPLY(220, "2.0.0", "Ready to start TLS"),
[MAILIN_REPLY_GOODBYE]         = REPLY(221, "2.0.0", "Goodbye"),
[MAILIN_REPLY_AUTH_OK]         = REPLY(235, "2.7.0", "Authenticated"),
[MAILIN_REPLY_DONE]            = REPLY(250, "2.0.0", "OK"),
[MAILIN_REPLY_SENDER_OK]       = REPLY(250, "2.1.0", "Sender OK"),
[MAILIN_REPLY_RECIPIENT_OK]    = REPLY(250, "2.1.5", "Recipient OK"),
[MAILIN_REPLY_CANNOT_VERIFY]   = REPLY(252, "2.0.0",
    "Not verified, but will try"),
[MAILIN_REPLY_CHALLENGE]       = PLAIN(334, ""),
[MAILIN_REPLY_START_DATA]      = PLAIN(354,
    "Start mail input; end with <CRLF>.<CRLF>"),
[MAILIN_REPLY_NO_SERVICE]      = REPLY(421, "4.3.2", "Service not available"),
[MAILIN_REPLY_SHUTDOWN]        = REPLY(421, "4.3.2", "Service shutting down"),
[MAILIN_REPLY_NO_RESOURCES]    = REPLY(421, "4.3.0", "Out of resources"),
[MAILIN_REPLY_TIMED_OUT]       = REPLY(421, "4.4.2", "Timed out"),
[MAILIN_REPLY_TOO_MANY_ERRORS] = REPLY(421, "4.7.0", "Too many errors"),
[MAILIN_REPLY_NOT_SMTP]        = REPLY(421, "4.7.0",
    "This is not the protocol you want"),
[MAILIN_REPLY_MAILBOX_BUSY]    = REPLY(450, "4.2.1", "Mailbox busy"),
[MAILIN_REPLY_TRY_LATER]       = REPLY(450, "4.7.1", "Try again later"),
[MAILIN_REPLY_INTERNAL_ERROR]  = REPLY(451, "4.3.0",
    "Local error in processing"),
[MAILIN_REPLY_OUT_OF_MEMORY]   = REPLY(452, "4.3.1", "Out of memory"),
[MAILIN_REPLY_OUT_OF_SPACE]    = REPLY(452, "4.3.1",
    "Insufficient system storage"),
[MAILIN_REPLY_TOO_MANY_RCPTS]  = REPLY(452, "4.5.3", "Too many recipients"),
[MAILIN_REPLY_AUTH_LATER]      = REPLY(454, "4.7.0",
    "Temporary authentication failure"),
[MAILIN_REPLY_TLS_LATER]       = REPLY(454, "4.7.0", "TLS not available now"),
[MAILIN_REPLY_UNKNOWN_VERB]    = REPLY(500, "5.5.2", "Command not recognized"),
[MAILIN_REPLY_BAD_LINE]        = REPLY(500, "5.5.2",
    "Bare CR, bare LF or NUL in a line"),
[MAILIN_REPLY_LINE_TOO_LONG]   = REPLY(500, "5.5.2", "Line too long"),
[MAILIN_REPLY_AUTH_TOO_LONG]   = REPLY(500, "5.5.6",
    "Authentication exchange line too long"),
[MAILIN_REPLY_WRONG_PROTOCOL]  = REPLY(500, "5.5.1",
    "Not the greeting of this protocol"),
[MAILIN_REPLY_BAD_ARGUMENT]    = REPLY(501, "5.5.4",
    "Syntax error in the arguments"),
[MAILIN_REPLY_BAD_SENDER]      = REPLY(501, "5.1.7",
    "Bad sender address syntax"),
[MAILIN_REPLY_BAD_RECIPIENT]   = REPLY(501, "5.1.3",
    "Bad recipient address syntax"),
[MAILIN_REPLY_BAD_BASE64]      = REPLY(501, "5.5.2", "Not valid base64"),
[MAILIN_REPLY_AUTH_CANCELLED]  = REPLY(501, "5.7.0",
    "Authentication cancelled"),
[MAILIN_REPLY_NOT_OFFERED]     = REPLY(502, "5.5.1", "Command not implemented"),
[MAILIN_REPLY_BAD_SEQUENCE]    = REPLY(503, "5.5.1",
    "Bad sequence of commands"),
[MAILIN_REPLY_BAD_MECHANISM]   = REPLY(504, "5.5.4", "Mechanism not available"),
[MAILIN_REPLY_BLOCKED_HOST]    = REPLY(521, "5.7.1", "No mail from here"),
[MAILIN_REPLY_TLS_NEEDED]      = REPLY(530, "5.7.0", "Issue STARTTLS first"),
[MAILIN_REPLY_AUTH_NEEDED]     = REPLY(530, "5.7.0", "Authentication required"),
[MAILIN_REPLY_BAD_CREDENTIALS] = REPLY(535, "5.7.8", "Invalid credentials"),
[MAILIN_REPLY_NO_MAILBOX]      = REPLY(550, "5.1.1", "No such mailbox"),
[MAILIN_REPLY_RELAY_DENIED]    = REPLY(550, "5.7.1", "Relaying denied"),
[MAILIN_REPLY_REFUSED]         = REPLY(550, "5.7.1", "Refused by policy"),
[MAILIN_REPLY_BLOCKED_IP]      = LAST(550, "5.7.1", "Address blocked"),
[MAILIN_REPLY_BAD_HELLO]       = LAST(550, "5.7.1", "Bad greeting name"),
[MAILIN_REPLY_BARE_NEWLINE]    = REPLY(550, "5.5.2",
    "Bare CR or bare LF in the message"),
[MAILIN_REPLY_NO_STORAGE]      = REPLY(552, "5.2.2", "Mailbox full"),
[MAILIN_REPLY_TOO_BIG]         = REPLY(552, "5.3.4", "Message too big"),
[MAILIN_REPLY_BAD_MAILBOX]     = REPLY(553, "5.1.3",
    "Mailbox name not allowed"),
[MAILIN_REPLY_NEEDS_SMTPUTF8]  = REPLY(553, "5.6.7", "Address needs SMTPUTF8"),
[MAILIN_REPLY_FAILED]          = REPLY(554, "5.0.0", "Transaction failed"),
[MAILIN_REPLY_EARLY_TALK]      = REPLY(554, "5.5.0",
    "Input before the reply it must wait for"),
[MAILIN_REPLY_NO_RECIPIENTS]   = REPLY(554, "5.5.1", "No valid recipients"),
[MAILIN_REPLY_BAD_PARAMETER]   = REPLY(555, "5.5.4",
    "Parameter not recognized or not offered"),
[MAILIN_REPLY_NOT_ALLOWED]     = REPLY(550, "5.7.0",
    "Not allowed to this client"),
[MAILIN_REPLY_ENCRYPTION_NEEDED] = REPLY(538, "5.7.11",
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
