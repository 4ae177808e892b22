/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests several parameters in one command: in any order, given twice, unknown,
 * or of the other verb. */
#include <stdio.h>
#include <string.h>

#include "command/parameter.h"
#include "support/fields.h"
#include "support/relay.h"
#include "support/rows.h"

#define ARGUMENT MAILIN_REPLY_BAD_ARGUMENT
#define UNKNOWN  MAILIN_REPLY_BAD_PARAMETER

#define MAIL "MAIL FROM:<a@b>"
#define RCPT "RCPT TO:<a@b>"

/* clang-format off */
static const struct {
	const char *start;
	char text[32];
} samples[MAILIN_PARAMETER_COUNT] = {
	[MAILIN_PARAMETER_SIZE]        = { MAIL, "SIZE=1" },
	[MAILIN_PARAMETER_BODY]        = { MAIL, "BODY=8BITMIME" },
	[MAILIN_PARAMETER_SMTPUTF8]    = { MAIL, "SMTPUTF8" },
	[MAILIN_PARAMETER_RET]         = { MAIL, "RET=FULL" },
	[MAILIN_PARAMETER_ENVID]       = { MAIL, "ENVID=x" },
	[MAILIN_PARAMETER_AUTH]        = { MAIL, "AUTH=<>" },
	[MAILIN_PARAMETER_BY]          = { MAIL, "BY=1;R" },
	[MAILIN_PARAMETER_HOLDFOR]     = { MAIL, "HOLDFOR=1" },
	[MAILIN_PARAMETER_HOLDUNTIL]   = { MAIL,
	    "HOLDUNTIL=2030-01-01T00:00:00Z" },
	[MAILIN_PARAMETER_MT_PRIORITY] = { MAIL, "MT-PRIORITY=3" },
	[MAILIN_PARAMETER_MTRK]        = { MAIL, "MTRK=AAAA" },
	[MAILIN_PARAMETER_REQUIRETLS]  = { MAIL, "REQUIRETLS" },
	[MAILIN_PARAMETER_SOLICIT]     = { MAIL, "SOLICIT=a" },
	[MAILIN_PARAMETER_NOTIFY]      = { RCPT, "NOTIFY=NEVER" },
	[MAILIN_PARAMETER_ORCPT]       = { RCPT, "ORCPT=rfc822;x" },
	[MAILIN_PARAMETER_RRVS]        = { RCPT, "RRVS=2014-04-03T23:01:00Z" },
};
/* clang-format on */

/* Returns a line of the verb and the parameters, valid until the next call. */
static struct mailin_span
line_of(const char *verb, const char *first, const char *second)
{
	static char text[256];
	int len = snprintf(text, sizeof text, "%s %s %s\r\n", verb, first,
	    second);

	return suite_edge((struct mailin_span){ text, (size_t)len });
}

static void
check(struct mailin_span line, enum mailin_reply reply, size_t at)
{
	enum mailin_syntax syntax;

	for (syntax = STRICT; syntax <= RELAXED; syntax++) {
		struct mailin_command command;

		ck_assert_uint_eq(mailin_command_parse_as(&command, syntax,
				      line.ptr, line.len),
		    line.len);
		ck_assert_msg(command.error == reply && command.error_at == at,
		    "%s: %d at %zu", suite_quote(line),
		    mailin_reply_code(command.error), command.error_at);
	}
}

START_TEST(each_parameter_has_a_row_of_its_own)
{
	enum mailin_parameter p;

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++) {
		const struct mailin_parameter_row *row =
		    &mailin_parameter_rows[p];
		size_t len = strlen(row->name);

		ck_assert_msg(samples[p].start != NULL, "no sample of %s",
		    row->name);
		ck_assert_int_eq(row->verb,
		    strcmp(samples[p].start, MAIL) == 0 ? MAILIN_VERB_MAIL :
							  MAILIN_VERB_RCPT);
		ck_assert(strncmp(samples[p].text, row->name, len) == 0);
		ck_assert_int_eq(samples[p].text[len] == '=', row->has_value);
		ck_assert_int_eq(
		    mailin_parameter_find(row->verb, mailin_span_of(row->name)),
		    p);
	}
}
END_TEST

/* A program that relays hands each parameter on as it came. */
START_TEST(each_parameter_is_written_by_a_client)
{
	enum mailin_parameter p;

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++) {
		bool mail = mailin_parameter_rows[p].verb == MAILIN_VERB_MAIL;
		const char *text = samples[p].text, *line;
		enum mailin_error error;
		struct relay relay;
		char given[64];

		(void)snprintf(given, sizeof given, "<a@b> %s", text);
		relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
		error = relay_mail(&relay, mail ? given : "<a@b>");
		if (!mail) {
			relay_text(&relay, "250 OK\r\n");
			error = relay_rcpt(&relay, given);
		}
		ck_assert_msg(error == MAILIN_OK, "%s: %s", text,
		    mailin_error_name(error));
		line = strchr(relay_line(&relay), ' ');
		ck_assert_msg(strcmp(strchr(line + 1, ' ') + 1, text) == 0,
		    "%s is written as: %s", text, line);
		relay_end(&relay);
	}
}
END_TEST

