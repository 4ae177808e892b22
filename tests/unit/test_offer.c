/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests what EHLO offers, and that nothing else may be used (property 26). */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

static void
start(const char *extensions, const char *parameters)
{
	char list[256];

	snprintf(list, sizeof list, "ENHANCEDSTATUSCODES%s%s",
	    *extensions != '\0' ? "," : "", extensions);
	client_init(&client);
	client_set(&client, "extensions", list);
	client_set(&client, "parameters", parameters);
	client_begin(&client);
	client_greet(&client);
}

/* ---- Keywords ------------------------------------------------------------ */

static const char *
keyword(int extension)
{
	return mailin_extension_name((enum mailin_extension)extension);
}

/* Returns true if a line of EHLO's reply begins with the word. */
static bool
is_offered(const char *keyword)
{
	const char *at = client.out.octets;
	size_t len = strlen(keyword);

	for (; (at = strstr(at, "\r\n250")) != NULL; at += 6)
		if (strncmp(at + 6, keyword, len) == 0 &&
		    (at[6 + len] == ' ' || at[6 + len] == '\r'))
			return true;
	return false;
}

START_TEST(ehlo_offers_the_extensions_that_are_on_and_no_others)
{
	static const struct mailin_tls tls = { .version = TEXT("TLSv1.3") };
	char number[24];
	int i, j;

	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		client_init(&client);
		client_set(&client, "extensions", "");
		mailin_config_set_extension(client.config,
		    (enum mailin_extension)i, true);
		client_begin(&client);
		if (i == MAILIN_EXTENSION_REQUIRETLS)
			mailin_session_tls_started(client.session, &tls);
		client_greet(&client);
		for (j = 0; j < MAILIN_EXTENSION_COUNT; j++)
			ck_assert_msg(is_offered(keyword(j)) ==
				(i == j &&
				    mailin_config_extension(client.config,
					(enum mailin_extension)i)),
			    "%s where %s is on", keyword(j), keyword(i));
		client_end(&client);
	}
	snprintf(number, sizeof number, "%llu", 1ull << 62);
	client_init(&client);
	client_set(&client, "message-size", number);
	client_begin(&client);
	client_greet(&client);
	ck_assert(is_offered("SIZE 4611686018427387904"));
	client_end(&client);
}
END_TEST

/* HELO offers nothing (RFC 5321 4.1.1.1). */
START_TEST(helo_offers_nothing)
{
	start("PIPELINING,SIZE", "reject");
	client.out.len = client.out.seen = 0;
	client_expect(&client, "HELO c", "250");
	ck_assert_str_eq(client.out.octets, "250 mx.example.org\r\n");
	client_end(&client);
}
END_TEST

/* ---- Parameters ---------------------------------------------------------- */

struct parameter_row {
	const char *text;
	const char *extension; /* the extension that offers it */
	const char *rejected;  /* reply if not offered, parameters=reject */
	const char *ignored;   /* reply if not offered, parameters=ignore */
};

#define TAKEN   "250 2.1.0"
#define UNKNOWN "555 5.5.4"

static const struct parameter_row mail_rows[] = {
	/* Large senders use these parameters even if they are not offered. */
	{ "SIZE=1000", "SIZE", TAKEN, TAKEN },
	{ "BODY=7BIT", "8BITMIME", TAKEN, TAKEN },
	{ "BODY=8BITMIME", "8BITMIME", TAKEN, TAKEN },
	{ "RET=HDRS", "DSN", TAKEN, TAKEN },
	{ "ENVID=x", "DSN", TAKEN, TAKEN },
	{ "AUTH=<>", "", TAKEN, TAKEN },
	/* A client relies on the effect of these parameters, so they cannot be
	 * ignored. */
	{ "BODY=BINARYMIME", "CHUNKING,BINARYMIME", UNKNOWN, UNKNOWN },
	{ "SMTPUTF8", "8BITMIME,SMTPUTF8", UNKNOWN, UNKNOWN },
	{ "BY=120;R", "DELIVERBY", UNKNOWN, UNKNOWN },
	{ "HOLDFOR=60", "FUTURERELEASE", UNKNOWN, UNKNOWN },
	{ "HOLDUNTIL=2026-11-23T17:25:29Z", "FUTURERELEASE", UNKNOWN, UNKNOWN },
	{ "MT-PRIORITY=3", "MT-PRIORITY", UNKNOWN, TAKEN },
	{ "MTRK=YWJjZGVm", "MTRK", UNKNOWN, TAKEN },
	{ "SOLICIT=org.example:ADV:ADLT", "NO-SOLICITING", UNKNOWN, TAKEN },
};

