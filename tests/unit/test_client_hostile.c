/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests MAIL and RCPT of a client with hostile values that no parser has
 * checked: no value can become a parameter or a command. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

static const struct mailin_client_options relaxed = {
	.size = sizeof relaxed,
	.name = "a.example",
	.syntax = RELAXED,
};

/* The places of an envelope in which the test puts a value. */
enum place {
	LOCAL,
	DOMAIN,
	ENVID,
	AUTH,
	MTRK,
	SOLICIT,
	MAIL_PLACES,

	RCPT_LOCAL = MAIL_PLACES,
	RCPT_DOMAIN,
	ORCPT_TYPE,
	ORCPT,
	PLACES
};

/* The parameter to which each place belongs; UNKNOWN if the place is in the
 * path. */
static const unsigned parameter_of[PLACES] = {
	[LOCAL] = MAILIN_PARAMETER_UNKNOWN,
	[DOMAIN] = MAILIN_PARAMETER_UNKNOWN,
	[ENVID] = MAILIN_PARAMETER_ENVID,
	[AUTH] = MAILIN_PARAMETER_AUTH,
	[MTRK] = MAILIN_PARAMETER_MTRK,
	[SOLICIT] = MAILIN_PARAMETER_SOLICIT,
	[RCPT_LOCAL] = MAILIN_PARAMETER_UNKNOWN,
	[RCPT_DOMAIN] = MAILIN_PARAMETER_UNKNOWN,
	[ORCPT_TYPE] = MAILIN_PARAMETER_ORCPT,
	[ORCPT] = MAILIN_PARAMETER_ORCPT,
};

static enum mailin_error
put(struct relay *relay, unsigned place, struct mailin_span value,
    uint32_t more)
{
	struct mailin_mail mail = { .path = { .kind = MAILIN_PATH_MAILBOX,
					.local = TEXT("a"),
					.domain = TEXT("b") } };
	struct mailin_rcpt rcpt = { .path = mail.path,
		.orcpt_type = TEXT("rfc822"),
		.orcpt = TEXT("x"),
		.notify = MAILIN_NOTIFY_NEVER };
	struct mailin_span *const places[PLACES] = { &mail.path.local,
		&mail.path.domain, &mail.envid, &mail.auth, &mail.mtrk,
		&mail.solicit, &rcpt.path.local, &rcpt.path.domain,
		&rcpt.orcpt_type, &rcpt.orcpt };

	*places[place] = value;
	mail.ret = MAILIN_RET_FULL;
	mail.parameters = rcpt.parameters = MAILIN_PARAMETER_BIT(
						parameter_of[place]) |
	    more;
	return place < MAIL_PLACES ? mailin_client_mail(relay->client, &mail) :
				     mailin_client_rcpt(relay->client, &rcpt);
}

static const struct mailin_span hostile[] = {
	TEXT("a\r\nQUIT"),
	TEXT("a\r\nRCPT TO:<x@y>"),
	TEXT("a\nb"),
	TEXT("a\rb"),
	TEXT("a\0b"),
	TEXT("a\r\n"),
	TEXT("\r\n"),
	TEXT("a\n"),
	TEXT("a b"),
	TEXT(" "),
	TEXT("a "),
	TEXT("a SIZE=1"),
	TEXT("a RET=FULL"),
	TEXT("a NOTIFY=NEVER"),
	TEXT("a@b> SIZE=1"),
	TEXT("a@b> RET=FULL ENVID=x"),
	TEXT("a@b> NOTIFY=NEVER ORCPT=rfc822;x"),
	TEXT("a@b> AUTH=c"),
	TEXT("a@b>"),
	TEXT("b> SMTPUTF8"),
	TEXT("b> AUTH=<>"),
	TEXT("b> ORCPT=rfc822;x"),
	TEXT("b>\r\nRCPT TO:<x@y>\r\nDATA\r\n"),
	TEXT("a\tb"),
	TEXT("<a@b>"),
	TEXT("@c:a"),
	TEXT("@c,@d:a"),
	TEXT("a=b"),
	TEXT("a\x7f"),
	TEXT("\xff"),
	TEXT("+0D+0Ax"),
	TEXT("a+"),
};

