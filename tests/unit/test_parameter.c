/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The ESMTP parameters of MAIL and RCPT: grammar/parameter.rl,
 * src/command/scan.c. */
#include "support/rows.h"

#define ARGUMENT MAILIN_REPLY_BAD_ARGUMENT

static const struct accepted mail[] = {
	/* SIZE (RFC 1870) has up to 20 digits, whatever its value
	 * (threat V36) */
	{ TEXT("MAIL FROM:<> SIZE=0"), "MAIL kind=null SIZE=0" },
	{ TEXT("MAIL FROM:<> size=00000000000000000001"),
	    "MAIL kind=null SIZE=1" },
	{ TEXT("MAIL FROM:<> SIZE=18446744073709551615"),
	    "MAIL kind=null SIZE=18446744073709551615" },
	{ TEXT("MAIL FROM:<> SIZE=18446744073709551616"),
	    "MAIL kind=null SIZE=18446744073709551615 "
	    "size_over=yes" },
	{ TEXT("MAIL FROM:<> SIZE=99999999999999999999"),
	    "MAIL kind=null SIZE=18446744073709551615 "
	    "size_over=yes" },
	/* BODY (RFC 6152, RFC 3030) */
	{ TEXT("MAIL FROM:<> BODY=7BIT"), "MAIL kind=null BODY=0" },
	{ TEXT("MAIL FROM:<> body=8bitMime"), "MAIL kind=null BODY=1" },
	{ TEXT("MAIL FROM:<> BODY=BINARYMIME"), "MAIL kind=null BODY=2" },
	/* SMTPUTF8 (RFC 6531) */
	{ TEXT("MAIL FROM:<a@\xc3\xa9> SMTPUTF8"),
	    "MAIL local=a domain=\xc3\xa9 utf8=yes SMTPUTF8=yes" },
	{ TEXT("MAIL FROM:<> SmtpUtf8"), "MAIL kind=null SMTPUTF8=yes" },
	/* RET and ENVID (RFC 3461) */
	{ TEXT("MAIL FROM:<> RET=FULL"), "MAIL kind=null RET=1" },
	{ TEXT("MAIL FROM:<> RET=hdrs"), "MAIL kind=null RET=2" },
	{ TEXT("MAIL FROM:<> ENVID=QQ314159"),
	    "MAIL kind=null ENVID=QQ314159" },
	{ TEXT("MAIL FROM:<> ENVID=!~+20+2B+3D+7E"),
	    "MAIL kind=null ENVID=!~+20+2B+3D+7E" },
	/* AUTH (RFC 4954) */
	{ TEXT("MAIL FROM:<> AUTH=<>"), "MAIL kind=null AUTH=<>" },
	{ TEXT("MAIL FROM:<> AUTH=+3c+3E"), "MAIL kind=null AUTH=+3c+3E" },
	{ TEXT("MAIL FROM:<> AUTH=e+3Dmc2@example.com"),
	    "MAIL kind=null AUTH=e+3Dmc2@example.com" },
	{ TEXT("MAIL FROM:<> AUTH=\"a+20b\"@[192.0.2.1]"),
	    "MAIL kind=null AUTH=\"a+20b\"@[192.0.2.1]" },
	{ TEXT("MAIL FROM:<> AUTH=jos+c3+A9@x"),
	    "MAIL kind=null AUTH=jos+c3+A9@x" },
	/* BY (RFC 2852) */
	{ TEXT("MAIL FROM:<> BY=120;R"), "MAIL kind=null BY=120 by_mode=1" },
	{ TEXT("MAIL FROM:<> BY=+999999999;rt"),
	    "MAIL kind=null BY=999999999 by_mode=1 by_trace=yes" },
	{ TEXT("MAIL FROM:<> BY=-999999999;NT"),
	    "MAIL kind=null BY=-999999999 by_mode=0 by_trace=yes" },
	{ TEXT("MAIL FROM:<> BY=0;N"), "MAIL kind=null BY=0 by_mode=0" },
	/* HOLDFOR and HOLDUNTIL (RFC 4865) */
	{ TEXT("MAIL FROM:<> HOLDFOR=1"), "MAIL kind=null HOLDFOR=1" },
	{ TEXT("MAIL FROM:<> HOLDFOR=999999999"),
	    "MAIL kind=null HOLDFOR=999999999" },
	{ TEXT("MAIL FROM:<> HOLDUNTIL=1970-01-01T00:00:00Z"),
	    "MAIL kind=null HOLDUNTIL=0" },
	/* MT-PRIORITY (RFC 6710) */
	{ TEXT("MAIL FROM:<> MT-PRIORITY=-9"),
	    "MAIL kind=null MT-PRIORITY=-9" },
	{ TEXT("MAIL FROM:<> mt-priority=0"), "MAIL kind=null MT-PRIORITY=0" },
	{ TEXT("MAIL FROM:<> MT-PRIORITY=9"), "MAIL kind=null MT-PRIORITY=9" },
	/* MTRK (RFC 3885) */
	{ TEXT("MAIL FROM:<> MTRK=YWJjZA=="),
	    "MAIL kind=null MTRK=YWJjZA== mtrk_timeout=0" },
	{ TEXT("MAIL FROM:<> MTRK=AAAA:999999999"),
	    "MAIL kind=null MTRK=AAAA mtrk_timeout=999999999" },
	/* REQUIRETLS (RFC 8689) and SOLICIT (RFC 3865) */
	{ TEXT("MAIL FROM:<> REQUIRETLS"), "MAIL kind=null REQUIRETLS=yes" },
	{ TEXT("MAIL FROM:<> SOLICIT=org.example:ADV-ADLT,a_b.c"),
	    "MAIL kind=null SOLICIT=org.example:ADV-ADLT,a_b.c" },
};