static const struct parameter_row rcpt_rows[] = {
	{ "NOTIFY=NEVER", "DSN", "250 2.1.5", "250 2.1.5" },
	{ "ORCPT=rfc822;a", "DSN", "250 2.1.5", "250 2.1.5" },
	{ "RRVS=2026-11-23T17:25:29Z", "RRVS", UNKNOWN, "250 2.1.5" },
};

static void
check_parameter(const char *command, const char *parameter,
    const char *extensions, const char *policy, const char *reply)
{
	char line[192];

	start(extensions, policy);
	if (command[0] == 'R')
		client_envelope(&client, 0);
	snprintf(line, sizeof line, "%s:<a@b> %s", command, parameter);
	client_expect(&client, line, reply);
	client_end(&client);
}

static void
check_row(const char *command, const struct parameter_row *row,
    const char *taken)
{
	char twice[128];

	check_parameter(command, row->text, row->extension, "reject", taken);
	check_parameter(command, row->text, row->extension, "ignore", taken);
	check_parameter(command, row->text, "", "reject", row->rejected);
	check_parameter(command, row->text, "", "ignore", row->ignored);
	/* A parameter that is given twice is refused by every policy
	 * (threat V37). */
	snprintf(twice, sizeof twice, "%s %s", row->text, row->text);
	check_parameter(command, twice, row->extension, "reject", "501 5.5.4");
	check_parameter(command, twice, "", "ignore", "501 5.5.4");
}

START_TEST(a_parameter_may_be_used_if_it_is_offered)
{
	size_t i;

	for (i = 0; i < ROWS(mail_rows); i++)
		check_row("MAIL FROM", &mail_rows[i], TAKEN);
	for (i = 0; i < ROWS(rcpt_rows); i++)
		check_row("RCPT TO", &rcpt_rows[i], "250 2.1.5");
}
END_TEST

START_TEST(an_unknown_parameter_is_refused_or_ignored)
{
	check_parameter("MAIL FROM", "X-Y=1", "", "reject", UNKNOWN);
	check_parameter("MAIL FROM", "X-Y=1", "", "ignore", TAKEN);
	check_parameter("RCPT TO", "XY", "", "reject", UNKNOWN);
	check_parameter("RCPT TO", "XY", "", "ignore", "250 2.1.5");
	check_parameter("MAIL FROM", "X-Y=", "", "ignore", "501 5.5.4");
	check_parameter("MAIL FROM", "=X", "", "ignore", "501 5.5.4");
	check_parameter("MAIL FROM", "SIZE=x", "", "ignore", "501 5.5.4");
	/* A parameter of MAIL is unknown in RCPT, and the other way round. */
	check_parameter("MAIL FROM", "NOTIFY=NEVER", "DSN", "reject", UNKNOWN);
	check_parameter("RCPT TO", "RET=FULL", "DSN", "reject", UNKNOWN);
	/* The first parameter may be ignored, but not the second one. */
	check_parameter("MAIL FROM", "XY BY=120;R", "", "ignore", UNKNOWN);
}
END_TEST

/* RFC 8689 3: REQUIRETLS is offered only inside TLS. */
START_TEST(requiretls_is_for_tls)
{
	static const struct mailin_tls tls = { .version = TEXT("TLSv1.3") };

	check_parameter("MAIL FROM", "REQUIRETLS", "REQUIRETLS", "reject",
	    UNKNOWN);
	check_parameter("MAIL FROM", "REQUIRETLS", "REQUIRETLS", "ignore",
	    UNKNOWN);
	client_init(&client);
	client_set(&client, "extensions", "ENHANCEDSTATUSCODES,REQUIRETLS");
	client_begin(&client);
	mailin_session_tls_started(client.session, &tls);
	client_greet(&client);
	client_expect(&client, "MAIL FROM:<a@b> REQUIRETLS", TAKEN);
	client_end(&client);
}
END_TEST

/* A handler that uses a parameter must be able to ask whether its extension is
 * on. */
