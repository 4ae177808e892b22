/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests XFORWARD and XCLIENT of a client. */
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

#define ATTRIBUTES "NAME=ADDR=PORT=PROTO=HELO=IDENT=SOURCE"

START_TEST(attributes_are_sent_if_the_server_offers_them)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = {
		[MAILIN_ATTRIBUTE_NAME] = TEXT("mx.example"),
		[MAILIN_ATTRIBUTE_ADDR] = TEXT("192.0.2.1"),
		[MAILIN_ATTRIBUTE_PORT] = TEXT("25"),
		[MAILIN_ATTRIBUTE_HELO] = TEXT("a b+c=d"),
		[MAILIN_ATTRIBUTE_LOGIN] = TEXT("alice"),
	};
	struct relay relay;

	relay_greet(&relay, NULL, 1000,
	    "XFORWARD=helo=ADDR=NAME=X XCLIENT=LOGIN=ADDR");
	ck_assert(mailin_client_offers_attribute(relay.client,
	    MAILIN_VERB_XFORWARD, MAILIN_ATTRIBUTE_HELO));
	ck_assert(!mailin_client_offers_attribute(relay.client,
	    MAILIN_VERB_XCLIENT, MAILIN_ATTRIBUTE_HELO));
	ck_assert(mailin_client_offers_attribute(relay.client,
	    MAILIN_VERB_XCLIENT, MAILIN_ATTRIBUTE_LOGIN));
	ck_assert(!mailin_client_offers_attribute(relay.client,
	    MAILIN_VERB_XCLIENT, MAILIN_ATTRIBUTE_COUNT));
	relay_call(&relay, mailin_client_xforward(relay.client, values));
	relay_text(&relay, "250 OK\r\n");
	values[MAILIN_ATTRIBUTE_ADDR] = SPAN("2001:db8::1");
	relay_call(&relay, mailin_client_xforward(relay.client, values));
	relay_text(&relay, "501 no\r\n");
	relay_call(&relay, mailin_client_xclient(relay.client, values));
	relay_text(&relay, "220 OK\r\n");
	relay_call(&relay, relay_mail(&relay, "<a@b>"));
	relay_call(&relay, mailin_client_hello(relay.client));
	relay_text(&relay, "250 OK\r\n");
	relay_call(&relay, mailin_client_xforward(relay.client, values));
	relay_call(&relay, mailin_client_xclient(relay.client, values));
	relay_expect(&relay,
	    "> XFORWARD NAME=mx.example ADDR=192.0.2.1 HELO=a+20b+2Bc+3Dd\n"
	    "XFORWARD 250 [OK]\n"
	    "> XFORWARD NAME=mx.example ADDR=IPV6:2001:db8::1 "
	    "HELO=a+20b+2Bc+3Dd\nXFORWARD 501 [no]\n"
	    "> XCLIENT ADDR=IPV6:2001:db8::1 LOGIN=alice\n"
	    "XCLIENT 220 [OK]\nerror STATE\n"
	    "> EHLO a.example\nHELLO 250 [OK]\n"
	    "error UNOFFERED\nerror UNOFFERED\n");
	relay_end(&relay);
}
END_TEST

/* LOGIN is for XCLIENT only, IDENT for XFORWARD only, whatever a server
 * offers. */
START_TEST(an_attribute_belongs_to_its_verb)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	struct relay relay;

	relay_greet(&relay, NULL, 1000,
	    "XFORWARD=LOGIN=DESTADDR=DESTPORT=IDENT=SOURCE "
	    "XCLIENT=IDENT=SOURCE=LOGIN=DESTADDR=DESTPORT");
	values[MAILIN_ATTRIBUTE_LOGIN] = SPAN("alice");
	relay_call(&relay, mailin_client_xforward(relay.client, values));
	relay_text(&relay, "250 OK\r\n");
	relay_call(&relay, mailin_client_xclient(relay.client, values));
	relay_send(&relay);
	relay_expect(&relay,
	    "> XFORWARD IDENT=[UNAVAILABLE] SOURCE=[UNAVAILABLE]\n"
	    "XFORWARD 250 [OK]\n> XCLIENT LOGIN=alice "
	    "DESTADDR=[UNAVAILABLE] DESTPORT=[UNAVAILABLE]\n");
	relay_end(&relay);
}
END_TEST

/* A value that is missing or hostile is sent as [UNAVAILABLE], so that the
 * server does not keep the value of an earlier client (threats V67, V70). */
