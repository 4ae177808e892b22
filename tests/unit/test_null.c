/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Pass NULL for each text, span and result of a public function.  The function
 * returns an error and does nothing else (property 51, mailin/error.h).  The
 * functions of mailin/client.h are tested in test_client_limit.c. */
#include <limits.h>
#include <string.h>

#include "support/client.h"

static struct client client;

#define ARGUMENT MAILIN_ERROR_ARGUMENT

static const struct mailin_span bad = { NULL, 3 };
static const struct mailin_span good = TEXT("abc");
static char room[64];
static size_t len;

/* ---- Spans --------------------------------------------------------------- */

START_TEST(a_span_without_octets_is_no_text)
{
	struct mailin_span none = mailin_span_of(NULL);

	ck_assert(none.ptr == NULL && none.len == 0);
	ck_assert(!mailin_span_equal(none, NULL));
	ck_assert(!mailin_span_equal(good, NULL));
	ck_assert(!mailin_span_equal(bad, "abc"));
	ck_assert(mailin_span_equal(none, ""));
	ck_assert(!mailin_span_iequal(none, NULL));
	ck_assert(!mailin_span_iequal(good, NULL));
	ck_assert(!mailin_span_iequal(bad, "abc"));
	ck_assert(mailin_span_iequal(none, ""));
	ck_assert(!mailin_span_iequal_span(bad, good));
	ck_assert(!mailin_span_iequal_span(good, bad));
	ck_assert(!mailin_span_iequal_span(bad, bad));
	ck_assert(mailin_span_iequal_span(none, none));
}
END_TEST

/* ---- Codecs -------------------------------------------------------------- */

static enum mailin_error
xtext_decode(struct mailin_span in, char *out, size_t *out_len)
{
	return mailin_xtext_decode(in, true, out, out_len);
}

/* clang-format off */
static enum mailin_error (*const codecs[])(struct mailin_span in, char *out,
    size_t *out_len) = {
	xtext_decode, mailin_xtext_encode, mailin_base64_decode,
	mailin_base64_encode, mailin_utf8_address_decode,
};
/* clang-format on */

START_TEST(no_codec_reads_or_writes_without_a_place)
{
	const struct mailin_span none = { NULL, 0 };

	for (size_t i = 0; i < ROWS(codecs); i++) {
		ck_assert_int_eq(codecs[i](bad, room, &len), ARGUMENT);
		ck_assert_int_eq(codecs[i](SPAN("abcd"), NULL, &len), ARGUMENT);
		ck_assert_int_eq(codecs[i](SPAN("abcd"), room, NULL), ARGUMENT);
		ck_assert_int_eq(codecs[i](none, room, NULL), ARGUMENT);
		len = 1;
		ck_assert_int_eq(codecs[i](none, NULL, &len), MAILIN_OK);
		ck_assert_uint_eq(len, 0);
	}
	ck_assert(!mailin_utf8_valid(bad));
	ck_assert(mailin_utf8_valid(none));
}
END_TEST

/* ---- Addresses and commands ---------------------------------------------- */

static const int no_syntax[] = { -1, 2, 255, INT_MAX, INT_MIN };

typedef enum mailin_error parse_function(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);

static parse_function *const parsers[] = { mailin_path_parse,
	mailin_mailbox_parse };

START_TEST(an_address_needs_a_text_and_a_syntax)
{
	static const struct mailin_span texts[] = { TEXT("<a@b>"),
		TEXT("a@b") };
	struct mailin_path path;
	size_t i, j;

	for (i = 0; i < ROWS(parsers); i++) {
		ck_assert_int_eq(parsers[i](NULL, STRICT, texts[i], &len),
		    ARGUMENT);
		ck_assert_int_eq(parsers[i](&path, STRICT, bad, &len),
		    ARGUMENT);
		ck_assert_int_eq(parsers[i](&path, STRICT, texts[i], NULL),
		    MAILIN_OK);
		ck_assert_int_eq(parsers[i](&path, STRICT,
				     (struct mailin_span){ NULL, 0 }, &len),
		    MAILIN_ERROR_SYNTAX);
		for (j = 0; j < ROWS(no_syntax); j++)
			ck_assert_int_eq(parsers[i](&path,
					     (enum mailin_syntax)no_syntax[j],
					     texts[i], &len),
			    ARGUMENT);
	}
}
END_TEST

START_TEST(a_local_part_needs_a_place)
{
	struct mailin_path path = { .local = good };
	struct mailin_path none = { .local = { NULL, 0 } };
	struct mailin_path broken = { .local = bad };

	ck_assert_uint_eq(mailin_local_part_unquote(NULL, room), 0);
	ck_assert_uint_eq(mailin_local_part_unquote(&path, NULL), 0);
	ck_assert_uint_eq(mailin_local_part_unquote(&none, room), 0);
	ck_assert_uint_eq(mailin_local_part_unquote(&broken, room), 0);
	ck_assert_uint_eq(mailin_local_part_quote(bad, room), 0);
	ck_assert_uint_eq(mailin_local_part_quote(good, NULL), 0);
	ck_assert(!mailin_path_local_equal(NULL, "abc"));
	ck_assert(!mailin_path_local_equal(&path, NULL));
	ck_assert(!mailin_path_local_equal(&broken, "abc"));
	ck_assert(!mailin_path_local_equal(&broken, ""));
	ck_assert(mailin_path_local_equal(&path, "abc"));
	ck_assert(mailin_path_local_equal(&none, ""));
}
END_TEST

