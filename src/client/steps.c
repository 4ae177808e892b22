/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "client/steps.h"

#define S(state)  CLIENT_BIT(CLIENT_##state)
#define A(step)   CLIENT_BIT(MAILIN_CLIENT_##step)
#define ROW(step) [MAILIN_CLIENT_##step]

#define SAME  CLIENT_NO_CHANGE
#define NEVER CLIENT_NO_CHANGE
#define MORE  CLIENT_CHALLENGE
#define OPEN  S(FRESH) | S(READY) | S(MAIL)

/* The codes are those of RFC 5321 4.3.2, RFC 3207 4, RFC 4954 6 and Postfix's
 * READMEs. */
/* clang-format off */
const struct mailin_client_row mailin_client_rows[MAILIN_CLIENT_COUNT] = {
/* steps.h explains the columns.  The verbs MAIL and RCPT are missing here:
 * envelope.c writes them together with their paths.  In LMTP the verb EHLO is
 * replaced by LHLO. */
ROW(NONE)     = { "NONE",     "",         0, 0,
	421, true,  SAME,         SAME,          SAME,           NEVER },
ROW(GREETING) = { "GREETING", "",         0, 0,
	220, true,  SAME,         CLIENT_FRESH,  CLIENT_REFUSED, NEVER },
ROW(HELLO)    = { "HELLO",    "EHLO",     OPEN, 0,
	250, false, SAME,         CLIENT_READY,  CLIENT_FRESH,   NEVER },
ROW(STARTTLS) = { "STARTTLS", "STARTTLS", S(READY), 0,
	220, true,  SAME,         CLIENT_TLS,    SAME,           NEVER },
ROW(AUTH)     = { "AUTH",     "AUTH",     S(READY), 0,
	235, true,  SAME,         SAME,          SAME,           NEVER },
ROW(SASL)     = { "SASL",     "AUTH",     S(READY), 0,
	235, true,  SAME,         SAME,          SAME,           MORE },
ROW(RESPONSE) = { "RESPONSE", "",         S(CHALLENGE), 0,
	235, true,  SAME,         CLIENT_READY,  CLIENT_READY,   MORE },
ROW(CANCEL)   = { "CANCEL",   "*",        S(CHALLENGE), 0,
	501, true,  SAME,         SAME,          CLIENT_READY,   NEVER },
ROW(XCLIENT)  = { "XCLIENT",  "XCLIENT",  S(READY), 0,
	220, true,  SAME,         CLIENT_FRESH,  SAME,           NEVER },
ROW(XFORWARD) = { "XFORWARD", "XFORWARD", S(READY), A(XFORWARD) | A(RSET),
	250, false, SAME,         SAME,          SAME,           NEVER },
ROW(MAIL)     = { "MAIL",     "",         S(READY), A(XFORWARD) | A(RSET),
	250, false, CLIENT_MAIL,  SAME,          CLIENT_READY,   NEVER },
ROW(RCPT)     = { "RCPT",     "",         S(MAIL), A(MAIL) | A(RCPT),
	250, false, SAME,         SAME,          SAME,           NEVER },
ROW(DATA)     = { "DATA",     "DATA",     S(MAIL), 0,
	354, true,  SAME,         CLIENT_BODY,   SAME,           NEVER },
ROW(MESSAGE)  = { "MESSAGE",  "",         S(BODY), 0,
	250, false, CLIENT_READY, SAME,          SAME,           NEVER },
ROW(RSET)     = { "RSET",     "RSET",     S(READY) | S(MAIL), 0,
	250, false, CLIENT_READY, SAME,          CLIENT_REFUSED, NEVER },
ROW(NOOP)     = { "NOOP",     "NOOP",     OPEN, 0,
	250, false, SAME,         SAME,          SAME,           NEVER },
ROW(QUIT)     = { "QUIT",     "QUIT",     OPEN | S(REFUSED), 0,
	221, false, SAME,         CLIENT_CLOSED, CLIENT_CLOSED,  NEVER },
};
/* clang-format on */

/*
 * RFC 5321 4.2.1: "one that receives an unexpected code, will be able to
 * determine its next action ... by examining this first digit".  So any other
 * code 2yz means the same as 250.  But what comes after 354, 220 and 235
 * depends on the code; and 221 means that the server closes, which only QUIT
 * asks for.
 *
 * RFC 4954 4: after "*" the server must refuse AUTH.  So a 235 that comes then
 * is no success.
 */
bool
mailin_client_code_allowed(enum mailin_client_step step, int code)
{
	const struct mailin_client_row *row = &mailin_client_rows[step];

	if (code == row->code || code >= 400)
		return true;
	if (code == CHALLENGE)
		return row->more != CLIENT_NO_CHANGE;
	return !row->is_only && code / 100 == 2 && code != 221;
}

const char *
mailin_client_step_name(enum mailin_client_step step)
{
	return (unsigned)step < MAILIN_CLIENT_COUNT ?
	    mailin_client_rows[step].name :
	    "?";
}

const char *
mailin_client_fault_name(enum mailin_client_fault fault)
{
	/* clang-format off */
	static const char names[MAILIN_CLIENT_FAULT_COUNT][10] = {
		[MAILIN_CLIENT_FAULT_NONE]      = "NONE",
		[MAILIN_CLIENT_FAULT_SYNTAX]    = "SYNTAX",
		[MAILIN_CLIENT_FAULT_LONG_LINE] = "LONG_LINE",
		[MAILIN_CLIENT_FAULT_LINES]     = "LINES",
		[MAILIN_CLIENT_FAULT_NEW_CODE]  = "NEW_CODE",
		[MAILIN_CLIENT_FAULT_UNASKED]   = "UNASKED",
		[MAILIN_CLIENT_FAULT_CODE]      = "CODE",
		[MAILIN_CLIENT_FAULT_CLEAR]     = "CLEAR",
		[MAILIN_CLIENT_FAULT_EOF]       = "EOF",
	};
	/* clang-format on */

	return (unsigned)fault < MAILIN_CLIENT_FAULT_COUNT ? names[fault] : "?";
}