START_TEST(values_that_cannot_be_sent_are_unavailable)
{
	static const struct mailin_span hostile[] = {
		{ NULL, 0 },
		TEXT(""),
		TEXT("a\r\nQUIT"),
		TEXT("\na"),
		TEXT("a\0"),
		TEXT("\xc3\xbc"),
		TEXT("a\tb"),
		TEXT("a\x7f"),
	};
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	struct relay relay;
	size_t i;

	relay_greet(&relay, NULL, 1000, "XFORWARD=HELO");
	for (i = 0; i < ROWS(hostile); i++) {
		values[MAILIN_ATTRIBUTE_HELO] = hostile[i];
		relay_call(&relay,
		    mailin_client_xforward(relay.client, values));
		relay_text(&relay, "250 OK\r\n");
		relay_expect(&relay,
		    "> XFORWARD HELO=[UNAVAILABLE]\nXFORWARD 250 [OK]\n");
	}
	values[MAILIN_ATTRIBUTE_HELO] = SPAN("a SOURCE=LOCAL");
	relay_call(&relay, mailin_client_xforward(relay.client, values));
	relay_send(&relay);
	relay_expect(&relay, "> XFORWARD HELO=a+20SOURCE+3DLOCAL\n");
	relay_end(&relay);
}
END_TEST

/* Fails unless the lines of XFORWARD or XCLIENT are valid and have at most 512
 * octets.  Returns the number of lines. */
static size_t
count_lines(struct mailin_span out)
{
	struct mailin_command command;
	size_t lines = 0;

	while (out.len > 0) {
		size_t used = mailin_command_parse(&command, out.ptr, out.len);

		ck_assert_uint_gt(used, 0);
		ck_assert_uint_le(used, 512);
		ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
		out.ptr += used;
		out.len -= used;
		lines++;
	}
	return lines;
}

/* If the values are long, XFORWARD sends several lines, but XCLIENT always
 * sends one. */
START_TEST(a_line_of_attributes_has_at_most_512_octets)
{
	static char text[600];
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	struct relay relay;
	size_t len, lines, most = 0;
	unsigned i;

	memset(text, '=', sizeof text);
	for (len = 0; len < sizeof text; len += suite_stride(7)) {
		relay_greet(&relay, NULL, 1000,
		    "PIPELINING XFORWARD=" ATTRIBUTES
		    " XCLIENT=NAME=ADDR=PORT=PROTO=HELO=LOGIN");
		for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
			values[i] = (struct mailin_span){ text, len };
		ck_assert_int_eq(mailin_client_xforward(relay.client, values),
		    MAILIN_OK);
		lines = count_lines(mailin_client_output(relay.client));
		ck_assert_uint_eq(mailin_client_awaited(relay.client), lines);
		most = lines > most ? lines : most;
		relay_send(&relay);
		while (lines-- > 0)
			relay_text(&relay, "250 OK\r\n");
		ck_assert_int_eq(mailin_client_xclient(relay.client, values),
		    MAILIN_OK);
		ck_assert_uint_eq(
		    count_lines(mailin_client_output(relay.client)), 1);
		relay_end(&relay);
	}
	ck_assert_uint_ge(most, 4);
	/* Try the longest value that is sent, and a value with one octet
	 * more. */
	memset(text, 'x', sizeof text);
	for (len = 480; len <= 481; len++) {
		values[MAILIN_ATTRIBUTE_HELO].len = len;
		relay_greet(&relay, NULL, 1000, "XFORWARD=HELO");
		ck_assert_int_eq(mailin_client_xforward(relay.client, values),
		    MAILIN_OK);
		ck_assert_uint_eq(mailin_client_output(relay.client).len,
		    sizeof "XFORWARD HELO=\r\n" - 1 +
			(len == 480 ? len : sizeof "[UNAVAILABLE]" - 1));
		relay_end(&relay);
	}
	values[MAILIN_ATTRIBUTE_NAME].ptr = NULL;
	relay_greet(&relay, NULL, 1000, "XFORWARD=HELO");
	ck_assert_int_eq(mailin_client_xforward(relay.client, values),
	    MAILIN_ERROR_ARGUMENT);
	relay_end(&relay);
	values[MAILIN_ATTRIBUTE_NAME].ptr = text;
	values[MAILIN_ATTRIBUTE_HELO].ptr = NULL;
	relay_greet(&relay, NULL, 1000, "XFORWARD=HELO");
	ck_assert_int_eq(mailin_client_xforward(relay.client, values),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_xforward(relay.client, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_xclient(relay.client, NULL),
	    MAILIN_ERROR_ARGUMENT);
	relay_end(&relay);
}
END_TEST

/* If HELO leaves no room for an IPv6 address, [UNAVAILABLE] has no "IPV6:". */
START_TEST(an_address_that_is_unavailable_has_no_prefix)
{
	static const char end[] = "x DESTADDR=[UNAVAILABLE]\r\n";
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	struct mailin_span out;
	char name[470];
	struct relay relay;

	memset(name, 'x', sizeof name);
	values[MAILIN_ATTRIBUTE_HELO] = (struct mailin_span){ name, 470 };
	values[MAILIN_ATTRIBUTE_DESTADDR] = SPAN("2001:db8:1:2:3:4:5:6789");
	relay_greet(&relay, NULL, 1000, "XCLIENT=HELO=DESTADDR");
	(void)mailin_client_xclient(relay.client, values);
	out = mailin_client_output(relay.client);
	ck_assert_mem_eq(out.ptr + out.len - strlen(end), end, strlen(end));
	relay_end(&relay);
}
END_TEST

/* If the attributes need two lines, a client without PIPELINING sends the
 * second line only after the reply to the first line. */
START_TEST(lines_of_attributes_wait_for_each_other)
{
	static char text[300];
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	struct relay relay;
	size_t i;

	memset(text, 'x', sizeof text);
	values[MAILIN_ATTRIBUTE_NAME] = values[MAILIN_ATTRIBUTE_HELO] =
	    (struct mailin_span){ text, sizeof text };
	for (i = 0; i < 2; i++) {
		struct mailin_span out;

		relay_greet(&relay, NULL, 1000,
		    i == 0 ? "XFORWARD=NAME=HELO" :
			     "XFORWARD=NAME=HELO PIPELINING");
		ck_assert_int_eq(mailin_client_xforward(relay.client, values),
		    MAILIN_OK);
		out = mailin_client_output(relay.client);
		ck_assert_uint_eq(count_lines(out), i == 0 ? 1 : 2);
		ck_assert_int_eq(mailin_client_sent(relay.client, out.len + 1),
		    MAILIN_ERROR_RANGE);
		relay_send(&relay);
		ck_assert_uint_eq(mailin_client_output(relay.client).len, 0);
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 2);
		relay_text(&relay, "250 OK\r\n");
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 1);
		ck_assert_uint_eq(
		    count_lines(mailin_client_output(relay.client)), 1 - i);
		relay_text(&relay, "250 OK\r\n");
		ck_assert(mailin_client_ready(relay.client));
		relay_end(&relay);
	}
}
END_TEST