static void
begin(struct relay *relay, const struct mailin_client_options *options,
    unsigned place)
{
	relay_greet(relay, options, 1000, RELAY_ENVELOPE);
	if (place < MAIL_PLACES)
		return;
	ck_assert_int_eq(relay_mail(relay, "<a@b>"), MAILIN_OK);
	relay_text(relay, "250 OK\r\n");
}

/* Fails unless the line is exactly one command, which has no source route, and
 * only the parameter of the place and the parameters in "more". */
static void
check_one_command(unsigned place, const char *line, uint32_t more)
{
	struct mailin_command command;
	struct mailin_span octets = suite_line(mailin_span_of(line));
	uint32_t others;

	ck_assert_uint_eq(
	    mailin_command_parse_as(&command, RELAXED, octets.ptr, octets.len),
	    octets.len);
	ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
	ck_assert_uint_eq(place < MAIL_PLACES ? command.mail.path.route.len :
						command.rcpt.path.route.len,
	    0);
	others = (place < MAIL_PLACES ? command.mail.parameters :
					command.rcpt.parameters) &
	    ~more;
	ck_assert_msg(others == 0 ||
		others == MAILIN_PARAMETER_BIT(parameter_of[place]),
	    "place %u: %s", place, line);
}

/* Put a value in a place.  The client must refuse it, or send a line to which
 * the value adds no parameter. */
static void
try_value(unsigned place, struct mailin_span value,
    const struct mailin_client_options *options)
{
	uint32_t more = place < MAIL_PLACES ?
	    MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_RET) :
	    MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_NOTIFY);
	struct relay relay;
	unsigned with;

	for (with = 0; with <= 1; with++) {
		enum mailin_error error;

		begin(&relay, options, place);
		error = put(&relay, place,
		    with != 0 ? suite_edge(value) : suite_after_edge(value),
		    with != 0 ? more : 0);
		if (error == MAILIN_OK)
			check_one_command(place, relay_line(&relay),
			    with != 0 ? more : 0);
		else
			ck_assert_uint_eq(
			    mailin_client_output(relay.client).len, 0);
		ck_assert_uint_eq(mailin_client_awaited(relay.client),
		    error == MAILIN_OK);
		relay_end(&relay);
	}
}

/* No value can add a parameter or a command (threat V64). */
START_TEST(no_value_becomes_a_parameter_or_a_command)
{
	size_t i, step = suite_stride(3);
	unsigned place;

	for (place = 0; place < PLACES; place++)
		for (i = place % step; i < ROWS(hostile); i += step) {
			try_value(place, hostile[i], NULL);
			try_value(place, hostile[i], &relaxed);
		}
}
END_TEST

/* Try random values, which are made of octets and words that have a meaning in
 * a command line. */
START_TEST(no_random_value_becomes_a_parameter_or_a_command)
{
	static const char *const words[] = { "\r", "\n", "\r\n", " ", ">", "<",
		"@", "=", "a", "SIZE=1", "RET=FULL", "\"", "\\", ":", ";", "+",
		"3E", "NOTIFY=NEVER", "x@y", "\xc3\xbc", "[1.2.3.4]", ",",
		"@x:" };
	char value[128];
	int round;

	for (round = 0; round < (suite_quick() ? 100 : 10000); round++) {
		size_t len = 0;

		while (len < 100 && suite_random(8) != 0) {
			const char *word = words[suite_random(ROWS(words))];

			memcpy(value + len, word, strlen(word));
			len += strlen(word);
		}
		try_value(suite_random(PLACES),
		    (struct mailin_span){ value, len },
		    suite_random(2) == 0 ? NULL : &relaxed);
	}
}
END_TEST