START_TEST(each_parameter_belongs_to_the_extension_that_offers_it)
{
	static const char *const extensions[MAILIN_PARAMETER_COUNT] = { NULL,
		"SIZE", "8BITMIME", "SMTPUTF8", "DSN", "DSN", NULL, "DELIVERBY",
		"FUTURERELEASE", "FUTURERELEASE", "MT-PRIORITY", "MTRK",
		"REQUIRETLS", "NO-SOLICITING", "DSN", "DSN", "RRVS" };
	int i;

	start("SIZE", "reject");
	for (i = -1; i <= MAILIN_PARAMETER_COUNT; i++) {
		enum mailin_extension extension = mailin_parameter_extension(
		    (enum mailin_parameter)i);
		const char *name = i < 0 || i == MAILIN_PARAMETER_COUNT ?
		    NULL :
		    extensions[i];

		if (name == NULL)
			ck_assert_int_eq(extension, MAILIN_EXTENSION_COUNT);
		else
			ck_assert_str_eq(keyword((int)extension), name);
		ck_assert(mailin_session_offers(client.session, extension) ==
		    (i == MAILIN_PARAMETER_SIZE));
	}
	ck_assert(!mailin_session_offers(client.session,
	    (enum mailin_extension) - 1));
	client_end(&client);
}
END_TEST

/* A client may send SIZE although the session does not offer it.  Then a size
 * above the limit is no reason to refuse MAIL. */
START_TEST(a_parameter_that_is_not_offered_has_no_effect)
{
	client_init(&client);
	client_set(&client, "extensions", "ENHANCEDSTATUSCODES");
	client_set(&client, "message-size", "1000");
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "MAIL FROM:<a@b> SIZE=99999999999999999999",
	    TAKEN);
	client_end(&client);
}
END_TEST

/* ---- Addresses ----------------------------------------------------------- */

/* A non-ASCII address needs SMTPUTF8 (RFC 6531 3.4 and 3.5). */
START_TEST(utf8_addresses_need_smtputf8)
{
	start("8BITMIME,SMTPUTF8,DSN", "reject");
	client_expect(&client, "MAIL FROM:<\xc3\xa9@b>", "553 5.6.7");
	client_expect(&client, "MAIL FROM:<a@\xc3\xa9.example>", "553 5.6.7");
	client_expect(&client, "VRFY \xc3\xa9", "553 5.6.7");
	client_expect(&client, "VRFY \xc3\xa9 SMTPUTF8", "252 2.0.0");
	client_expect(&client, "MAIL FROM:<a@b>", "250 2.1.0");
	client_expect(&client, "RCPT TO:<\xc3\xa9@b>", "553 5.6.7");
	client_expect(&client, "RCPT TO:<a@b> ORCPT=utf-8;\xc3\xa9@b",
	    "553 5.6.7");
	client_expect(&client, "RSET", "250 2.0.0");
	client_expect(&client, "MAIL FROM:<\xc3\xa9@b> SMTPUTF8", "250 2.1.0");
	client_expect(&client, "RCPT TO:<\xc3\xa9@b>", "250 2.1.5");
	client_expect(&client, "RCPT TO:<a@b> ORCPT=utf-8;\xc3\xa9@b",
	    "250 2.1.5");
	client_end(&client);
}
END_TEST

/* ---- Commands ------------------------------------------------------------ */

struct command_row {
	const char *line, *extension, *off, *on;
};

static const struct command_row command_rows[] = {
	{ "BDAT 0", "CHUNKING", "502 5.5.1", "503 5.5.1" },
	{ "ETRN a", "ETRN", "502 5.5.1", "250 2.0.0" },
	{ "EXPN a", "EXPN", "502 5.5.1", "250 2.0.0" },
	{ "STARTTLS", "STARTTLS", "502 5.5.1", "220 2.0.0" },
	{ "VRFY a", "VRFY", "252 2.0.0", "252 2.0.0" },
};

START_TEST(a_command_may_be_used_if_it_is_offered)
{
	size_t i;

	for (i = 0; i < ROWS(command_rows); i++) {
		start("", "reject");
		client_expect(&client, command_rows[i].line,
		    command_rows[i].off);
		client_end(&client);
		start(command_rows[i].extension, "reject");
		client_expect(&client, command_rows[i].line,
		    command_rows[i].on);
		client_end(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		ehlo_offers_the_extensions_that_are_on_and_no_others,
		helo_offers_nothing,
		a_parameter_may_be_used_if_it_is_offered,
		an_unknown_parameter_is_refused_or_ignored,
		requiretls_is_for_tls,
		each_parameter_belongs_to_the_extension_that_offers_it,
		a_parameter_that_is_not_offered_has_no_effect,
		utf8_addresses_need_smtputf8,
		a_command_may_be_used_if_it_is_offered,
	};

	return suite_run("offer", tests, ROWS(tests));
}
