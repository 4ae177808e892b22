/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session.h"

/* The events: texts that a client sends in one piece, and calls of a
 * program. */

#define OCTETS(text) \
	{ \
		text, sizeof text - 1 \
	}
#define V(verb) MAILIN_VERB_##verb

/* A command line: its text, its verb, its form (FORM_), and other members. */
#define LINE(text, of, is, ...) \
	{ \
		.name = text, .octets = OCTETS(text "\r\n"), .in = IN_COMMAND, \
		.form = FORM_##is, .verb = V(of), __VA_ARGS__ \
	}
#define RESPONSE(text, what) \
	{ \
		.name = text, .octets = OCTETS(text "\r\n"), .in = IN_AUTH, \
		.detail = DETAIL_##what \
	}
#define TEXT(shown, text, ...) \
	{ \
		.name = shown, .octets = OCTETS(text), .in = IN_DATA, \
		.size = sizeof text - 1, __VA_ARGS__ \
	}
#define CALL(shown, what, where, ...) \
	{ \
		.name = shown, .act = ACT_##what, .in = (where), __VA_ARGS__ \
	}
#define RESUME(shown, what, is) \
	CALL(shown, RESUME, IN_OPEN, .verdict = VERDICT_##what, .which = (is))
#define V2 "\r\n\r\n\0\r\nQUIT\n"
#define LONG16(text) \
	text text text text text text text text text text text text text text \
	    text text

/* clang-format off */
const struct event events[] = {
	CALL("(open)", LOOK, IN_NEW),
	LINE("HELO c", HELO, GOOD),
	LINE("EHLO c", EHLO, GOOD),
	LINE("LHLO c", LHLO, GOOD),
	LINE("EHLO", EHLO, BAD),
	LINE("HELO", HELO, BAD),
	LINE("LHLO", LHLO, BAD),
	LINE("MAIL FROM:<a@b>", MAIL, GOOD),
	LINE("MAIL FROM:<a@b> SMTPUTF8", MAIL, GOOD, .has = HAS_SMTP8),
	LINE("MAIL FROM:<a@b> BODY=BINARYMIME", MAIL, GOOD,
	    .has = HAS_BINARY),
	LINE("MAIL FROM:<a@b> X-OWN=1", MAIL, GOOD, .has = HAS_UNKNOWN),
	LINE("MAIL FROM:<a@", MAIL, BAD),
	LINE("RCPT TO:<c@d>", RCPT, GOOD),
	LINE("RCPT TO:<\xc3\xa9@d>", RCPT, GOOD, .has = HAS_UTF8),
	LINE("RCPT TO:<c@d> X-OWN=1", RCPT, GOOD, .has = HAS_UNKNOWN),
	LINE("RCPT TO:<>", RCPT, BAD),
	LINE("DATA", DATA, GOOD),
	LINE("DATA x", DATA, BAD),
	LINE("BDAT 0", BDAT, GOOD),
	LINE("BDAT 2", BDAT, GOOD, .size = 2),
	LINE("BDAT 0 LAST", BDAT, GOOD, .has = HAS_LAST),
	LINE("BDAT 1 LAST", BDAT, GOOD, .size = 1, .has = HAS_LAST),
	LINE("BDAT x", BDAT, CLOSES),
	LINE("BURL imap://u@d/x", BURL, GOOD),
	LINE("BURL imap://u@d/x LAST", BURL, GOOD, .has = HAS_LAST),
	LINE("BURL", BURL, BAD),
	LINE("RSET", RSET, GOOD),
	LINE("RSET x", RSET, BAD),
	LINE("NOOP", NOOP, GOOD),
	LINE("VRFY a", VRFY, GOOD),
	LINE("VRFY", VRFY, BAD),
	LINE("EXPN a", EXPN, GOOD),
	LINE("EXPN", EXPN, BAD),
	LINE("HELP", HELP, GOOD),
	LINE("HELP \xff", HELP, BAD),
	LINE("QUIT", QUIT, GOOD),
	LINE("QUIT \x01", QUIT, BAD),
	LINE("STARTTLS", STARTTLS, GOOD),
	LINE("STARTTLS x", STARTTLS, BAD),
	LINE("AUTH PLAIN", AUTH, GOOD, .detail = DETAIL_PLAIN),
	LINE("AUTH PLAIN AHUAcA==", AUTH, GOOD, .detail = DETAIL_PLAIN,
	    .has = HAS_INITIAL),
	LINE("AUTH LOGIN", AUTH, GOOD, .detail = DETAIL_LOGIN),
	LINE("AUTH X-OWN", AUTH, GOOD, .detail = DETAIL_OWN),
	LINE("AUTH OAUTHBEARER bixhPXUsAWF1dGg9QmVhcmVyIHQBAQ==", AUTH, GOOD,
	    .detail = DETAIL_OAUTH, .has = HAS_INITIAL),
	LINE("AUTH EXTERNAL =", AUTH, GOOD, .detail = DETAIL_EXTERNAL,
	    .has = HAS_INITIAL),
	LINE("AUTH FOO", AUTH, GOOD, .detail = DETAIL_NO_MECHANISM),
	LINE("AUTH", AUTH, BAD, .detail = DETAIL_NO_MECHANISM),
	LINE("ETRN d", ETRN, GOOD),
	LINE("ETRN", ETRN, BAD),
	LINE("XCLIENT ADDR=192.0.2.9", XCLIENT, GOOD),
	LINE("XCLIENT ADDR=192.0.2.8", XCLIENT, GOOD,
	    .detail = DETAIL_TRUSTED),
	LINE("XCLIENT ADDR=192.0.2.9 LOGIN=u", XCLIENT, GOOD,
	    .detail = DETAIL_USER),
	LINE("XCLIENT", XCLIENT, BAD),
	LINE("XFORWARD NAME=x", XFORWARD, GOOD),
	LINE("XFORWARD FOO=x", XFORWARD, BAD),
	LINE("FOO", UNKNOWN, GOOD),
	LINE("FOO\rQUIT", UNKNOWN, BAD_LINE),
	LINE("GET / HTTP/1.1", UNKNOWN, CLOSES),
	LINE("NOOP " LONG16(LONG16("xx")), UNKNOWN, BAD),
	{ .name = "NOOP\\n", .octets = OCTETS("NOOP\n"), .in = IN_COMMAND,
	    .form = FORM_CLOSES },
	{ .name = "NO", .octets = OCTETS("NO"), .in = IN_COMMAND,
	    .form = FORM_HALF },
	{ .name = "OP", .octets = OCTETS("OP\r\n"), .in = IN_HALF,
	    .verb = V(NOOP) },

	RESPONSE("AHUAcA==", CREDENTIALS),
	RESPONSE("dQ==", WORD),
	RESPONSE("*", CANCEL),
	RESPONSE("!", NO_BASE64),
	RESPONSE("QUIT", BINARY),
	RESPONSE("MAIL FROM:<a@b>", NO_BASE64),

	TEXT("a", "a\r\n"),
	TEXT("RSET", "RSET\r\n"),
	TEXT("..", "..\r\n"),
	TEXT("a\\n.", "a\n.\r\n", .has = IS_BARE),
	TEXT(".", ".\r\n", .has = IS_END),
	{ .name = "a", .octets = OCTETS("a"), .in = IN_CHUNK, .size = 1 },
	{ .name = "aa", .octets = OCTETS("aa"), .in = IN_CHUNK, .size = 2 },
	{ .name = "\\r", .octets = OCTETS("\r"), .in = IN_CHUNK, .size = 1 },
	{ .name = "\\n", .octets = OCTETS("\n"), .in = IN_CHUNK, .size = 1,
	    .has = IS_BARE },

	/* Octets that must not be read, or must be read as a PROXY header. */
	{ .name = "(offered) NOOP", .octets = OCTETS("NOOP\r\n"),
	    .in = IN_OPEN | IN_CLOSED | IN_TLS, .verb = V(NOOP) },
	{ .name = "(offered) RSET", .octets = OCTETS("RSET\r\n"),
	    .in = IN_PROXY, .form = FORM_BAD },
	{ .name = "PROXY TCP4 192.0.2.7 192.0.2.2 1 25",
	    .octets = OCTETS("PROXY TCP4 192.0.2.7 192.0.2.2 1 25\r\n"),
	    .in = IN_PROXY, .detail = DETAIL_V1 },
	{ .name = "(PROXY version 2, LOCAL)",
	    .octets = OCTETS(V2 "\x20\0\0\0"),
	    .in = IN_PROXY, .detail = DETAIL_V2_LOCAL },
	{ .name = "(PROXY version 2, TLS)",
	    .octets = OCTETS(V2 "\x21\x11\0\x14\xc0\0\2\7\xc0\0\2\2\0\1\0\x19"
	    "\x20\0\5\1\0\0\0\0"),
	    .in = IN_PROXY, .detail = DETAIL_V2_TLS },

	CALL("(handshake)", TLS, IN_ANY),
	CALL("(a header is expected)", EXPECT_PROXY, IN_ANY),
	CALL("(TLS is expected)", EXPECT_TLS, IN_ANY),
	CALL("(the peer is set)", SET_PEER, IN_COMMAND | IN_DATA | IN_AUTH |
	    IN_OPEN | IN_CLOSED),
	CALL("(XCLIENT is switched on)", SET_EXTENSION, IN_COMMAND | IN_DATA |
	    IN_AUTH | IN_CLOSED),
	CALL("(end of input)", EOF, IN_ANY),
	CALL("(timeout)", TIMED_OUT, IN_ANY),
	CALL("(shutdown)", SHUTDOWN, IN_ANY),
	CALL("(abort)", ABORT, IN_ANY),
	CALL("(handshake failed)", TLS_FAILED, IN_ANY),
	CALL("(resume, stale)", STALE, IN_ANY),
	RESUME("(resume: OK)", YES, 0),
	RESUME("(resume: 550)", NO, 0),
	RESUME("(resume: 450)", LATER, 0),
	RESUME("(resume: 421)", CLOSE, 0),
	RESUME("(resume: 221, wrong)", WRONG, 0),
	RESUME("(resume: challenge)", CHALLENGE, 0),
	RESUME("(resume the last: OK)", YES, 1),
	RESUME("(resume the last: 550)", NO, 1),
};
/* clang-format on */

const size_t events_count = sizeof events / sizeof events[0];
