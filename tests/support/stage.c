/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/handler_log.h"
#include "support/stage.h"

#define EHLO  "EHLO c.example.org\r\n"
#define LHLO  "LHLO c.example.org\r\n"
#define MAIL  "MAIL FROM:<a@c.example>\r\n"
#define RCPT  "RCPT TO:<b@d.example>\r\n"
#define PLAIN "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n" /* user, secret */

#define NONE ON_COUNT

#define INPUT    MAILIN_WANT_INPUT
#define DECISION MAILIN_WANT_DECISION

#define LMTP     STAGE_LMTP
#define UNOPENED STAGE_UNOPENED
#define HAS_MAIL STAGE_HAS_MAIL
#define KEEPS_ON STAGE_KEEPS_ON
#define OPEN     (HAS_MAIL | KEEPS_ON)
#define PROXY    STAGE_PROXY
#define TLS      STAGE_TLS
#define WAITS    STAGE_WAITS

/* clang-format off */
const struct stage stages[] = {
{ "new", "", NONE, NONE, INPUT, UNOPENED },
{ "before a PROXY header", "", NONE, NONE, INPUT, WAITS | PROXY },
{ "in a PROXY header", "PROXY TCP4 192.0.2.1", NONE, NONE, INPUT,
    WAITS | PROXY },
{ "after a PROXY header", "PROXY UNKNOWN\r\n", NONE, NONE, INPUT, PROXY },
{ "before a PROXY header and TLS", "", NONE, NONE, INPUT,
    WAITS | PROXY | TLS },
{ "in a PROXY header before TLS", "PROXY TCP4 192.0.2.1", NONE, NONE, INPUT,
    WAITS | PROXY | TLS },
{ "between a PROXY header and TLS", "PROXY UNKNOWN\r\n", NONE, NONE,
    MAILIN_WANT_TLS, WAITS | PROXY | TLS },
{ "before TLS", "", NONE, NONE, MAILIN_WANT_TLS, WAITS | TLS },
{ "connecting", "", ON_CONNECT, NONE, DECISION, 0 },
{ "greeted", "", NONE, NONE, INPUT, 0 },
{ "refused", "", NONE, ON_CONNECT, INPUT, 0 },
{ "in EHLO", EHLO, ON_HELO, NONE, DECISION, 0 },
{ "ready", EHLO, NONE, NONE, INPUT, 0 },
{ "ready, HELO", "HELO c\r\n", NONE, NONE, INPUT, 0 },
{ "in half a line", EHLO "NOO", NONE, NONE, INPUT, 0 },
{ "before the LF", EHLO "NOOP\r", NONE, NONE, INPUT, 0 },
{ "in STARTTLS", EHLO "STARTTLS\r\n", ON_STARTTLS, NONE, DECISION, 0 },
{ "at the handshake", EHLO "STARTTLS\r\n", NONE, NONE, MAILIN_WANT_TLS, 0 },
{ "at a challenge", EHLO "AUTH PLAIN\r\n", NONE, NONE, INPUT, 0 },
{ "at the second challenge", EHLO "AUTH LOGIN\r\ndXNlcg==\r\n", NONE, NONE,
    INPUT, 0 },
{ "in half an answer", EHLO "AUTH LOGIN\r\ndXNlcg==\r\nc2Vjc", NONE, NONE,
    INPUT, 0 },
{ "in AUTH", EHLO PLAIN, ON_AUTH, NONE, DECISION, 0 },
{ "at a step of its own", EHLO "AUTH X-OWN\r\n", ON_SASL, NONE, DECISION, 0 },
{ "authenticated", EHLO PLAIN, NONE, NONE, INPUT, 0 },
{ "not authenticated", EHLO PLAIN, NONE, ON_AUTH, INPUT, 0 },
{ "in VRFY", EHLO "VRFY b\r\n", ON_VRFY, NONE, DECISION, 0 },
{ "in EXPN", EHLO "EXPN b\r\n", ON_EXPN, NONE, DECISION, 0 },
{ "in HELP", EHLO "HELP\r\n", ON_HELP, NONE, DECISION, 0 },
{ "in ETRN", EHLO "ETRN d.example\r\n", ON_ETRN, NONE, DECISION, 0 },
{ "in an unknown verb", EHLO "OWN x\r\n", ON_VERB, NONE, DECISION, 0 },
{ "in XCLIENT", EHLO "XCLIENT ADDR=192.0.2.1\r\n", ON_XCLIENT, NONE, DECISION,
    0 },
{ "told by XCLIENT",
    EHLO "XCLIENT NAME=c.example ADDR=192.0.2.1 LOGIN=user\r\n",
    NONE, NONE, INPUT, 0 },
{ "told by XFORWARD", EHLO "XFORWARD NAME=c.example\r\n" MAIL, NONE, NONE,
    INPUT, OPEN },
{ "at a parameter of MAIL", EHLO "MAIL FROM:<a@c.example> OWN=1 OWN2\r\n",
    ON_PARAMETER, NONE, DECISION, 0 },
{ "in MAIL", EHLO MAIL, ON_MAIL, NONE, DECISION, 0 },
{ "MAIL done", EHLO MAIL, NONE, NONE, INPUT, OPEN },
{ "MAIL refused", EHLO MAIL, NONE, ON_MAIL, INPUT, 0 },
{ "in RCPT", EHLO MAIL RCPT, ON_RCPT, NONE, DECISION, HAS_MAIL },
{ "at a parameter of RCPT", EHLO MAIL "RCPT TO:<b@d.example> OWN=1\r\n",
    ON_PARAMETER, NONE, DECISION, HAS_MAIL },
{ "RCPT refused", EHLO MAIL RCPT, NONE, ON_RCPT, INPUT, OPEN },
{ "RCPT done", EHLO MAIL RCPT, NONE, NONE, INPUT, OPEN },
{ "in DATA", EHLO MAIL RCPT "DATA\r\n", ON_DATA_START, NONE, DECISION,
    HAS_MAIL },
{ "DATA refused", EHLO MAIL RCPT "DATA\r\n", NONE, ON_DATA_START, INPUT,
    OPEN },
{ "at a message", EHLO MAIL RCPT "DATA\r\n", NONE, NONE, INPUT, OPEN },
{ "in a message", EHLO MAIL RCPT "DATA\r\nx\r\n.\r", NONE, NONE, INPUT,
    OPEN },
{ "at its octets", EHLO MAIL RCPT "DATA\r\nx\r\n", ON_DATA, NONE, DECISION,
    HAS_MAIL },
{ "in a refused message", EHLO MAIL RCPT "DATA\r\nx\r\n", NONE, ON_DATA, INPUT,
    KEEPS_ON },
{ "at its end", EHLO MAIL RCPT "DATA\r\nx\r\n.\r\n", ON_DATA_END, NONE,
    DECISION, HAS_MAIL },
{ "after a message", EHLO MAIL RCPT "DATA\r\nx\r\n.\r\n", NONE, NONE, INPUT,
    0 },
{ "after a refused one", EHLO MAIL RCPT "DATA\r\nx\r\n.\r\n", NONE,
    ON_DATA_END, INPUT, 0 },
{ "at the end for many", LHLO MAIL RCPT RCPT RCPT "DATA\r\nx\r\n.\r\n",
    ON_DATA_END, NONE, DECISION, LMTP | HAS_MAIL },
{ "in BDAT", EHLO MAIL RCPT "BDAT 3\r\n", ON_DATA_START, NONE, DECISION,
    HAS_MAIL },
{ "at a chunk", EHLO MAIL RCPT "BDAT 3\r\n", NONE, NONE, INPUT, OPEN },
{ "in a chunk", EHLO MAIL RCPT "BDAT 3\r\nx\r", NONE, NONE, INPUT, OPEN },
{ "at its octets, BDAT", EHLO MAIL RCPT "BDAT 3\r\nx", ON_DATA, NONE, DECISION,
    HAS_MAIL },
{ "after a chunk", EHLO MAIL RCPT "BDAT 3\r\nxyz", NONE, NONE, INPUT, OPEN },
{ "in a refused chunk", EHLO MAIL RCPT "BDAT 3\r\nx", NONE, ON_DATA_START,
    INPUT, KEEPS_ON },
{ "after a refused chunk", EHLO MAIL RCPT "BDAT 3\r\nxyz", NONE, ON_DATA,
    INPUT, KEEPS_ON },
{ "at the end of BDAT", EHLO MAIL RCPT "BDAT 3 LAST\r\nxyz", ON_DATA_END, NONE,
    DECISION, HAS_MAIL },
{ "in BURL", EHLO MAIL RCPT "BURL imap://x/y\r\n", ON_BURL, NONE, DECISION,
    HAS_MAIL },
{ "before BURL", EHLO MAIL RCPT "BURL imap://x/y LAST\r\n", ON_DATA_START,
    NONE, DECISION, HAS_MAIL },
{ "after a refused BURL", EHLO MAIL RCPT "BURL imap://x/y\r\n", NONE, ON_BURL,
    INPUT, KEEPS_ON },
{ "in a chunk out of order", EHLO "BDAT 3\r\nx", NONE, NONE, INPUT,
    KEEPS_ON },
{ "closed", EHLO "QUIT\r\n", NONE, NONE, MAILIN_WANT_CLOSE, 0 },
};
/* clang-format on */

