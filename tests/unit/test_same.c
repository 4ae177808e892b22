/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * A session has the same results on every machine and with every compiler
 * (property 52).  This program computes a checksum of the results of many mixed
 * sessions, and compares it with the checksum below.  Write a new checksum here
 * only if you have changed the replies or the calls of the library.  A new
 * extension or callback does not change the checksum, because this program does
 * not use it.
 */
#include <inttypes.h>
#include <string.h>

#include "support/client.h"

#define SUM UINT64_C(0xc5b41561f82f481e)

/* The number of extensions and of callbacks that are tried.  Do not try more of
 * them: this would take more random numbers, and so change the checksum. */
#define EXTENSIONS (MAILIN_EXTENSION_EXPN + 1)
#define CALLBACKS  (ON_PARAMETER + 1)

#define SESSIONS 400
#define LINES    40

static struct client client;

/* clang-format off */
static const struct mailin_span lines[] = {
	TEXT("EHLO c.example.org\r\n"), TEXT("LHLO c.example.org\r\n"),
	TEXT("HELO [192.0.2.1]\r\n"), TEXT("HELO a_b\r\n"),
	TEXT("MAIL FROM:<>\r\n"), TEXT("MAIL FROM:<a@b> SIZE=10\r\n"),
	TEXT("MAIL FROM:<a@b> BODY=BINARYMIME RET=HDRS\r\n"),
	TEXT("MAIL FROM:<\xc3\xa9@b> SMTPUTF8 BY=60;RT\r\n"),
	TEXT("MAIL FROM:<\"a\\\"b\"@c> AUTH=x+40y@z ENVID=+41\r\n"),
	TEXT("MAIL FROM:<a@b> HOLDUNTIL=2028-02-29T00:00:00+01:30\r\n"),
	TEXT("MAIL FROM:<a@b> SIZE=18446744073709551616\r\n"),
	TEXT("RCPT TO:<a@b>\r\n"), TEXT("RCPT TO:<c@d> NOTIFY=NEVER\r\n"),
	TEXT("RCPT TO:<@x:a@[IPv6:::1]> ORCPT=rfc822;a\r\n"),
	TEXT("RCPT TO:<Postmaster>\r\n"), TEXT("RCPT TO:<>\r\n"),
	TEXT("RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;C\r\n"),
	TEXT("RCPT TO:<\xff@b>\r\n"), TEXT("RCPT TO: a@b X=Y\r\n"),
	TEXT("MAIL FROM: < root\t>\tSIZE=1  AUTH=<a@b>\r\n"),
	TEXT("RCPT TO:root\r\n"), TEXT("RCPT TO:<a@b.>\r\n"),
	TEXT("EHLO \xe9\r\n"), TEXT("HELO  c.example.org\r\n"),
	TEXT("DATA\r\nS: x\r\n\r\n..\r\nx\ny\rz\xe9\0\r\n.\r\n"),
	TEXT("DATA\r\n.\r\n"), TEXT("DATA\r\n01234567890123456789\r\n.\r\n"),
	TEXT("BDAT 5\r\n.\r\n\0\n"), TEXT("BDAT 0\r\n"),
	TEXT("BDAT 3 LAST\r\na\nb"), TEXT("BDAT 0 LAST\r\n"),
	TEXT("BURL imap:x LAST\r\n"), TEXT("RSET\r\n"), TEXT("RSET\r\n"),
	TEXT("NOOP x\r\n"), TEXT("VRFY a\r\n"), TEXT("EXPN a\r\n"),
	TEXT("HELP\r\n"), TEXT("ETRN #q\r\n"), TEXT("XFORWARD NAME=a\r\n"),
	TEXT("XCLIENT ADDR=192.0.2.1 LOGIN=u\r\n"),
	TEXT("AUTH PLAIN AHUAcA==\r\n"), TEXT("AUTH LOGIN\r\n*\r\n"),
	TEXT("AUTH PLAIN\r\n=\r\n"), TEXT("\0\r\n"), TEXT("NO\rOP\r\n"),
	TEXT("MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\n"),
};
/* clang-format on */

/* A generator that gives the same numbers on every machine. rand() does not
 * guarantee this. */
static uint32_t
next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

static uint64_t
add(uint64_t sum, const struct pile *pile)
{
	size_t i;

	for (i = 0; i < pile->len; i++)
		sum = (sum ^ (unsigned char)pile->octets[i]) *
		    UINT64_C(0x100000001b3);
	return sum;
}

static void
begin(uint64_t *state)
{
	static const char *const settings[][3] = {
		{ "protocol", "smtp", "lmtp" },
		{ "syntax", "strict", "relaxed" },
		{ "parameters", "reject", "ignore" },
		{ "bare-newline", "normalize", "reject" },
		{ "message-size", "0", "20" },
		{ "rcpt-domains", "0", "1" },
	};
	static const enum mailin_reply replies[] = { MAILIN_REPLY_OK,
		MAILIN_REPLY_OK, MAILIN_REPLY_NO_MAILBOX };
	size_t i;

	client_init(&client);
	client_set(&client, "pipelining", "allow");
	client_set(&client, "tls", "optional");
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	for (i = 0; i < EXTENSIONS; i++)
		mailin_config_set_extension(client.config,
		    (enum mailin_extension)i, next(state) % 4 > 0);
	for (i = 0; i < ROWS(settings); i++)
		client_set(&client, settings[i][0],
		    settings[i][1 + next(state) % 2]);
	for (i = ON_AUTH; i < CALLBACKS; i++)
		client.answers[i] = replies[next(state) % ROWS(replies)];
	client_begin(&client);
	client_octets(&client, next(state) % 2 ? lines[0] : lines[1]);
}

START_TEST(sessions_go_the_same_way_everywhere)
{
	uint64_t state = 1, sum = UINT64_C(0xcbf29ce484222325);
	int session, line;

	for (session = 0; session < SESSIONS; session++) {
		begin(&state);
		for (line = 0; line < LINES; line++)
			client_octets(&client,
			    lines[next(&state) % ROWS(lines)]);
		sum = add(add(sum, &client.log), &client.out);
		client_end(&client);
	}
	ck_assert_msg(sum == SUM, "0x%016" PRIx64, sum);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { sessions_go_the_same_way_everywhere };

	return suite_run("same", tests, ROWS(tests));
}
