/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how a client writes MAIL and RCPT. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

static const struct mailin_client_options relaxed = {
	.size = sizeof relaxed,
	.name = "a.example",
	.syntax = RELAXED,
};

/* ---- The line that is sent ---- */

struct row {
	const char *given;
	const char *written; /* NULL: the same text as "given" */
};

static const struct row mail_rows[] = {
	{ "<>", NULL },
	{ "<a@b>", NULL },
	{ "<@c,@d:a@b>", "<a@b>" },
	{ "<\"a b\\\"\"@[192.0.2.1]>", NULL },
	{ "<a@[IPv6:2001:db8::1]>", NULL },
	{ "<a@b> SIZE=0", NULL },
	{ "<a@b> SIZE=18446744073709551615", NULL },
	{ "<a@b> SIZE=99999999999999999999",
	    "<a@b> SIZE=18446744073709551615" },
	{ "<a@b> size=0012", "<a@b> SIZE=12" },
	{ "<a@b> BODY=8bitmime", "<a@b> BODY=8BITMIME" },
	{ "<a@b> BODY=7BIT", NULL },
	{ "<\xc3\xbc@b> SMTPUTF8", NULL },
	{ "<a@b> RET=HDRS ENVID=a+20b+2B+3D", NULL },
	{ "<a@b> ENVID=a+2b RET=FULL", "<a@b> RET=FULL ENVID=a+2B" },
	{ "<a@b> ENVID=+2bx", "<a@b> ENVID=+2Bx" },
	{ "<a@b> AUTH=<>", NULL },
	{ "<a@b> ENVID=a AUTH=b@c", NULL },
	{ "<a@b> AUTH=a+2bc@d", "<a@b> AUTH=a+2Bc@d" },
	{ "<a@b> AUTH=+c3+bc@d", "<a@b> AUTH=+C3+BC@d" },
	{ "<a@b> AUTH=<a@b>", "<a@b> AUTH=a@b" },
	{ "<a@b> BY=-999999999;NT", NULL },
	{ "<a@b> BY=+60;r", "<a@b> BY=60;R" },
	{ "<a@b> BY=0;N", NULL },
	{ "<a@b> BY=-1;N", NULL },
	{ "<a@b> HOLDFOR=999999999", NULL },
	{ "<a@b> HOLDUNTIL=2026-11-23T17:25:29Z", NULL },
	{ "<a@b> HOLDUNTIL=1970-01-01T00:00:00.5-01:00",
	    "<a@b> HOLDUNTIL=1970-01-01T01:00:00Z" },
	{ "<a@b> HOLDUNTIL=1969-12-31T23:59:59Z", NULL },
	{ "<a@b> HOLDUNTIL=2026-11-23T00:00:00Z", NULL },
	{ "<a@b> HOLDUNTIL=0000-01-01T00:00:00Z", NULL },
	{ "<a@b> HOLDUNTIL=9999-12-31T23:59:59Z", NULL },
	{ "<a@b> MT-PRIORITY=-9", NULL },
	{ "<a@b> MT-PRIORITY=9", NULL },
	{ "<a@b> MT-PRIORITY=0", NULL },
	{ "<a@b> MTRK=QUJD:60", NULL },
	{ "<a@b> MTRK=QUI=", NULL },
	{ "<a@b> MTRK=QUI= SOLICIT=net.x", NULL },
	{ "<a@b> REQUIRETLS", NULL },
	{ "<a@b> SOLICIT=org.example:ADV,net.x", NULL },
};

static const struct row rcpt_rows[] = {
	{ "<Postmaster>", NULL },
	{ "<postMASTER>", NULL },
	{ "<a@b>", NULL },
	{ "<@c:a@b>", "<a@b>" },
	{ "<\xc3\xbc@b>", NULL },
	{ "<a@b> NOTIFY=NEVER", NULL },
	{ "<a@b> NOTIFY=delay,success,failure",
	    "<a@b> NOTIFY=SUCCESS,FAILURE,DELAY" },
	{ "<a@b> ORCPT=rfc822;a+2B+20b@c", NULL },
	{ "<a@b> ORCPT=rfc822;a+2bb@c", "<a@b> ORCPT=rfc822;a+2Bb@c" },
	{ "<a@b> ORCPT=utf-8;\\x{FC}@c", NULL },
	{ "<a@b> ORCPT=utf-8;\xc3\xbc@c", NULL },
	{ "<a@b> RRVS=2014-04-03T23:01:00Z", NULL },
	{ "<a@b> RRVS=2014-04-03T23:01:00Z;C", NULL },
	{ "<a@b> rrvs=2014-04-03t23:01:00z;r",
	    "<a@b> RRVS=2014-04-03T23:01:00Z;R" },
};

