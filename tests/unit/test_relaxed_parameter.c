/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Values of parameters that RELAXED accepts in addition to STRICT, and values
 * that it refuses: grammar/relaxed_command.rl, src/command/check.c. */
#include <stdio.h>
#include <string.h>

#include "support/rows.h"

#define ARGUMENT MAILIN_REPLY_BAD_ARGUMENT

/* The span of AUTH= is a mailbox or "<>", as in RFC 4954, or a local part. */
static const struct accepted parameters[] = {
	{ TEXT("MAIL FROM:<> AUTH=.a@b_c"), "MAIL kind=null AUTH=.a@b_c" },
	{ TEXT("MAIL FROM:<> AUTH=<a@b>"), "MAIL kind=null AUTH=a@b" },
	{ TEXT("MAIL FROM:<> AUTH=+3Ca+40b+3e"), "MAIL kind=null AUTH=a+40b" },
	{ TEXT("MAIL FROM:<> AUTH=+3ca@b> SIZE=1"),
	    "MAIL kind=null SIZE=1 AUTH=a@b" },
	{ TEXT("MAIL FROM:<> AUTH=<+22a>b+22@c>"),
	    "MAIL kind=null AUTH=+22a>b+22@c" },
	{ TEXT("MAIL FROM:<> AUTH=<a@[x:>]>"), "MAIL kind=null AUTH=a@[x:>]" },
	{ TEXT("MAIL FROM:<> AUTH=<a@b.>"), "MAIL kind=null AUTH=a@b." },
	{ TEXT("MAIL FROM:<> AUTH=+3C+3E"), "MAIL kind=null AUTH=+3C+3E" },
	{ TEXT("MAIL FROM:<> AUTH=joe SIZE=1"),
	    "MAIL kind=null SIZE=1 AUTH=joe" },
	{ TEXT("MAIL FROM:<> AUTH=.joe+2Bx."),
	    "MAIL kind=null AUTH=.joe+2Bx." },
	{ TEXT("MAIL FROM:<> AUTH=+22a+20b+22"),
	    "MAIL kind=null AUTH=+22a+20b+22" },
	{ TEXT("MAIL FROM:<> AUTH=postmaster"),
	    "MAIL kind=null AUTH=postmaster" },
	{ TEXT("MAIL FROM:<> ENVID=a+3c+7e"), "MAIL kind=null ENVID=a+3c+7e" },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;a+2bc@d"),
	    "RCPT local=a domain=b orcpt_type=rfc822 ORCPT=a+2bc@d" },
};

/* clang-format off */
static const struct refused_command parameters_in_strict[] = {
	{ TEXT("MAIL FROM:<> AUTH=.a@b"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<a@b>"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+3Ca@b+3E"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=joe"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+22a+22"),
	       "                         ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+3c"),
	       "                      ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;a+2b"),
	       "                              ^", ARGUMENT },
};
/* clang-format on */

/* clang-format off */
static const struct refused_command no_parameters[] = {
	{ TEXT("MAIL FROM:<> AUTH=<a@b"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=a@b>"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<a@b>c"),
	       "                       ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<<>>"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<<a@b>>"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<>>"),
	       "                    ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<root>"),
	       "                       ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<+22a>"),
	       "                        ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+3C+20root+20+3E"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+20root"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=a+20b"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=a@"),
	       "                    ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+22a"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=joe>"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<+20a@b>"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<a@b+3E+3E"),
	       "                         ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=<@x:a@b>"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+0a"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+7f"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+e9"),
	       "                     ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;a+0d"),
	       "                             ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=a+2b"),
	       "                ^", ARGUMENT },
};
/* clang-format on */

START_TEST(relaxed_takes_parameters_that_real_clients_send)
{
	rows_accept_commands(RELAXED, parameters, ROWS(parameters));
	rows_refuse_commands(STRICT, parameters_in_strict,
	    ROWS(parameters_in_strict));
	rows_refuse_commands(RELAXED, no_parameters, ROWS(no_parameters));
}
END_TEST

/* Tests the longest mailbox in brackets that RFC 5321 4.5.3.1 allows, and
 * mailboxes that are longer.  Each is tried plain, and with all of its octets
 * encoded. */
START_TEST(relaxed_takes_no_longer_mailbox_in_brackets)
{
	char line[4096], mailbox[512];
	struct mailin_command command;
	size_t most, i, at, encoded;

	memset(mailbox, 'a', sizeof mailbox);
	mailbox[255] = '@';
	for (encoded = 0; encoded <= 1; encoded++) {
		size_t octet = encoded ? 3 : 1;

		for (most = 510; most <= 512; most++) {
			size_t len = (size_t)sprintf(line,
			    "MAIL FROM:<> AUTH=%s", encoded ? "+3C" : "<");

			at = len + 510 * octet;
			for (i = 0; i < most; i++)
				len += (size_t)sprintf(line + len,
				    encoded ? "+%02X" : "%c", mailbox[i]);
			len += (size_t)sprintf(line + len, "%s\r\n",
			    encoded ? "+3E" : ">");
			mailin_command_parse_as(&command, RELAXED, line, len);
			if (most == 510) {
				ck_assert_int_eq(command.error,
				    MAILIN_REPLY_OK);
				ck_assert_uint_eq(command.mail.auth.len,
				    most * octet);
			} else {
				ck_assert_int_eq(command.error, ARGUMENT);
				ck_assert_uint_eq(command.error_at, at);
			}
		}
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		relaxed_takes_parameters_that_real_clients_send,
		relaxed_takes_no_longer_mailbox_in_brackets,
	};

	return suite_run("relaxed_parameter", tests, ROWS(tests));
}