static const struct accepted rcpt[] = {
	{ TEXT("RCPT TO:<a@b> NOTIFY=NEVER"),
	    "RCPT local=a domain=b NOTIFY=1" },
	{ TEXT("RCPT TO:<a@b> notify=success"),
	    "RCPT local=a domain=b NOTIFY=2" },
	{ TEXT("RCPT TO:<a@b> NOTIFY=FAILURE,DELAY,SUCCESS"),
	    "RCPT local=a domain=b NOTIFY=14" },
	{ TEXT("RCPT TO:<a@b> NOTIFY=DELAY,DELAY"),
	    "RCPT local=a domain=b NOTIFY=8" },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;Bob+40b+3Dx"),
	    "RCPT local=a domain=b orcpt_type=rfc822 ORCPT=Bob+40b+3Dx" },
	{ TEXT("RCPT TO:<a@b> ORCPT=x-Y!;"),
	    "RCPT local=a domain=b orcpt_type=x-Y! ORCPT=" },
	{ TEXT("RCPT TO:<a@b> ORCPT=UTF-8;jos\\x{E9}@x"),
	    "RCPT local=a domain=b orcpt_type=UTF-8 ORCPT=jos\\x{E9}@x" },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;jos\xc3\xa9@x"),
	    "RCPT local=a domain=b orcpt_type=utf-8 ORCPT=jos\xc3\xa9@x "
	    "orcpt_utf8=yes" },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;\\x{2B}\\x{10FFFF}\\x{5C}"),
	    "RCPT local=a domain=b orcpt_type=utf-8 "
	    "ORCPT=\\x{2B}\\x{10FFFF}\\x{5C}" },
	{ TEXT("RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z"),
	    "RCPT local=a domain=b RRVS=1396566060 rrvs_action=0" },
	{ TEXT("RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;C"),
	    "RCPT local=a domain=b RRVS=1396566060 rrvs_action=1" },
	{ TEXT("RCPT TO:<a@b> rrvs=2014-04-03t23:01:00z;r"),
	    "RCPT local=a domain=b RRVS=1396566060 rrvs_action=2" },
	{ TEXT("RCPT TO:<Postmaster> NOTIFY=NEVER"),
	    "RCPT kind=postmaster local=Postmaster NOTIFY=1" },
};