static void
check_mail(struct relay *relay, const struct row *row)
{
	const char *want = row->written != NULL ? row->written : row->given;
	const char *line;

	ck_assert_msg(relay_mail(relay, row->given) == MAILIN_OK, "%s",
	    row->given);
	line = relay_line(relay);
	ck_assert_msg(strncmp(line, "MAIL FROM:", 10) == 0 &&
		strcmp(line + 10, want) == 0,
	    "%s", line);
}

static void
check_rcpt(struct relay *relay, const struct row *row)
{
	const char *want = row->written != NULL ? row->written : row->given;
	const char *line;

	ck_assert_msg(relay_rcpt(relay, row->given) == MAILIN_OK, "%s",
	    row->given);
	line = relay_line(relay);
	ck_assert_msg(strncmp(line, "RCPT TO:", 8) == 0 &&
		strcmp(line + 8, want) == 0,
	    "%s", line);
}

START_TEST(parameters_are_written_from_their_types)
{
	struct relay relay;
	size_t i;

	/* The syntax is RELAXED, because STRICT refuses some of the rows. */
	relay_greet(&relay, &relaxed, 1000, RELAY_ENVELOPE);
	for (i = 0; i < ROWS(mail_rows); i++) {
		check_mail(&relay, &mail_rows[i]);
		relay_text(&relay, "550 no\r\n");
	}
	ck_assert_int_eq(relay_mail(&relay, "<a@b> SMTPUTF8"), MAILIN_OK);
	relay_text(&relay, "250 OK\r\n");
	for (i = 0; i < ROWS(rcpt_rows); i++) {
		check_rcpt(&relay, &rcpt_rows[i]);
		relay_text(&relay, "250 OK\r\n");
	}
	relay_end(&relay);
}
END_TEST

START_TEST(relaxed_paths_need_a_relaxed_client)
{
	static const struct row rows[] = { { "root", "<root>" },
		{ "a..b@c", "<a..b@c>" }, { "< a@b. >", "<a@b>" } };
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		relay_greet(&relay, &relaxed, 1000, RELAY_ENVELOPE);
		check_mail(&relay, &rows[i]);
		check_rcpt(&relay, &rows[i]);
		relay_end(&relay);
		relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
		ck_assert_int_eq(relay_mail(&relay, rows[i].given),
		    i < 2 ? MAILIN_ERROR_SYNTAX : MAILIN_OK);
		relay_end(&relay);
	}
}
END_TEST

/* ---- Parameters that the server does not offer ---- */

static const struct {
	const char *given;
	const char *keyword; /* the keyword of EHLO that offers the parameter */
	/* Without the offer, the parameter is left out (true), or the call
	 * returns an error (false). */
	bool is_left_out;
} unoffered[] = {
	{ "SIZE=1", "SIZE", true },
	{ "BODY=7BIT", "8BITMIME", true },
	{ "BODY=8BITMIME", "8BITMIME", false },
	{ "SMTPUTF8", "SMTPUTF8", false },
	{ "RET=FULL", "DSN", true },
	{ "ENVID=a", "DSN", true },
	{ "AUTH=<>", "AUTH=PLAIN", true },
	{ "BY=60;N", "DELIVERBY", false },
	{ "BY=60;R", "DELIVERBY", false },
	{ "HOLDFOR=1", "FUTURERELEASE", false },
	{ "HOLDUNTIL=2026-11-23T17:25:29Z", "FUTURERELEASE", false },
	{ "MT-PRIORITY=1", "MT-PRIORITY", true },
	{ "MTRK=QUJD", "MTRK", true },
	{ "REQUIRETLS", "REQUIRETLS", false },
	{ "SOLICIT=a", "NO-SOLICITING", true },
	{ "NOTIFY=NEVER", "DSN", true },
	{ "ORCPT=rfc822;a", "DSN", true },
	{ "RRVS=2014-04-03T23:01:00Z;C", "RRVS", true },
	{ "RRVS=2014-04-03T23:01:00Z;R", "RRVS", false },
	{ "RRVS=2014-04-03T23:01:00Z", "RRVS", false },
};