START_TEST(a_command_needs_a_line_and_a_syntax)
{
	struct mailin_command command;
	struct mailin_span text = TEXT("A=1"), word;
	struct mailin_span broken = bad;
	size_t i;

	ck_assert_uint_eq(mailin_command_parse(&command, NULL, 6), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, NULL, 0), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "NOOP\r\n", 6), 6);
	for (i = 0; i < ROWS(no_syntax); i++)
		ck_assert_uint_eq(mailin_command_parse_as(&command,
				      (enum mailin_syntax)no_syntax[i],
				      "NOOP\r\n", 6),
		    0);
	ck_assert(!mailin_parameter_next(NULL, &word, &word));
	ck_assert(!mailin_parameter_next(&text, NULL, &word));
	ck_assert(!mailin_parameter_next(&text, &word, NULL));
	ck_assert(!mailin_parameter_next(&broken, &word, &word));
	ck_assert_uint_eq(text.len, 3);
}
END_TEST

START_TEST(a_proxy_header_needs_octets_and_places)
{
	struct mailin_proxy proxy;

	len = 1;
	ck_assert_int_eq(mailin_proxy_parse(&proxy, NULL, 4, &len),
	    MAILIN_PROXY_MALFORMED);
	ck_assert_uint_eq(len, 0);
	ck_assert_int_eq(mailin_proxy_parse(&proxy, NULL, 0, &len),
	    MAILIN_PROXY_INCOMPLETE);
	ck_assert_int_eq(mailin_proxy_parse(NULL, "PROXY", 5, &len),
	    MAILIN_PROXY_MALFORMED);
	ck_assert_int_eq(mailin_proxy_parse(&proxy, "PROXY", 5, NULL),
	    MAILIN_PROXY_MALFORMED);
}
END_TEST

START_TEST(stuffing_needs_places)
{
	struct mailin_stuff stuff = MAILIN_STUFF_INIT;
	struct mailin_span in = good, out, broken = bad;

	ck_assert_int_eq(mailin_stuff_feed(NULL, &in, &out), ARGUMENT);
	ck_assert_int_eq(mailin_stuff_feed(&stuff, NULL, &out), ARGUMENT);
	ck_assert_int_eq(mailin_stuff_feed(&stuff, &in, NULL), ARGUMENT);
	ck_assert_int_eq(mailin_stuff_feed(&stuff, &broken, &out), ARGUMENT);
	ck_assert_int_eq(mailin_stuff_end(NULL, &out), ARGUMENT);
	ck_assert_int_eq(mailin_stuff_end(&stuff, NULL), ARGUMENT);
	ck_assert(in.len == 3 && stuff.state == 0);
}
END_TEST

/* ---- Configs ------------------------------------------------------------- */

static void *
no_alloc(size_t size, void *user)
{
	(void)size;
	(void)user;
	return NULL;
}

static void
no_free(void *memory, void *user)
{
	(void)memory;
	(void)user;
}

START_TEST(a_config_needs_its_texts)
{
	const struct mailin_allocator no_first = { NULL, no_free, NULL };
	const struct mailin_allocator no_second = { no_alloc, NULL, NULL };

	ck_assert_ptr_null(mailin_config_new(NULL));
	ck_assert_ptr_null(mailin_config_new_with(NULL, &no_first));
	ck_assert_ptr_null(mailin_config_new_with("mx.example.org", NULL));
	ck_assert_ptr_null(mailin_config_new_with("mx.example.org", &no_first));
	ck_assert_ptr_null(
	    mailin_config_new_with("mx.example.org", &no_second));
	mailin_config_free(NULL);
	client_init(&client);
	ck_assert_int_eq(mailin_config_set(client.config, NULL, "1"), ARGUMENT);
	ck_assert_int_eq(mailin_config_set(client.config, "errors", NULL),
	    ARGUMENT);
	ck_assert_int_eq(mailin_config_add_mechanism(client.config, NULL),
	    ARGUMENT);
	ck_assert(!mailin_setting_at(0, NULL));
	client_begin(&client);
	client_end(&client);
}
END_TEST

/* ---- Sessions ------------------------------------------------------------ */

START_TEST(a_session_needs_a_config_and_a_handler)
{
	client_init(&client);
	ck_assert_ptr_null(mailin_session_new(NULL, &client.handler, NULL));
	ck_assert_ptr_null(mailin_session_new(client.config, NULL, NULL));
	mailin_session_free(NULL);
	client_begin(&client);
	client_end(&client);
}
END_TEST