static const struct mailin_path mailbox = { .kind = MAILIN_PATH_MAILBOX,
	.local = TEXT("a"),
	.domain = TEXT("b") };

START_TEST(numbers_and_enums_of_mail_are_checked)
{
	struct mailin_mail good = { .path = mailbox };
	struct mailin_mail mails[13];
	static const unsigned parameters[ROWS(mails)] = { MAILIN_PARAMETER_BODY,
		MAILIN_PARAMETER_RET, MAILIN_PARAMETER_RET, MAILIN_PARAMETER_BY,
		MAILIN_PARAMETER_BY, MAILIN_PARAMETER_HOLDFOR,
		MAILIN_PARAMETER_HOLDUNTIL, MAILIN_PARAMETER_HOLDUNTIL,
		MAILIN_PARAMETER_MT_PRIORITY, MAILIN_PARAMETER_NOTIFY,
		MAILIN_PARAMETER_BY, MAILIN_PARAMETER_HOLDUNTIL,
		MAILIN_PARAMETER_HOLDUNTIL };
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(mails); i++) {
		mails[i] = good;
		mails[i].parameters = MAILIN_PARAMETER_BIT(parameters[i]);
	}
	mails[0].body = (enum mailin_body_type)3;
	mails[1].ret = MAILIN_RET_UNSET;
	mails[2].ret = (enum mailin_ret)3;
	mails[3].by_time = INT32_MIN;
	mails[4].by_time = 0;
	mails[4].by_mode = MAILIN_BY_RETURN;
	mails[5].hold_for = 0;
	mails[6].hold_until = INT64_MIN;
	mails[7].hold_until = INT64_MAX;
	mails[8].mt_priority = 10;
	mails[10].by_mode = (enum mailin_by_mode)2;
	/* The last second before year 0, the first after year 9999. */
	mails[11].hold_until = -INT64_C(62167219201);
	mails[12].hold_until = INT64_C(253402300800);
	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	for (i = 0; i < ROWS(mails); i++)
		ck_assert_msg(mailin_client_mail(relay.client, &mails[i]) ==
			MAILIN_ERROR_SYNTAX,
		    "row %zu", i);
	ck_assert_int_eq(mailin_client_mail(relay.client, &good), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

START_TEST(numbers_and_enums_of_rcpt_are_checked)
{
	struct mailin_mail mail = { .path = mailbox };
	struct mailin_rcpt rcpt = { .path = mailbox };
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail), MAILIN_OK);
	rcpt.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_NOTIFY);
	for (rcpt.notify = 0; rcpt.notify < 64; rcpt.notify++) {
		relay_text(&relay, "");
		ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
		    rcpt.notify == 1 ||
			    (rcpt.notify > 1 && rcpt.notify < 16 &&
				rcpt.notify % 2 == 0) ?
			MAILIN_OK :
			MAILIN_ERROR_SYNTAX);
	}
	rcpt.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SIZE);
	ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
	    MAILIN_ERROR_SYNTAX);
	rcpt.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_RRVS);
	rcpt.rrvs_action = (enum mailin_rrvs_action)3;
	ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
	    MAILIN_ERROR_SYNTAX);
	relay_end(&relay);
}
END_TEST

START_TEST(paths_belong_to_their_command)
{
	struct mailin_mail mail = { .path = { .kind = MAILIN_PATH_POSTMASTER,
					.local = TEXT("Postmaster") } };
	struct mailin_rcpt rcpt = { .path = { .kind = MAILIN_PATH_NULL } };
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail),
	    MAILIN_ERROR_SYNTAX);
	mail.path = (struct mailin_path){ .kind = MAILIN_PATH_NULL };
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail), MAILIN_OK);
	ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
	    MAILIN_ERROR_SYNTAX);
	relay_end(&relay);
}
END_TEST