static bool
is_of_rcpt(const char *parameter)
{
	return strncmp(parameter, "NOTIFY", 6) == 0 ||
	    strncmp(parameter, "ORCPT", 5) == 0 ||
	    strncmp(parameter, "RRVS", 4) == 0;
}

/* Queue MAIL with these parameters, or MAIL and an RCPT with them. */
static enum mailin_error
give(struct relay *relay, const char *parameters)
{
	char line[3000];

	(void)snprintf(line, sizeof line, "<a@b> %s", parameters);
	if (!is_of_rcpt(parameters))
		return relay_mail(relay, line);
	ck_assert_int_eq(relay_mail(relay, "<a@b>"), MAILIN_OK);
	relay_text(relay, "250 OK\r\n");
	return relay_rcpt(relay, line);
}

START_TEST(a_parameter_that_is_not_offered_is_left_out_or_an_error)
{
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(unoffered); i++) {
		enum mailin_error error;

		relay_greet(&relay, NULL, 1000, "");
		error = give(&relay, unoffered[i].given);
		ck_assert_msg(error ==
			(unoffered[i].is_left_out ? MAILIN_OK :
						    MAILIN_ERROR_UNOFFERED),
		    "%s: %s", unoffered[i].given, mailin_error_name(error));
		if (error == MAILIN_OK)
			ck_assert_str_eq(strchr(relay_line(&relay), '<'),
			    "<a@b>");
		else
			ck_assert_uint_eq(
			    mailin_client_output(relay.client).len, 0);
		relay_end(&relay);
		relay_greet(&relay, NULL, 1000, unoffered[i].keyword);
		ck_assert_int_eq(give(&relay, unoffered[i].given), MAILIN_OK);
		ck_assert_str_eq(strchr(relay_line(&relay), '<') + 6,
		    unoffered[i].given);
		relay_end(&relay);
	}
}
END_TEST

/* RFC 3030 3: BODY=BINARYMIME is refused, because it needs BDAT, and the client
 * sends DATA. */
START_TEST(binarymime_is_always_an_error)
{
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(relay_mail(&relay, "<a@b> BODY=BINARYMIME"),
	    MAILIN_ERROR_UNOFFERED);
	relay_end(&relay);
}
END_TEST

START_TEST(unknown_parameters_are_left_out)
{
	struct mailin_mail mail = {
		.path = { .kind = MAILIN_PATH_NULL },
		.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_UNKNOWN) |
		    UINT32_MAX << MAILIN_PARAMETER_COUNT,
	};
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail), MAILIN_OK);
	ck_assert_str_eq(relay_line(&relay), "MAIL FROM:<>");
	relay_end(&relay);
}
END_TEST

/* RFC 6531 3.4: a recipient may have UTF-8 only if MAIL had SMTPUTF8. */
START_TEST(utf8_in_a_recipient_needs_smtputf8_in_mail)
{
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(relay_mail(&relay, "<a@b>"), MAILIN_OK);
	ck_assert_int_eq(relay_rcpt(&relay, "<\xc3\xbc@b>"),
	    MAILIN_ERROR_UNOFFERED);
	ck_assert_int_eq(relay_rcpt(&relay, "<a@b> ORCPT=utf-8;\xc3\xbc@b"),
	    MAILIN_ERROR_UNOFFERED);
	ck_assert_int_eq(relay_rcpt(&relay, "<a@b> ORCPT=utf-8;\\x{FC}@b"),
	    MAILIN_OK);
	relay_end(&relay);
}
END_TEST

/* ---- The length of a line ---- */

/* Queue MAIL with an ENVID of len octets, and perhaps with SIZE. */
static enum mailin_error
mail_with_envid(struct relay *relay, size_t len, bool size)
{
	static char envid[3000];
	struct mailin_mail mail = { .path = { .kind = MAILIN_PATH_NULL },
		.envid = { envid, len },
		.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ENVID) };

	memset(envid, 'x', sizeof envid);
	if (size)
		mail.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SIZE);
	return mailin_client_mail(relay->client, &mail);
}

/* RFC 5321 4.5.3.1.4: a line has at most 512 octets.  Parameters raise this
 * limit: ENVID by 107 (RFC 3461 4.4), SIZE by 26 (RFC 1870 3). */