/* A parameter that is given twice is refused at the second one (threat V37). */
START_TEST(parameters_given_twice_are_refused_at_the_second)
{
	enum mailin_parameter p;

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++)
		check(
		    line_of(samples[p].start, samples[p].text, samples[p].text),
		    ARGUMENT,
		    strlen(samples[p].start) + strlen(samples[p].text) + 2);
}
END_TEST

/* If a parameter is given twice, the octets after the second keyword do not
 * change the error. */
START_TEST(parameters_given_twice_are_refused_whatever_the_second_value_is)
{
	enum mailin_parameter p;
	char second[600];

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++) {
		size_t at = strlen(samples[p].start) + strlen(samples[p].text) +
		    2;

		snprintf(second, sizeof second, "%.31s=\"=", samples[p].text);
		check(line_of(samples[p].start, samples[p].text, second),
		    ARGUMENT, at);
		snprintf(second, sizeof second, "%s", mailin_parameter_name(p));
		check(line_of(samples[p].start, samples[p].text, second),
		    ARGUMENT, at);
	}
}
END_TEST

/* RFC 4865 3: only one hold-param, of either kind, is allowed. */
START_TEST(parameters_that_hold_a_message_exclude_each_other)
{
	const char *hold_for = samples[MAILIN_PARAMETER_HOLDFOR].text;
	const char *hold_until = samples[MAILIN_PARAMETER_HOLDUNTIL].text;

	check(line_of("MAIL FROM:<>", hold_for, hold_until), ARGUMENT,
	    strlen("MAIL FROM:<>") + strlen(hold_for) + 2);
	check(line_of("MAIL FROM:<>", hold_until, hold_for), ARGUMENT,
	    strlen("MAIL FROM:<>") + strlen(hold_until) + 2);
}
END_TEST

/* Two parameters give the same fields in both orders (property 37). */
START_TEST(parameters_may_come_in_any_order)
{
	enum mailin_parameter p, q;

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++)
		for (q = PARAMETER_FIRST; q < p; q++) {
			struct mailin_command one, other;
			char fields[2][512];
			struct mailin_span line;

			if (strcmp(samples[p].start, samples[q].start) != 0 ||
			    (p == MAILIN_PARAMETER_HOLDUNTIL &&
				q == MAILIN_PARAMETER_HOLDFOR))
				continue;
			line = line_of(samples[p].start, samples[p].text,
			    samples[q].text);
			mailin_command_parse(&one, line.ptr, line.len);
			fields_show(&one, fields[0], sizeof fields[0]);
			line = line_of(samples[p].start, samples[q].text,
			    samples[p].text);
			mailin_command_parse(&other, line.ptr, line.len);
			fields_show(&other, fields[1], sizeof fields[1]);
			ck_assert_int_eq(one.error, MAILIN_REPLY_OK);
			ck_assert_int_eq(other.error, MAILIN_REPLY_OK);
			ck_assert_str_eq(fields[0], fields[1]);
			ck_assert_uint_eq(one.mail.parameters,
			    MAILIN_PARAMETER_BIT(p) | MAILIN_PARAMETER_BIT(q));
		}
}
END_TEST

/* A parameter of the other verb is unknown. */
START_TEST(parameters_of_the_other_verb_are_unknown)
{
	enum mailin_parameter p;

	for (p = PARAMETER_FIRST; p < MAILIN_PARAMETER_COUNT; p++) {
		const char *other = strcmp(samples[p].start, MAIL) == 0 ? RCPT :
									  MAIL;

		check(line_of(other, samples[p].text, "X"), UNKNOWN,
		    strlen(other) + 1);
	}
}
END_TEST

/* clang-format off */
static const struct refused_command unknown[] = {
	{ TEXT("MAIL FROM:<> X"),
	       "             ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> SIZE=1 X-Y=z SIZED=2"),
	       "                    ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> 9a=!~"),
	       "             ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> X=\xe2\x82\xac"),
	       "             ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> SIZ"),
	       "             ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> SIZES=1"),
	       "             ^", UNKNOWN },
	{ TEXT("MAIL FROM:<> BODY-=7BIT"),
	       "             ^", UNKNOWN },
	{ TEXT("RCPT TO:<a@b> XRCPTFORWARD=a"),
	       "              ^", UNKNOWN },
	{ TEXT("RCPT TO:<a@b> NOTIFYX=NEVER"),
	       "              ^", UNKNOWN },
};
/* clang-format on */

/* These commands have an unknown parameter and another error: a malformed
 * parameter, or a missing SMTPUTF8.  The other error decides the reply. */
/* clang-format off */
static const struct refused_command worse[] = {
	{ TEXT("MAIL FROM:<> X SIZE=x"),
	       "                    ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X SIZE=1 SIZE=1"),
	       "                      ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> X=a=b"),
	       "                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<\xc3\xa9@b> X"),
	       "           ^", MAILIN_REPLY_NEEDS_SMTPUTF8 },
};
/* clang-format on */