/* clang-format off */
static const struct refused_command refused[] = {
	/* Parameters that are malformed, too large or given twice (threats V36
	 * and V37). */
	{ TEXT("MAIL FROM:<> SIZE"),
	       "                 ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE="),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE=100000000000000000000"),
	       "                                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE=-1"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE=+1"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE=0x1"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE= 1"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> =x"),
	       "             ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X="),
	       "               ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X=a=b"),
	       "                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> -X"),
	       "             ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X_Y"),
	       "              ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X=\x7f"),
	       "               ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X=\xc3"),
	       "                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> RET=FULL,HDRS"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BODY=8BIT"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BODY"),
	       "                 ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SMTPUTF8=1"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> REQUIRETLS=NO"),
	       "                       ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID="),
	       "                   ^", ARGUMENT },
	/* ENVID and ORCPT that are not xtext (threat V24). */
	{ TEXT("MAIL FROM:<> ENVID=a+"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+4"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+4g"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a=b"),
	       "                    ^", ARGUMENT },
	/* Control characters in values, plain or encoded (threat V23). */
	{ TEXT("MAIL FROM:<> AUTH=a+0D+0Ax"),
	       "                    ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;a+0Ab"),
	       "                             ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;\\x{0A}"),
	       "                             ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;\\x{7F}"),
	       "                               ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;\\x{D800}"),
	       "                                 ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;a+2Bb"),
	       "                           ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=utf-8;"),
	       "                          ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822;\xc3\xa9"),
	       "                           ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=;a"),
	       "                    ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> ORCPT=rfc822"),
	       "                          ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=foo@"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH="),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=a@b>"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=+22a+20b+22x@y"),
	       "                             ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> AUTH=jos+C3@x"),
	       "                        ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=1"),
	       "                 ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=1;X"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=0;R"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=-1;RT"),
	       "                   ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=1000000000;N"),
	       "                         ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=--1;N"),
	       "                 ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> BY=1;NTT"),
	       "                    ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> HOLDFOR=0"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> HOLDFOR=1000000000"),
	       "                              ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> HOLDUNTIL=1"),
	       "                        ^", ARGUMENT },
	/* Only RRVS has an action after its date. */
	{ TEXT("MAIL FROM:<> HOLDUNTIL=2026-11-23T17:25:29Z;C"),
	       "                                           ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> HOLDUNTIL=2026-11-23T17:25:29Z;R"),
	       "                                           ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MT-PRIORITY=10"),
	       "                          ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MT-PRIORITY=-0"),
	       "                          ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MT-PRIORITY=+1"),
	       "                         ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MT-PRIORITY=00"),
	       "                          ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MTRK=AAA"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MTRK=AAAA:"),
	       "                       ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> MTRK=AAAA:1000000000"),
	       "                                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SOLICIT=1a"),
	       "                     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SOLICIT=a,"),
	       "                       ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY"),
	       "                    ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY="),
	       "                     ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY=NEVER,DELAY"),
	       "                          ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY=DELAY,NEVER"),
	       "                           ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY=DELAY,,SUCCESS"),
	       "                           ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY=DELAY,"),
	       "                           ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> NOTIFY=ALWAYS"),
	       "                     ^", ARGUMENT },
	{ TEXT("RCPT TO:<a@b> RRVS=2014-04-03T23:01:00Z;X"),
	       "                                        ^", ARGUMENT },
};
/* clang-format on */

/* RELAXED accepts these tabs, second blanks and lower-case hexadecimal digits
 * (test_relaxed.c). */
/* clang-format off */
static const struct refused_command refused_in_strict[] = {
	{ TEXT("MAIL FROM:<> RET=FULL\tX"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<>  RET=FULL"),
	       "              ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> RET=FULL  SIZE=1"),
	       "                       ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> ENVID=a+2b"),
	       "                      ^", ARGUMENT },
};
/* clang-format on */

START_TEST(parameters_of_mail_have_a_type_each)
{
	rows_accept_commands(STRICT, mail, ROWS(mail));
	rows_accept_commands(RELAXED, mail, ROWS(mail));
}
END_TEST

START_TEST(parameters_of_rcpt_have_a_type_each)
{
	rows_accept_commands(STRICT, rcpt, ROWS(rcpt));
	rows_accept_commands(RELAXED, rcpt, ROWS(rcpt));
}
END_TEST

/* A malformed parameter is refused, never skipped (threats V23, V24, V36,
 * V37). */
START_TEST(parameters_that_are_malformed_are_never_skipped)
{
	rows_refuse_commands(STRICT, refused, ROWS(refused));
	rows_refuse_commands(RELAXED, refused, ROWS(refused));
	rows_refuse_commands(STRICT, refused_in_strict,
	    ROWS(refused_in_strict));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		parameters_of_mail_have_a_type_each,
		parameters_of_rcpt_have_a_type_each,
		parameters_that_are_malformed_are_never_skipped,
	};

	return suite_run("parameter", tests, ROWS(tests));
}