/* Only an address has the prefix "IPV6:". */
START_TEST(only_addresses_have_a_prefix)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	struct relay relay;
	unsigned i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = SPAN("2001:db8::1");
	relay_greet(&relay, NULL, 1000,
	    "XCLIENT=NAME=ADDR=HELO=LOGIN=DESTADDR=DESTPORT");
	relay_call(&relay, mailin_client_xclient(relay.client, values));
	relay_send(&relay);
	relay_expect(&relay,
	    "> XCLIENT NAME=2001:db8::1 ADDR=IPV6:2001:db8::1 "
	    "HELO=2001:db8::1 LOGIN=2001:db8::1 DESTADDR=IPV6:2001:db8::1 "
	    "DESTPORT=2001:db8::1\n");
	relay_end(&relay);
}
END_TEST

/* ---- The last octet that fits ---- */

static char sent[4097]; /* the lines of the last call, as a text */

/* Queue XFORWARD or XCLIENT.  Each value is a text of "x" with the given
 * length, but ADDR is an IPv6 address if its length is 11.  Returns the number
 * of lines that are queued. */
static size_t
queue_values(const char *keyword, const size_t *lens)
{
	static char text[600];
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	const struct mailin_span *edge;
	bool is_xclient = strncmp(keyword, "XCLIENT", 7) == 0;
	struct relay relay;
	size_t lines;
	unsigned i;

	memset(text, 'x', sizeof text);
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = (struct mailin_span){ text, lens[i] };
	if (lens[MAILIN_ATTRIBUTE_ADDR] == 11)
		values[MAILIN_ATTRIBUTE_ADDR] = SPAN("2001:db8::1");
	/* The array of values ends at the end of a page, so that a read beyond
	 * it crashes the test. */
	edge = memcpy(suite_edge_room(true, sizeof values), values,
	    sizeof values);
	relay_greet(&relay, NULL, 1000, keyword);
	ck_assert_int_eq(is_xclient ?
		mailin_client_xclient(relay.client, edge) :
		mailin_client_xforward(relay.client, edge),
	    MAILIN_OK);
	lines = count_lines(mailin_client_output(relay.client));
	memcpy(sent, mailin_client_output(relay.client).ptr,
	    mailin_client_output(relay.client).len);
	sent[mailin_client_output(relay.client).len] = '\0';
	relay_end(&relay);
	return lines;
}

/* A line has at most 512 octets.  If the attributes need one octet more, they
 * are sent in two lines. */
