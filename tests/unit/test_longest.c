/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The longest values that a client and a program can give, all at once, make no
 * line that is longer than its RFC allows (property 40).  A line of a reply has
 * at most 512 octets with CR LF (RFC 5321 4.5.3.1.5).  A line of a challenge
 * has at most 12288 (RFC 4954 4).  A line of Received: has at most 998 octets
 * without CR LF (RFC 5322 2.1.1).
 */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

static struct client client;

/* A name of 255 octets: labels of 63 octets, and dots. */
static char host[256];
/* Texts that the program may choose: one long word, and words with blanks. */
static char word[10001], words[10001];

static void
make_texts(void)
{
	size_t i;

	for (i = 0; i < 255; i++)
		host[i] = i % 64 == 63 ? '.' : 'h';
	memset(word, 'w', sizeof word - 1);
	for (i = 0; i < sizeof words - 1; i++)
		words[i] = i % 90 == 89 ? ' ' : 'x';
}

/* ---- Lines --------------------------------------------------------------- */

/* Returns the length of the longest line with its CR LF.  If "with" is true,
 * only lines that begin with "head" count; otherwise only the other lines
 * count. */
static size_t
longest(const char *text, const char *head, bool with)
{
	size_t most = 0;
	const char *end;

	for (; (end = strstr(text, "\r\n")) != NULL; text = end + 2) {
		size_t len = (size_t)(end - text) + 2;

		if ((strncmp(text, head, strlen(head)) == 0) == with &&
		    len > most)
			most = len;
	}
	ck_assert_str_eq(text, ""); /* the last line is complete */
	return most;
}

static void
check_replies(void)
{
	ck_assert_uint_eq(strlen(client.out.octets), client.out.len);
	ck_assert_uint_le(longest(client.out.octets, "334 ", false), 512);
	ck_assert_uint_le(longest(client.out.octets, "334 ", true), 12288);
}

/* ---- A session ----------------------------------------------------------- */

/* Custom replies have three texts in turn: one word, many words, UTF-8. */
static int turn;

static enum mailin_reply
say(struct client *c, int code, const char *enhanced)
{
	static const char *const formats[] = { "%s", "%.2048s", "\xc3\xa9%s" };

	return mailin_session_reply(c->session, code, enhanced,
	    formats[turn % 3], turn % 2 != 0 ? words : word);
}

/* Add lines to the reply to EHLO.  A line has at most 500 octets, and all lines
 * together have at most 1000. */
static void
add_keywords(struct client *c)
{
	ck_assert_int_eq(mailin_session_ehlo_keyword(c->session,
			     word + sizeof word - 1 - 500, ""),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_ehlo_keyword(c->session,
			     word + sizeof word - 1 - 501, ""),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_int_eq(mailin_session_ehlo_keyword(c->session,
			     word + sizeof word - 1 - 1,
			     word + sizeof word - 1 - 495),
	    MAILIN_OK);
}

static void
speak(struct client *c, enum on on)
{
	switch (on) {
	case ON_CONNECT:
		c->answers[on] = say(c, 220, "");
		break;
	case ON_HELO:
		if (strstr(c->log.octets, "helo HELO") == NULL)
			add_keywords(c);
		c->answers[on] = say(c, 250, "");
		break;
	case ON_SASL:
		c->answers[on] = mailin_session_challenge(c->session, word,
		    3000);
		break;
	case ON_STARTTLS:
	case ON_DATA_START:
		c->answers[on] = MAILIN_REPLY_OK;
		break;
	case ON_AUTH:
		c->answers[on] = say(c, 535, "5.999.999");
		break;
	default:
		if (on < ON_DECISIONS)
			c->answers[on] = say(c, 250, "2.999.999");
	}
}

static void
switch_everything_on(void)
{
	static const char *const mechanisms[] = { "ABCDEFGHIJKLMNOPQRS1",
		"ABCDEFGHIJKLMNOPQRS2", "ABCDEFGHIJKLMNOPQRS3",
		"ABCDEFGHIJKLMNOPQRS4", "ABCDEFGHIJKLMNOPQRS5",
		"ABCDEFGHIJKLMNOPQRS6", "ABCDEFGHIJKLMNOPQRS7",
		"ABCDEFGHIJKLMNOPQRS8" };
	struct mailin_setting setting;
	char most[24];
	size_t i;

	for (i = 0; mailin_setting_at(i, &setting); i++)
		if (setting.kind == MAILIN_SETTING_LIMIT) {
			snprintf(most, sizeof most, "%llu",
			    (unsigned long long)setting.maximum);
			client_set(&client, setting.name, most);
		}
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		mailin_config_set_extension(client.config,
		    (enum mailin_extension)i, true);
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		mailin_config_set_mechanism(client.config,
		    (enum mailin_mechanism)i, true);
	for (i = 0; i < ROWS(mechanisms); i++)
		ck_assert_int_eq(
		    mailin_config_add_mechanism(client.config, mechanisms[i]),
		    MAILIN_OK);
	client_set(&client, "tls", "optional");
}

/* Begin a session in which every fact about the client has len octets. */
static void
start(const char *syntax, size_t len, bool tls)
{
	struct mailin_span some = { word, len };
	struct mailin_peer peer = { some, 65535, some, some, 65535, { 0 } };
	struct mailin_tls facts = { some, some, some, some, some, some, { 0 } };

	client_init(&client);
	mailin_config_free(client.config);
	client.config = mailin_config_new_with(host, &client.heap.allocator);
	ck_assert_ptr_nonnull(client.config);
	switch_everything_on();
	client_set(&client, "syntax", syntax);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	if (tls)
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &facts),
		    MAILIN_OK);
	client.hook = speak;
	client_drain(&client);
}