/* A member is ignored if the bit of its parameter is not set. */
START_TEST(members_without_a_bit_are_not_looked_at)
{
	struct mailin_mail mail = {
		.path = { .kind = MAILIN_PATH_NULL },
		.body = MAILIN_BODY_BINARYMIME,
		.by_mode = (enum mailin_by_mode)9,
		.hold_until = INT64_MAX,
	};
	struct relay relay;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, &mail), MAILIN_OK);
	ck_assert_str_eq(relay_line(&relay), "MAIL FROM:<>");
	relay_end(&relay);
}
END_TEST

/* A value that is longer than the output buffer is refused.  No octet of it is
 * written: the text of the last reply does not change. */
START_TEST(a_value_longer_than_the_output_is_refused)
{
	static char octets[5000];
	struct mailin_client_reply reply;
	struct mailin_span in = TEXT("250 still here\r\n");
	struct mailin_rcpt rcpt = {
		.path = { .kind = MAILIN_PATH_MAILBOX,
		    .local = TEXT("a"),
		    .domain = TEXT("b") },
		.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ORCPT),
		.orcpt_type = TEXT("utf-8"),
		.orcpt = { octets, 0 },
	};
	struct relay relay;

	memset(octets, 'x', sizeof octets);
	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(relay_mail(&relay, "<a@b>"), MAILIN_OK);
	relay_send(&relay);
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_REPLY);
	/* After 26 lines of 59 octets, there is just enough room for a
	 * command. */
	while (mailin_client_output(relay.client).len < 4096 - 2562)
		ck_assert_int_eq(
		    relay_rcpt(&relay,
			"<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaa@b>"),
		    MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 4096 - 2562);
	for (rcpt.orcpt.len = 1000; rcpt.orcpt.len <= sizeof octets;
	     rcpt.orcpt.len++)
		ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
		    MAILIN_ERROR_RANGE);
	ck_assert(mailin_span_equal(reply.text, "still here"));
	relay_end(&relay);
}
END_TEST

START_TEST(arguments_are_checked)
{
	struct mailin_mail mail = { .path = { .kind = MAILIN_PATH_NULL } };
	struct mailin_rcpt rcpt = { .path = { .kind = MAILIN_PATH_NULL } };
	struct mailin_span *const mails[] = { &mail.path.local,
		&mail.path.domain, &mail.envid, &mail.auth, &mail.mtrk,
		&mail.solicit };
	struct mailin_span *const others[] = { &rcpt.path.local,
		&rcpt.path.domain, &rcpt.orcpt_type, &rcpt.orcpt };
	struct relay relay;
	size_t i;

	relay_greet(&relay, NULL, 1000, RELAY_ENVELOPE);
	ck_assert_int_eq(mailin_client_mail(relay.client, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_rcpt(relay.client, NULL),
	    MAILIN_ERROR_ARGUMENT);
	for (i = 0; i < ROWS(mails); i++) {
		mails[i]->len = 1;
		ck_assert_int_eq(mailin_client_mail(relay.client, &mail),
		    MAILIN_ERROR_ARGUMENT);
		mails[i]->len = 0;
	}
	for (i = 0; i < ROWS(others); i++) {
		others[i]->len = 1;
		ck_assert_int_eq(mailin_client_rcpt(relay.client, &rcpt),
		    MAILIN_ERROR_ARGUMENT);
		others[i]->len = 0;
	}
	relay_end(&relay);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_value_becomes_a_parameter_or_a_command,
		no_random_value_becomes_a_parameter_or_a_command,
		numbers_and_enums_of_mail_are_checked,
		numbers_and_enums_of_rcpt_are_checked,
		paths_belong_to_their_command,
		members_without_a_bit_are_not_looked_at,
		a_value_longer_than_the_output_is_refused,
		arguments_are_checked,
	};

	return suite_run("client_hostile", tests, ROWS(tests));
}