START_TEST(a_line_of_xforward_is_filled)
{
	size_t lens[MAILIN_ATTRIBUTE_COUNT] = { 480, 10 };

	/* "XFORWARD NAME=", " ADDR=" and CR LF have 22 octets. */
	ck_assert_uint_eq(queue_values("XFORWARD=NAME=ADDR PIPELINING", lens),
	    1);
	ck_assert_uint_eq(strlen(sent), 512);
	lens[MAILIN_ATTRIBUTE_ADDR] = 12;
	ck_assert_uint_eq(queue_values("XFORWARD=NAME=ADDR PIPELINING", lens),
	    2);
	/* "IPV6:2001:db8::1" has 16 octets. */
	lens[MAILIN_ATTRIBUTE_ADDR] = 11;
	lens[MAILIN_ATTRIBUTE_NAME] = 474;
	ck_assert_uint_eq(queue_values("XFORWARD=NAME=ADDR PIPELINING", lens),
	    1);
	ck_assert_uint_eq(strlen(sent), 512);
	lens[MAILIN_ATTRIBUTE_NAME] = 475;
	ck_assert_uint_eq(queue_values("XFORWARD=NAME=ADDR PIPELINING", lens),
	    2);
}
END_TEST

/* The values of one XFORWARD may fill 2304 octets.  Another 256 are kept free,
 * so that each attribute can always be sent as [UNAVAILABLE]. */
START_TEST(the_lines_of_xforward_are_filled)
{
	size_t lens[MAILIN_ATTRIBUTE_COUNT] = { 480, 480, 480, 480, 315 };
	static const char keyword[] =
	    "XFORWARD=NAME=ADDR=PORT=PROTO=HELO=IDENT PIPELINING";

	(void)queue_values(keyword, lens);
	ck_assert_ptr_nonnull(strstr(sent, " HELO=xxx"));
	ck_assert_ptr_nonnull(strstr(sent, " IDENT=[UNAVAILABLE]\r\n"));
	lens[MAILIN_ATTRIBUTE_HELO] = 316;
	(void)queue_values(keyword, lens);
	ck_assert_ptr_nonnull(strstr(sent, " HELO=[UNAVAILABLE]"));
}
END_TEST

/* In the line of XCLIENT, each attribute must leave room for the attributes
 * after it, which need at least the room of "[UNAVAILABLE]" each. */
START_TEST(the_line_of_xclient_is_filled)
{
	size_t lens[MAILIN_ATTRIBUTE_COUNT] = { 478 };

	(void)queue_values("XCLIENT=NAME=ADDR", lens);
	ck_assert_ptr_nonnull(strstr(sent, " NAME=xxx"));
	ck_assert_uint_eq(strlen(sent), 512);
	lens[MAILIN_ATTRIBUTE_NAME] = 479;
	(void)queue_values("XCLIENT=NAME=ADDR", lens);
	ck_assert_ptr_nonnull(strstr(sent, " NAME=[UNAVAILABLE]"));
	lens[MAILIN_ATTRIBUTE_NAME] = 459;
	(void)queue_values("XCLIENT=NAME=ADDR=PORT", lens);
	ck_assert_ptr_nonnull(strstr(sent, " NAME=xxx"));
	ck_assert_uint_eq(strlen(sent), 512);
	lens[MAILIN_ATTRIBUTE_NAME] = 460;
	(void)queue_values("XCLIENT=NAME=ADDR=PORT", lens);
	ck_assert_ptr_nonnull(strstr(sent, " NAME=[UNAVAILABLE]"));
}
END_TEST

/* The client can await only a limited number of replies.  XFORWARD needs as
 * many free places among them as there are attributes, because it may send a
 * line for each attribute. */
START_TEST(xforward_needs_a_place_for_each_attribute)
{
	struct relay relay;
	int i;

	relay_greet(&relay, NULL, 1000, RELAY_ALL);
	for (i = 0; i <= MAILIN_CLIENT_AWAITED - MAILIN_ATTRIBUTE_COUNT; i++) {
		ck_assert_int_eq(relay_command(&relay, DO_XFORWARD), MAILIN_OK);
		relay_send(&relay);
	}
	ck_assert_int_eq(relay_command(&relay, DO_XFORWARD), MAILIN_ERROR_WAIT);
	relay_text(&relay, "250 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_XFORWARD), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		attributes_are_sent_if_the_server_offers_them,
		an_attribute_belongs_to_its_verb,
		values_that_cannot_be_sent_are_unavailable,
		a_line_of_attributes_has_at_most_512_octets,
		an_address_that_is_unavailable_has_no_prefix,
		lines_of_attributes_wait_for_each_other,
		only_addresses_have_a_prefix,
		a_line_of_xforward_is_filled,
		the_lines_of_xforward_are_filled,
		the_line_of_xclient_is_filled,
		xforward_needs_a_place_for_each_attribute,
	};

	return suite_run("client_forward", tests, ROWS(tests));
}