static void
greet(const char *verb, const char *name)
{
	char line[4096];

	snprintf(line, sizeof line, "%s %s\r\n", verb, name);
	client_lines(&client, line);
}

START_TEST(no_line_of_a_reply_is_over_512_octets)
{
	make_texts();
	for (turn = 0; turn < 6; turn++) {
		start("strict", 255, turn % 2 != 0);
		greet("HELO", host);
		greet("EHLO", host);
		client_lines(&client,
		    "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"
		    "AUTH ABCDEFGHIJKLMNOPQRS1\r\nAAAA\r\n*\r\n"
		    "VRFY a\r\nEXPN a\r\nHELP\r\nETRN a\r\nNOOP\r\n"
		    "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n"
		    "DATA\r\nx\r\n.\r\nQUIT\r\n");
		ck_assert_ptr_nonnull(strstr(client.out.octets, "\r\n354 "));
		ck_assert_ptr_nonnull(strstr(client.out.octets, "\r\n221 "));
		ck_assert_ptr_nonnull(
		    strstr(client.out.octets, "ABCDEFGHIJKLMNOPQRS8\r\n"));
		check_replies();
		client_end(&client);
	}
}
END_TEST

/* A line may have 512 octets, and folded custom replies use all of them. */
START_TEST(a_folded_line_of_a_reply_has_all_512_octets)
{
	make_texts();
	turn = 0;
	start("strict", 255, false);
	greet("EHLO", host);
	client_lines(&client, "NOOP\r\nMAIL FROM:<a@b>\r\n");
	ck_assert_uint_eq(longest(client.out.octets, "250-2.999.999 ", true),
	    512);
	ck_assert_uint_eq(longest(client.out.octets, "334 ", true), 0);
	client_lines(&client, "RSET\r\nAUTH ABCDEFGHIJKLMNOPQRS1\r\n");
	ck_assert_uint_eq(longest(client.out.octets, "334 ", true), 4006);
	client_end(&client);
}
END_TEST

/* ---- Received: ----------------------------------------------------------- */

/* Returns the length of the longest line of the field, without its CR LF. */
static size_t
line_of_received(const char *id)
{
	static char field[16384];
	size_t len;

	ck_assert_int_eq(mailin_session_received(client.session, 253402300799,
			     0, id, field, sizeof field - 1, &len),
	    MAILIN_OK);
	field[len] = '\0';
	ck_assert_int_eq(strncmp(field, "Received: from", 14), 0);
	return longest(field, "", true) - 2;
}

