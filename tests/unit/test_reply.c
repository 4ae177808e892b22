/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Replies in a session, from the library and from the handler:
 * src/session/reply.c. */
#include <stdio.h>
#include <string.h>

#include "support/replies.h"
#include "support/stage.h"

static struct client client;

static void
start(void)
{
	stage_open(&stages[0], &client);
	client_greet(&client);
	(void)client_replies(&client);
}

/* The parts of the reply that format() gives to MAIL: "code", "enhanced" and
 * "text".  "formatted" is what mailin_session_reply() returned for them. */
static int code;
static const char *enhanced, *text;
static enum mailin_reply formatted;

static void
format(struct client *c, enum on on)
{
	if (on != ON_MAIL)
		return;
	formatted = mailin_session_reply(c->session, code, enhanced, "%s",
	    text);
	c->answers[on] = formatted;
}

static struct mailin_span
replies_from(size_t at)
{
	return (
	    struct mailin_span){ client.out.octets + at, client.out.len - at };
}

/* ---- Replies that the handler formats (property 40) ---- */

struct format_row {
	int code;
	const char *enhanced;
	enum mailin_reply reply;
	const char *codes;
};

static const struct format_row format_rows[] = {
	{ 250, "2.1.0", MAILIN_REPLY_CUSTOM, "250 2.1.0" },
	/* Each reply has an enhanced code (property 42). */
	{ 251, "", MAILIN_REPLY_CUSTOM, "251 2.0.0" },
	{ 450, "", MAILIN_REPLY_CUSTOM, "450 4.0.0" },
	{ 550, "", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 450, "4.7.1", MAILIN_REPLY_CUSTOM, "450 4.7.1" },
	{ 599, "5.999.999", MAILIN_REPLY_CUSTOM, "599 5.999.999" },
	/* An enhanced code that is invalid or of another class becomes
	 * X.0.0. */
	{ 250, "5.1.0", MAILIN_REPLY_CUSTOM, "250 2.0.0" },
	{ 250, "2.1", MAILIN_REPLY_CUSTOM, "250 2.0.0" },
	{ 450, "5.1.0", MAILIN_REPLY_CUSTOM, "450 4.0.0" },
	{ 450, "4.7.1\r\n250 x", MAILIN_REPLY_CUSTOM, "450 4.0.0" },
	{ 550, "4.1.1", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "2.1.0", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "5.1.1 ", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "5.01.1", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "5.0x.1", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "5.1.00", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "5.1.1000", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, "five", MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	{ 550, NULL, MAILIN_REPLY_CUSTOM, "550 5.0.0" },
	/* These codes are not allowed, so the client gets 451. */
	{ 0, "", MAILIN_REPLY_INTERNAL_ERROR, "451 4.3.0" },
	{ 199, "", MAILIN_REPLY_INTERNAL_ERROR, "451 4.3.0" },
	{ 600, "", MAILIN_REPLY_INTERNAL_ERROR, "451 4.3.0" },
	{ 2500, "", MAILIN_REPLY_INTERNAL_ERROR, "451 4.3.0" },
	{ -250, "", MAILIN_REPLY_INTERNAL_ERROR, "451 4.3.0" },
};

START_TEST(a_reply_that_cannot_be_given_keeps_its_class)
{
	size_t i;

	for (i = 0; i < ROWS(format_rows); i++) {
		const struct format_row *row = &format_rows[i];

		start();
		client.hook = format;
		code = row->code;
		enhanced = row->enhanced;
		text = "said";
		client_expect(&client, "MAIL FROM:<a@b>", row->codes);
		ck_assert_msg(formatted == row->reply, "%d %s", row->code,
		    row->codes);
		/* The text is kept even if its enhanced code is not. */
		ck_assert((strstr(client.out.octets, " said\r\n") != NULL) ==
		    (formatted == MAILIN_REPLY_CUSTOM));
		client_end(&client);
	}
}
END_TEST

/* If an allocation fails, the client gets the formatted reply or the standard
 * reply of the same class.  If the handler could not be called, the client gets
 * 452. */
START_TEST(without_memory_a_long_reply_keeps_its_class)
{
	static char big[2001];
	static const int codes[] = { 250, 450, 550 };
	static const char *const standard[] = { "250 2.1.0", "451 4.3.0",
		"554 5.0.0" };
	const char *got;
	uint64_t n;
	size_t i;

	memset(big, 'x', sizeof big - 1);
	for (i = 0; i < ROWS(codes); i++) {
		bool replaced = false;

		/* In the last rounds only the allocation of room in the queue
		 * fails. */
		for (n = 1; n < 8; n++) {
			start();
			client.hook = format;
			code = codes[i];
			enhanced = "";
			text = big;
			heap_fail(&client.heap, n, true);
			client_octets(&client, SPAN("MAIL FROM:<a@b>\r\n"));
			got = client_replies(&client);
			if (formatted == MAILIN_REPLY_CUSTOM &&
			    strcmp(got, standard[i]) == 0)
				replaced = true;
			ck_assert_msg(strcmp(got, "452 4.3.1") == 0 ||
				got[0] == standard[i][0],
			    "%s for %d", got, code);
			client_end(&client);
		}
		ck_assert(replaced);
	}
}
END_TEST

START_TEST(without_memory_a_reply_keeps_its_class)
{
	static const int codes[] = { 250, 450, 550 };
	static const char *const rows[][2] = { { "250 2.0.0", "250 2.1.0" },
		{ "450 4.0.0", "451 4.3.0" }, { "550 5.0.0", "554 5.0.0" } };
	const char *got;
	uint64_t n;
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		for (n = 1; n < 8; n++) {
			start();
			client.hook = format;
			code = codes[i];
			enhanced = "";
			text = "said";
			heap_fail(&client.heap, n, true);
			client_octets(&client, SPAN("MAIL FROM:<a@b>\r\n"));
			got = client_replies(&client);
			ck_assert_msg(strcmp(got, rows[i][0]) == 0 ||
				strcmp(got, rows[i][1]) == 0 ||
				strcmp(got, "452 4.3.1") == 0,
			    "%s for %s", got, rows[i][0]);
			client_end(&client);
		}
}
END_TEST

/* No text can inject octets into the stream (threat V48). */
START_TEST(no_text_of_the_handler_breaks_the_stream)
{
	static char hostile[4096];
	static const char some[] = "\r\n\t -250%\x80x";
	size_t i, len, from;
	int turn;

	start();
	client.hook = format;
	code = 550;
	text = hostile;
	for (turn = 0; turn < 500; turn++) {
		enhanced = turn % 2 ? "5.1.1" : "";
		len = suite_random(sizeof hostile - 1);
		for (i = 0; i < len; i++)
			hostile[i] = some[suite_random(sizeof some - 1)];
		hostile[len] = '\0';
		from = client.out.len;
		client_octets(&client, SPAN("MAIL FROM:<a@b>\r\n"));
		if (replies_first(replies_from(from)) != client.out.len - from)
			ck_abort_msg("%s", suite_quote(replies_from(from)));
	}
	client_end(&client);
}
END_TEST

/* decision.h: text after 2048 octets is left out. */
START_TEST(a_text_may_have_2048_octets)
{
	static char longer[3000];
	size_t from, len;

	memset(longer, 'x', sizeof longer - 1);
	start();
	client.hook = format;
	code = 550;
	enhanced = "5.1.1";
	text = longer;
	from = client.out.len;
	client_octets(&client, SPAN("MAIL FROM:<a@b>\r\n"));
	len = client.out.len - from;
	/* The reply has five lines.  Each consists of "550-5.1.1 ", at most 500
	 * octets of the text, and CR LF. */
	ck_assert_uint_eq(len, 2048 + 5 * 12);
	client_end(&client);
}
END_TEST

/* If a callback formats several replies, the last one counts.  A formatted
 * reply that the callback does not return is dropped. */
static void
format_twice(struct client *c, enum on on)
{
	(void)mailin_session_reply(c->session, 550, "5.1.1", "first");
	if (on == ON_MAIL)
		c->answers[on] = mailin_session_reply(c->session, 551, "5.1.6",
		    "second");
}

START_TEST(the_reply_formatted_last_is_given)
{
	start();
	client.hook = format_twice;
	client_expect(&client, "MAIL FROM:<a@b>", "551 5.1.6");
	ck_assert_ptr_null(strstr(client.out.octets, "first"));
	client.answers[ON_VRFY] = MAILIN_REPLY_OK;
	client_expect(&client, "VRFY a", "252 2.0.0");
	client_end(&client);
}
END_TEST

/* A reply can be formatted only while a decision is pending. */
START_TEST(outside_a_decision_there_is_no_reply_to_format)
{
	start();
	ck_assert_int_eq(
	    mailin_session_reply(client.session, 250, "2.0.0", "x"),
	    MAILIN_REPLY_OK);
	ck_assert_int_eq(
	    mailin_session_reply(client.session, 550, "5.0.0", "x"),
	    MAILIN_REPLY_FAILED);
	client_expect_replies(&client, "");
	client_end(&client);
}
END_TEST

/* Make vsnprintf() fail with a character that the C locale does not have. */
static void
format_badly(struct client *c, enum on on)
{
	static const wchar_t alpha[] = { 0x3b1, 0 };

	if (on == ON_MAIL || on == ON_VRFY)
		c->answers[on] = mailin_session_reply(c->session,
		    on == ON_MAIL ? 452 : 252, "", "%ls", alpha);
}

START_TEST(a_text_that_cannot_be_formatted_leaves_the_class)
{
	start();
	client.hook = format_badly;
	client_expect(&client, "MAIL FROM:<a@b>", "451 4.3.0");
	client_expect(&client, "VRFY a", "252 2.0.0");
	client_end(&client);
}
END_TEST

/* ---- EHLO ---------------------------------------------------------------- */

static void
greet_by_hand(struct client *c, enum on on)
{
	if (on == ON_HELO)
		c->answers[on] = mailin_session_reply(c->session, 250, "2.0.0",
		    "%s", text);
}

/* A custom reply to EHLO replaces only the first line: the extensions follow
 * it. */
START_TEST(the_extensions_follow_the_handlers_text)
{
	static char longest[2049];
	size_t from, len;

	for (len = 10; len < sizeof longest; len += 2038) {
		memset(longest, 'x', len);
		longest[len] = '\0';
		start();
		client.hook = greet_by_hand;
		text = longest;
		from = client.out.len;
		client_expect(&client, "EHLO c", "250");
		ck_assert_int_eq(
		    strncmp(client.out.octets + from, "250-xxx", 7), 0);
		ck_assert_msg(strstr(client.out.octets + from,
				  "250-PIPELINING\r\n") != NULL &&
			strstr(client.out.octets + from, "250-EXPN\r\n") !=
			    NULL &&
			strstr(client.out.octets + from,
			    "250 AUTH PLAIN LOGIN X-OWN\r\n") != NULL,
		    "a text of %zu octets hides what is offered", len);
		client_end(&client);
	}
}
END_TEST

/* ---- No reply has text of the client (threat V48, property 41) ---- */

/* Lines of a client.  No reply to them may contain "yxwvuts", in capital or
 * small letters. */
/* clang-format off */
static const char *const reflections[] = {
	"EHLO yxwvuts", "HELO yxwvuts", "EHLO <yxwvuts>", "YXWVUTS",
	"yxwvuts x",
	"MAIL FROM:<yxwvuts@x>", "MAIL FROM:<a@yxwvuts>", "RSET",
	"MAIL FROM:<a@b> YXWVUTS", "MAIL FROM:<a@b> SIZE=yxwvuts",
	"MAIL FROM:<a@b> AUTH=yxwvuts", "MAIL yxwvuts", "NOOP yxwvuts",
	"VRFY yxwvuts", "EXPN yxwvuts", "HELP yxwvuts", "ETRN yxwvuts",
	"AUTH YXWVUTS", "AUTH PLAIN yxwvuts=", "QUIT yxwvuts",
	"MAIL FROM:<a@b>", "RCPT TO:<yxwvuts@x>", "RCPT TO:<yxwvuts",
	"DATA yxwvuts", "STARTTLS yxwvuts", "BDAT 7\r\nyxwvuts",
	"RSET yxwvuts", "RSET", "AUTH LOGIN", "yxwvuts", "BDAT yxwvuts",
};
/* clang-format on */

START_TEST(no_standard_reply_has_octets_of_the_client)
{
	char line[128];
	size_t i;

	client_init(&client);
	client_set(&client, "extensions", "CHUNKING,STARTTLS,ETRN,EXPN");
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "errors", "0");
	client_begin(&client);
	client_drain(&client);
	for (i = 0; i < ROWS(reflections); i++) {
		snprintf(line, sizeof line, "%s\r\n", reflections[i]);
		client_octets(&client, mailin_span_of(line));
	}
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_CLOSE);
	ck_assert_msg(strstr(client.out.octets, "xwvuts") == NULL &&
		strstr(client.out.octets, "XWVUTS") == NULL,
	    "%s", client.out.octets);
	client_end(&client);
}
END_TEST