/* Make each span malformed in turn, by a length without a pointer. */
START_TEST(a_fact_without_octets_is_absent)
{
	struct mailin_peer peers[] = { { .address = bad }, { .name = bad },
		{ .local_address = bad } };
	struct mailin_tls facts[] = { { .version = bad }, { .cipher = bad },
		{ .sni = bad }, { .alpn = bad }, { .client_name = bad },
		{ .channel_binding = bad } };
	size_t i;

	client_init(&client);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, NULL),
	    ARGUMENT);
	for (i = 0; i < ROWS(peers); i++)
		ck_assert_int_eq(
		    mailin_session_set_peer(client.session, &peers[i]),
		    ARGUMENT);
	ck_assert_ptr_null(mailin_session_peer(client.session));
	ck_assert_int_eq(mailin_session_tls_started(client.session, NULL),
	    ARGUMENT);
	for (i = 0; i < ROWS(facts); i++)
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &facts[i]),
		    ARGUMENT);
	ck_assert_ptr_null(mailin_session_tls(client.session));
	client_end(&client);
}
END_TEST

START_TEST(feeding_no_octets_takes_none)
{
	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	ck_assert_uint_eq(mailin_session_feed(client.session, NULL, 5), 0);
	ck_assert_uint_eq(mailin_session_feed(client.session, NULL, 0), 0);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_INPUT);
	client_expect(&client, "NOOP", "250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(a_query_needs_a_place)
{
	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 1);
	ck_assert(!mailin_session_mail(client.session, NULL));
	ck_assert(!mailin_session_rcpt(client.session, 0, NULL));
	ck_assert_int_eq(mailin_session_helo(client.session, NULL),
	    MAILIN_VERB_EHLO);
	client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	client_expect(&client, "RCPT TO:<x@y>", "");
	ck_assert(!mailin_session_command(client.session, NULL));
	client_end(&client);
}
END_TEST

START_TEST(received_needs_its_texts)
{
	client_init(&client);
	client_begin(&client);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, NULL,
			     room, sizeof room, &len),
	    ARGUMENT);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "", NULL,
			     sizeof room, &len),
	    ARGUMENT);
	ck_assert_int_eq(mailin_session_received(client.session, 0, 0, "", room,
			     sizeof room, NULL),
	    ARGUMENT);
	ck_assert_int_eq(
	    mailin_session_received(client.session, 0, 0, "", NULL, 0, &len),
	    MAILIN_ERROR_RANGE);
	client_end(&client);
}
END_TEST

/* ---- In a callback ------------------------------------------------------- */

/* NULL as a format.  It is a variable, so that gcc does not see its value.  The
 * calls pass an argument, because clang warns of a format without arguments. */
static const char *const no_format;

static void
try_calls(struct client *c, enum on on)
{
	struct mailin_session *session = c->session;

	switch (on) {
	case ON_HELO:
		ck_assert_int_eq(mailin_session_ehlo_keyword(session, NULL, ""),
		    ARGUMENT);
		ck_assert_int_eq(
		    mailin_session_ehlo_keyword(session, "X", NULL), ARGUMENT);
		ck_assert_int_eq(
		    mailin_session_reply(session, 250, "2.0.0", no_format, ""),
		    MAILIN_REPLY_OK);
		ck_assert_int_eq(
		    mailin_session_reply(session, 550, "5.0.0", no_format, ""),
		    MAILIN_REPLY_FAILED);
		ck_assert_int_eq(
		    mailin_session_reply(session, 250, NULL, no_format, ""),
		    MAILIN_REPLY_OK);
		break;
	case ON_MAIL:
		c->answers[on] = mailin_session_reply(session, 550, NULL, "no");
		break;
	case ON_SASL:
		ck_assert_int_eq(mailin_session_set_identity(session, NULL),
		    ARGUMENT);
		ck_assert_int_eq(mailin_session_challenge(session, NULL, 3),
		    MAILIN_REPLY_INTERNAL_ERROR);
		c->answers[on] = mailin_session_challenge(session, NULL, 0);
		break;
	default:
		break;
	}
}

START_TEST(a_callback_may_slip_too)
{
	client_init(&client);
	ck_assert_int_eq(mailin_config_add_mechanism(client.config, "X-OWN"),
	    MAILIN_OK);
	client_set(&client, "tls", "optional");
	client_begin(&client);
	client.hook = try_calls;
	client_greet(&client);
	client_expect(&client, "MAIL FROM:<a@b>", "550 5.0.0");
	client_expect(&client, "AUTH X-OWN", "334");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_span_without_octets_is_no_text,
		no_codec_reads_or_writes_without_a_place,
		an_address_needs_a_text_and_a_syntax,
		a_local_part_needs_a_place,
		a_command_needs_a_line_and_a_syntax,
		a_proxy_header_needs_octets_and_places,
		stuffing_needs_places,
		a_config_needs_its_texts,
		a_session_needs_a_config_and_a_handler,
		a_fact_without_octets_is_absent,
		feeding_no_octets_takes_none,
		a_query_needs_a_place,
		received_needs_its_texts,
		a_callback_may_slip_too,
	};

	return suite_run("null", tests, ROWS(tests));
}