START_TEST(a_line_is_as_long_as_its_rfcs_allow)
{
	static const size_t fixed = sizeof "MAIL FROM:<> ENVID=\r\n" - 1;
	static const size_t with_size =
	    sizeof "MAIL FROM:<> SIZE=0 ENVID=\r\n" - 1;
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mail_with_envid(&relay, 512 + 107 - fixed + 1, false),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(mail_with_envid(&relay, 512 + 107 - fixed, false),
	    MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 512 + 107);
	relay_text(&relay, "550 no\r\n");
	ck_assert_int_eq(
	    mail_with_envid(&relay, 512 + 107 + 26 - with_size + 1, true),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(
	    mail_with_envid(&relay, 512 + 107 + 26 - with_size, true),
	    MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len,
	    512 + 107 + 26);
	relay_text(&relay, "550 no\r\n");
	ck_assert_int_eq(mail_with_envid(&relay, 2999, true),
	    MAILIN_ERROR_RANGE);
	relay_end(&relay);
}
END_TEST

/* A line of MAIL with all parameters, each as long as it may be, is sent. */
START_TEST(the_longest_line_fits)
{
	static char solicit[1007 - 9], auth[500 - 6];
	struct mailin_mail mail = {
		.path = { .kind = MAILIN_PATH_MAILBOX,
		    .local = TEXT("a"),
		    .domain = TEXT("b") },
		.parameters = (MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_NOTIFY) -
				  1) &
		    ~MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_HOLDFOR),
		.size = UINT64_MAX,
		.body = MAILIN_BODY_8BITMIME,
		.ret = MAILIN_RET_FULL,
		.envid = TEXT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
		.auth = { auth, 3 },
		.by_time = -999999999,
		.by_trace = true,
		.mt_priority = -9,
		.mtrk = TEXT("QUJDREVGR0hJSktMTU5PUFFSU1Q="),
		.mtrk_timeout = 9999,
		.solicit = { solicit, sizeof solicit },
	};
	struct relay relay;

	memset(solicit, 'x', sizeof solicit);
	memcpy(auth, "a@b", 3);
	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail), MAILIN_OK);
	ck_assert_uint_gt(mailin_client_output(relay.client).len, 1200);
	relay_end(&relay);
}
END_TEST

/* Each parameter raises the limit of its line, which ENVID or ORCPT fills. */
START_TEST(each_parameter_makes_the_line_longer)
{
	static const struct {
		const char *parameter;
		size_t adds;
	} rows[] = { { "SIZE=1", 26 }, { "BODY=8BITMIME", 17 },
		{ "SMTPUTF8", 10 }, { "RET=HDRS", 9 }, { "AUTH=<>", 500 },
		{ "BY=60;N", 17 }, { "HOLDFOR=1", 34 },
		{ "HOLDUNTIL=2026-11-23T17:25:29Z", 34 },
		{ "MT-PRIORITY=1", 15 }, { "MTRK=QUJD", 40 },
		{ "REQUIRETLS", 11 }, { "SOLICIT=a", 1007 },
		{ "NOTIFY=NEVER", 29 }, { "RRVS=2014-04-03T23:01:00Z", 33 } };
	char line[3000];
	size_t i, more;

	for (i = 0; i < ROWS(rows); i++)
		for (more = 0; more <= 1; more++) {
			bool is_rcpt = is_of_rcpt(rows[i].parameter);
			size_t end = 512 + rows[i].adds + more +
			    (is_rcpt ? 500 - strlen("RCPT TO:<a@b> \r\n") :
				       107 - strlen("MAIL FROM:<a@b> \r\n"));
			size_t len = (size_t)snprintf(line, sizeof line,
			    "%s %s", rows[i].parameter,
			    is_rcpt ? "ORCPT=rfc822;" : "ENVID=");
			struct relay relay;

			memset(line + len, 'x', end - len);
			line[end] = '\0';
			relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
			ck_assert_msg(give(&relay, line) ==
				(more == 0 ? MAILIN_OK : MAILIN_ERROR_RANGE),
			    "%s, %zu", rows[i].parameter, more);
			relay_end(&relay);
		}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		parameters_are_written_from_their_types,
		relaxed_paths_need_a_relaxed_client,
		a_parameter_that_is_not_offered_is_left_out_or_an_error,
		binarymime_is_always_an_error,
		unknown_parameters_are_left_out,
		utf8_in_a_recipient_needs_smtputf8_in_mail,
		a_line_is_as_long_as_its_rfcs_allow,
		each_parameter_makes_the_line_longer,
		the_longest_line_fits,
	};

	return suite_run("client_envelope", tests, ROWS(tests));
}