const size_t stages_count = ROWS(stages);

void
stage_play(const struct stage *stage, struct client *client)
{
	if (stage->pending != NONE)
		client->answers[stage->pending] = MAILIN_REPLY_PENDING;
	if (stage->refused != NONE)
		client->answers[stage->refused] = MAILIN_REPLY_FAILED;
	if (stage_is(stage, STAGE_PROXY))
		ck_assert_int_eq(mailin_session_expect_proxy(client->session),
		    MAILIN_OK);
	if (stage_is(stage, STAGE_TLS))
		ck_assert_int_eq(mailin_session_expect_tls(client->session),
		    MAILIN_OK);
	if (!stage_is(stage, UNOPENED))
		client_lines(client, stage->lines);
}

void
stage_open(const struct stage *stage, struct client *client)
{
	client_init(client);
	client_set(client, "extensions",
	    "PIPELINING,ENHANCEDSTATUSCODES,"
	    "SIZE,8BITMIME,CHUNKING,BINARYMIME,SMTPUTF8,STARTTLS,DSN,"
	    "DELIVERBY,FUTURERELEASE,MT-PRIORITY,REQUIRETLS,RRVS,MTRK,"
	    "NO-SOLICITING,LIMITS,ETRN,BURL,XCLIENT,XFORWARD,VRFY,EXPN");
	client_set(client, "mechanisms", "PLAIN,LOGIN");
	ck_assert_int_eq(mailin_config_add_mechanism(client->config, "X-OWN"),
	    MAILIN_OK);
	handler_log_own(client);
	client_set(client, "tls", "optional");
	if (stage_is(stage, LMTP))
		client_set(client, "protocol", "lmtp");
	client_begin(client);
}

void
stage_enter(const struct stage *stage, struct client *client)
{
	stage_open(stage, client);
	stage_play(stage, client);
	(void)client_replies(client);
	(void)client_log(client);
}

static char failures[4096];

void
stage_failed(const struct stage *stage, const char *what)
{
	size_t len = strlen(failures);

	snprintf(failures + len, sizeof failures - len, "\n%s: not %s",
	    stage->name, what);
}

void
stage_each(struct client *client, void (*check)(const struct stage *stage))
{
	size_t i;

	failures[0] = '\0';
	for (i = 0; i < stages_count; i++) {
		stage_enter(&stages[i], client);
		check(&stages[i]);
		client_end(client);
	}
	ck_assert_msg(failures[0] == '\0', "%s", failures);
}