/* Send a recipient whose local part and domain have this many octets each. */
static void
address(size_t local, size_t domain)
{
	char line[2048];

	snprintf(line, sizeof line,
	    "MAIL FROM:<a@b> SMTPUTF8\r\n"
	    "RCPT TO:<%.*s@%.*s>\r\n",
	    (int)local, word, (int)domain, host);
	client_lines(&client, line);
}

static const size_t lengths[] = { 1, 70, 255, 256, 900, 998, 2000, 10000 };

static void
try_names(const char *syntax, const char *name, bool tls)
{
	size_t i, id;

	for (i = 0; i < ROWS(lengths); i++) {
		start(syntax, lengths[i], tls);
		greet("EHLO", name);
		address(64, 187);
		if (strcmp(syntax, "relaxed") == 0 && lengths[i] > 70) {
			client_lines(&client, "RSET\r\n");
			address(255, 253);
			ck_assert_uint_eq(
			    mailin_session_rcpt_count(client.session),
			    mailin_session_helo(client.session, NULL) !=
				MAILIN_VERB_UNKNOWN);
		}
		for (id = 0; id <= 900; id += 30)
			ck_assert_uint_le(
			    line_of_received(word + sizeof word - 1 - id), 998);
		check_replies();
		client_end(&client);
	}
}

/* No line of the Received field is longer than 998 octets, whatever name HELO
 * gives: a valid name, a name that is only too long, or a name that is not
 * valid at any length. */
START_TEST(no_line_of_received_is_over_998_octets)
{
	static char literal[2000], name[2000], utf8[256];
	size_t i;

	make_texts();
	memset(literal, 'l', sizeof literal - 100);
	memcpy(literal, "[tag:", 5);
	literal[sizeof literal - 101] = ']';
	for (i = 0; i < sizeof name - 100; i++)
		name[i] = i % 64 == 63 ? '.' : 'n';
	for (i = 0; i < 254; i++)
		utf8[i] = i % 2 == 0 ? '\xc3' : '\xa9';
	for (i = 0; i < 4; i++) {
		const char *syntax = i % 2 == 0 ? "strict" : "relaxed";

		turn = (int)i;
		try_names(syntax, host, i < 2);
		try_names(syntax, literal, i < 2);
		try_names(syntax, name, i < 2);
		try_names(syntax, word + sizeof word - 1900, i < 2);
		try_names(syntax, utf8, i < 2);
	}
}
END_TEST

/* The field contains a name of 255 octets, and omits a longer one. */
START_TEST(a_name_that_is_too_long_is_left_out)
{
	static char field[4096];
	size_t len, most;

	make_texts();
	turn = 0;
	for (most = 255; most <= 256; most++) {
		start("strict", most, true);
		ck_assert_int_eq(mailin_session_received(client.session, 0, 0,
				     "", field, sizeof field - 1, &len),
		    MAILIN_OK);
		field[len] = '\0';
		ck_assert((strstr(field, "(using\r\n\twww") != NULL) ==
		    (most == 255));
		ck_assert((strstr(field, "www)") != NULL) == (most == 255));
		ck_assert(
		    (strstr(field, "from\r\n\t[www") != NULL) == (most == 255));
		ck_assert((strstr(field, "from unknown\r\n") != NULL) ==
		    (most == 256));
		client_end(&client);
	}
}
END_TEST

START_TEST(an_id_has_900_octets_at_most)
{
	char out[2048];
	size_t len;

	make_texts();
	turn = 0;
	start("strict", 1, false);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0,
			     word + sizeof word - 1 - 900, out, sizeof out,
			     &len),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0,
			     word + sizeof word - 1 - 901, out, sizeof out,
			     &len),
	    MAILIN_ERROR_ARGUMENT);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_line_of_a_reply_is_over_512_octets,
		a_folded_line_of_a_reply_has_all_512_octets,
		no_line_of_received_is_over_998_octets,
		a_name_that_is_too_long_is_left_out,
		an_id_has_900_octets_at_most,
	};

	return suite_run("longest", tests, ROWS(tests));
}
