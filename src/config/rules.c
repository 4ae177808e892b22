/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "config/rules.h"

/* A cell of the table: the event, the state after a positive reply, and the
 * state after a negative reply. */
#define VERB(name, yes, no) [MAILIN_VERB_##name] = { STATE_##yes, STATE_##no }
#define WHEN(name, yes, no) [EVENT_##name] = { STATE_##yes, STATE_##no }

/* The session may end in any state. */
#define CLOSES WHEN(CLOSE, CLOSED, CLOSED)

/* Before the session opens, the program may cause these events. */
#define EXPECT(with_proxy, with_tls) \
	CLOSES, WHEN(EXPECT_PROXY, with_proxy, with_proxy), \
	    WHEN(EXPECT_TLS, with_tls, with_tls)

/* Commands that are allowed in every state in which commands are read.  Only
 * QUIT changes the state (RFC 5321 4.1.1.6 to 4.1.1.10). */
#define ASIDE(state) \
	CLOSES, VERB(NOOP, state, state), VERB(VRFY, state, state), \
	    VERB(EXPN, state, state), VERB(HELP, state, state), \
	    WHEN(UNKNOWN, state, state), VERB(QUIT, CLOSED, CLOSED)

/* HELO, EHLO and LHLO reset the session (RFC 5321 4.1.4).  If such a command is
 * refused, the state does not change. */
#define GREETINGS(state) \
	VERB(HELO, READY, state), VERB(EHLO, READY, state), \
	    VERB(LHLO, READY, state)

const struct mailin_rule mailin_rules[STATE_COUNT][EVENT_COUNT] = {
[STATE_NEW] = {
	EXPECT(PROXY, TLS_FIRST),
	WHEN(CONNECT,  START,  REFUSED),
	WHEN(TLS,      NEW,    CLOSED),
},
[STATE_PROXY] = {
	EXPECT(PROXY, PROXY_TLS),
	WHEN(PROXY,    NEW,    CLOSED),
	WHEN(TLS,      PROXY,  CLOSED),
},
[STATE_PROXY_TLS] = {
	EXPECT(PROXY_TLS, PROXY_TLS),
	WHEN(PROXY,    TLS_FIRST, CLOSED),
},
[STATE_START] = {
	ASIDE(START), GREETINGS(START),
	VERB(RSET,     START,  START),
	VERB(XCLIENT,  START,  START),
},
[STATE_REFUSED] = {
	CLOSES,
	VERB(QUIT,     CLOSED, CLOSED),
},
[STATE_READY] = {
	ASIDE(READY), GREETINGS(READY),
	VERB(RSET,     READY,  READY),
	VERB(MAIL,     MAIL,   READY),
	VERB(STARTTLS, TLS,    READY),
	VERB(AUTH,     AUTH,   READY),
	VERB(ETRN,     READY,  READY),
	VERB(XCLIENT,  START,  READY),
	VERB(XFORWARD, READY,  READY),
},
[STATE_MAIL] = {
	ASIDE(MAIL), GREETINGS(MAIL),
	VERB(RSET,     READY,  MAIL),
	VERB(RCPT,     RCPT,   MAIL),
	VERB(STARTTLS, TLS,    MAIL),
},
[STATE_RCPT] = {
	ASIDE(RCPT), GREETINGS(RCPT),
	VERB(RSET,     READY,  RCPT),
	VERB(RCPT,     RCPT,   RCPT),
	VERB(DATA,     DATA,   RCPT),
	VERB(BDAT,     CHUNKS, CHUNKS_FAILED),
	VERB(BURL,     CHUNKS, CHUNKS_FAILED),
	VERB(STARTTLS, TLS,    RCPT),
},
[STATE_DATA] = {
	CLOSES,
	WHEN(REFUSE,   DATA,   DATA),
	WHEN(END,      READY,  READY),
},
[STATE_CHUNKS] = {
	ASIDE(CHUNKS), GREETINGS(CHUNKS),
	VERB(RSET,     READY,  CHUNKS),
	VERB(BDAT,     CHUNKS, CHUNKS_FAILED),
	VERB(BURL,     CHUNKS, CHUNKS_FAILED),
	WHEN(REFUSE,   CHUNKS_FAILED, CHUNKS_FAILED),
	WHEN(END,      READY,  READY),
},
[STATE_CHUNKS_FAILED] = {
	ASIDE(CHUNKS_FAILED), GREETINGS(CHUNKS_FAILED),
	VERB(RSET,     READY,  CHUNKS_FAILED),
	VERB(BDAT,     CHUNKS_FAILED, CHUNKS_FAILED),
	VERB(BURL,     CHUNKS_FAILED, CHUNKS_FAILED),
	WHEN(REFUSE,   CHUNKS_FAILED, CHUNKS_FAILED),
	WHEN(END,      READY,  READY),
},
[STATE_AUTH] = {
	CLOSES,
	WHEN(CHALLENGE, AUTH,  AUTH),
	WHEN(AUTH_END, READY,  READY),
},
[STATE_TLS] = {
	CLOSES,
	WHEN(TLS,      START,  CLOSED),
},
[STATE_TLS_FIRST] = {
	EXPECT(PROXY_TLS, TLS_FIRST),
	WHEN(TLS,      NEW,    CLOSED),
},
};

/* The names are arrays, not pointers, so that no relocation is needed. */
/* clang-format off */
static const char verb_names[MAILIN_VERB_COUNT][9] = {
	[MAILIN_VERB_UNKNOWN]  = "?",
	[MAILIN_VERB_HELO]     = "HELO",
	[MAILIN_VERB_EHLO]     = "EHLO",
	[MAILIN_VERB_LHLO]     = "LHLO",
	[MAILIN_VERB_MAIL]     = "MAIL",
	[MAILIN_VERB_RCPT]     = "RCPT",
	[MAILIN_VERB_DATA]     = "DATA",
	[MAILIN_VERB_BDAT]     = "BDAT",
	[MAILIN_VERB_RSET]     = "RSET",
	[MAILIN_VERB_NOOP]     = "NOOP",
	[MAILIN_VERB_VRFY]     = "VRFY",
	[MAILIN_VERB_EXPN]     = "EXPN",
	[MAILIN_VERB_HELP]     = "HELP",
	[MAILIN_VERB_QUIT]     = "QUIT",
	[MAILIN_VERB_STARTTLS] = "STARTTLS",
	[MAILIN_VERB_AUTH]     = "AUTH",
	[MAILIN_VERB_ETRN]     = "ETRN",
	[MAILIN_VERB_BURL]     = "BURL",
	[MAILIN_VERB_XCLIENT]  = "XCLIENT",
	[MAILIN_VERB_XFORWARD] = "XFORWARD",
};
/* clang-format on */

const char *
mailin_verb_name(enum mailin_verb verb)
{
	return (unsigned)verb < MAILIN_VERB_COUNT ? verb_names[verb] : "?";
}