/* In every stage, the class of the enhanced code is that of the code
 * (property 42). */
static void
check_classes(const struct stage *stage)
{
	struct mailin_span out = { client.out.octets, client.out.len };
	const char *codes = replies_codes(out);

	for (; codes != NULL; codes = strchr(codes, '|')) {
		codes += *codes == '|';
		HOLDS(stage,
		    *codes == '\0' || codes[3] != ' ' || codes[0] == codes[4]);
		HOLDS(stage, codes[0] != '3' || codes[3] != ' ');
	}
}

START_TEST(an_enhanced_code_has_the_class_of_its_reply)
{
	stage_each(&client, check_classes);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_reply_that_cannot_be_given_keeps_its_class,
		without_memory_a_long_reply_keeps_its_class,
		without_memory_a_reply_keeps_its_class,
		no_text_of_the_handler_breaks_the_stream,
		a_text_may_have_2048_octets,
		the_reply_formatted_last_is_given,
		outside_a_decision_there_is_no_reply_to_format,
		a_text_that_cannot_be_formatted_leaves_the_class,
		the_extensions_follow_the_handlers_text,
		no_standard_reply_has_octets_of_the_client,
		an_enhanced_code_has_the_class_of_its_reply,
	};

	return suite_run("reply", tests, ROWS(tests));
}