START_TEST(parameters_that_are_unknown_are_reported_at_the_first)
{
	rows_refuse_commands(STRICT, unknown, ROWS(unknown));
	rows_refuse_commands(RELAXED, unknown, ROWS(unknown));
	rows_refuse_commands(STRICT, worse, ROWS(worse));
	rows_refuse_commands(RELAXED, worse, ROWS(worse));
}
END_TEST

START_TEST(parameters_beside_an_unknown_one_are_good)
{
	struct mailin_span line = line_of("MAIL FROM:<a@b>", "X-Y=z SIZE=7",
	    "Q RET=HDRS");
	struct mailin_command command;
	char fields[256];

	mailin_command_parse(&command, line.ptr, line.len);
	ck_assert_int_eq(command.error, UNKNOWN);
	ck_assert_str_eq(fields_show(&command, fields, sizeof fields),
	    "MAIL local=a domain=b SIZE=7 RET=2 unknown=yes");
	ck_assert_ptr_null(fields_fault(&command, line));
}
END_TEST

START_TEST(parameters_can_be_walked_one_by_one)
{
	static const char *const expected[][2] = { { "X-Y", "z" },
		{ "SIZE", "7" }, { "q", NULL }, { "RET", "HDRS" } };
	struct mailin_span line = line_of("MAIL FROM:<a@b>", "X-Y=z SIZE=7",
	    "q RET=HDRS \t");
	struct mailin_command command;
	struct mailin_span text, keyword, value;
	size_t i = 0;

	mailin_command_parse(&command, line.ptr, line.len);
	text = command.mail.parameter_text;
	ck_assert(mailin_span_equal(text, "X-Y=z SIZE=7 q RET=HDRS"));
	while (mailin_parameter_next(&text, &keyword, &value)) {
		ck_assert(mailin_span_equal(keyword, expected[i][0]));
		if (expected[i][1] == NULL)
			ck_assert_ptr_null(value.ptr);
		else
			ck_assert(mailin_span_equal(value, expected[i][1]));
		i++;
	}
	ck_assert_uint_eq(i, ROWS(expected));
	text = (struct mailin_span){ NULL, 0 };
	ck_assert(!mailin_parameter_next(&text, &keyword, &value));
}
END_TEST

/* RFC 3865 2.2: "length of this string is limited to <= 1000 characters" */
START_TEST(parameter_solicit_holds_a_thousand_characters)
{
	char text[1100] = "MAIL FROM:<> SOLICIT=";
	size_t begin = strlen(text);

	memset(text + begin, 'a', 1000);
	check(suite_line((struct mailin_span){ text, begin + 1000 }),
	    MAILIN_REPLY_OK, 0);
	text[begin + 1000] = 'a';
	check(suite_line((struct mailin_span){ text, begin + 1001 }), ARGUMENT,
	    begin + 1000);
}
END_TEST

/* Parse AUTH=a@aaa..., an address in xtext.  Its domain has this many octets
 * after decoding. */
static void
check_auth(enum mailin_syntax syntax, size_t domain, enum mailin_reply reply,
    size_t at)
{
	char line[2048];
	size_t len = (size_t)sprintf(line, "MAIL FROM:<> AUTH=a@");
	struct mailin_command command;

	while (domain-- > 0)
		len += (size_t)sprintf(line + len, "+61");
	len += (size_t)sprintf(line + len, "\r\n");
	ck_assert_uint_eq(mailin_command_parse_as(&command, syntax, line, len),
	    len);
	ck_assert_int_eq(command.error, reply);
	ck_assert_uint_eq(command.error_at, at == 0 ? 0 : 20 + 3 * at);
}

/* The value of AUTH= is a mailbox.  The limits of a mailbox apply to the
 * decoded value. */
START_TEST(parameter_auth_is_a_mailbox_of_lawful_length)
{
	check_auth(STRICT, 252, MAILIN_REPLY_OK, 0);
	check_auth(STRICT, 253, ARGUMENT, 252);
	check_auth(STRICT, 600, ARGUMENT, 252);
	check_auth(RELAXED, 255, MAILIN_REPLY_OK, 0);
	check_auth(RELAXED, 256, ARGUMENT, 255);
	check_auth(RELAXED, 600, ARGUMENT, 255);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_parameter_has_a_row_of_its_own,
		each_parameter_is_written_by_a_client,
		parameters_given_twice_are_refused_at_the_second,
		parameters_given_twice_are_refused_whatever_the_second_value_is,
		parameters_that_hold_a_message_exclude_each_other,
		parameters_may_come_in_any_order,
		parameters_of_the_other_verb_are_unknown,
		parameters_that_are_unknown_are_reported_at_the_first,
		parameters_beside_an_unknown_one_are_good,
		parameters_can_be_walked_one_by_one,
		parameter_solicit_holds_a_thousand_characters,
		parameter_auth_is_a_mailbox_of_lawful_length,
	};

	return suite_run("parameter_set", tests, ROWS(tests));
}
