/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: a client, and a server that sends any octets.  The first octet
 * of the input is a set of flags, the second one the length of the pieces, the
 * third one the length of a value; then come the value, which is put into each
 * place of the envelope, and the octets of the server.  The octet 0x16, with
 * which TLS begins, is the handshake if one is due.
 */
#include "check.h"

#define FLAG_LMTP    1
#define FLAG_RELAXED 2
#define FLAG_UTF8    4 /* MAIL with SMTPUTF8 */
#define FLAG_LOCAL   8 /* where the value goes */
#define FLAG_DOMAIN  16
#define FLAG_ENVID   32
#define FLAG_ORCPT   64
#define FLAG_AUTH    128

#define TLS_OCTET 0x16

struct input {
	unsigned flags;
	size_t step;
	struct mailin_span value;
	struct mailin_span server;
};

/* A run: its log must be the same in pieces of each length. */
struct run {
	const struct input *input;
	struct mailin_client *client;
	const char *since; /* the first octet of the present reply */
	size_t len;
	char log[1 << 16];
};

static void
note(struct run *run, const char *octets, size_t len)
{
	if (len > sizeof run->log - run->len)
		len = sizeof run->log - run->len;
	if (len > 0)
		memcpy(run->log + run->len, octets, len);
	run->len += len;
}

/* ---- What the client sends ---- */

/* Each line is one valid command that is not too long, or the end of the
 * message. */
static void
check_line(const struct run *run, struct mailin_span line)
{
	struct mailin_command command;

	/* The end of a message whose last line has no CR LF begins with one. */
	if (mailin_span_equal(line, ".\r\n") ||
	    (mailin_client_awaits(run->client) == MAILIN_CLIENT_MESSAGE &&
		mailin_span_equal(line, "\r\n")))
		return;
	CHECK(mailin_command_parse_as(&command,
		  (run->input->flags & FLAG_RELAXED) != 0 ?
		      MAILIN_SYNTAX_RELAXED :
		      MAILIN_SYNTAX_STRICT,
		  line.ptr, line.len) == line.len);
	CHECK(command.error == MAILIN_REPLY_OK);
	CHECK(line.len <= 512 ||
	    ((command.verb == MAILIN_VERB_MAIL ||
		 command.verb == MAILIN_VERB_RCPT) &&
		line.len <= 2400));
}

static void
send_output(struct run *run)
{
	struct mailin_span out;

	while ((out = mailin_client_output(run->client)).len > 0) {
		char *copy = check_copy(out.ptr, out.len);
		const char *at = copy, *end = copy + out.len;

		note(run, copy, out.len);
		while (at < end) {
			const char *lf = memchr(at, '\n', (size_t)(end - at));

			CHECK(lf != NULL && lf > at && lf[-1] == '\r');
			check_line(run,
			    (struct mailin_span){ at, (size_t)(lf + 1 - at) });
			at = lf + 1;
		}
		CHECK(mailin_client_sent(run->client, out.len) == MAILIN_OK);
		free(copy);
	}
}

/* ---- What the client says ---- */

static struct mailin_span
value_if(const struct run *run, unsigned flag, const char *other)
{
	return (run->input->flags & flag) != 0 ? run->input->value :
						 mailin_span_of(other);
}

static void
say_mail(struct run *run)
{
	struct mailin_mail mail = {
		.path = { .kind = MAILIN_PATH_MAILBOX,
		    .local = value_if(run, FLAG_LOCAL, "a"),
		    .domain = value_if(run, FLAG_DOMAIN, "b.example") },
		.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SIZE),
		.size = 5,
		.envid = run->input->value,
		.auth = run->input->value,
	};

	if ((run->input->flags & FLAG_ENVID) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ENVID);
	if ((run->input->flags & FLAG_AUTH) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	if ((run->input->flags & FLAG_UTF8) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(
		    MAILIN_PARAMETER_SMTPUTF8);
	(void)mailin_client_mail(run->client, &mail);
}

static void
say_rcpt(struct run *run)
{
	struct mailin_rcpt rcpt = {
		.path = { .kind = MAILIN_PATH_MAILBOX,
		    .local = value_if(run, FLAG_LOCAL, "c"),
		    .domain = value_if(run, FLAG_DOMAIN, "d.example") },
		.orcpt_type = mailin_span_of("utf-8"),
		.orcpt = run->input->value,
	};

	if ((run->input->flags & FLAG_ORCPT) != 0)
		rcpt.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ORCPT);
	(void)mailin_client_rcpt(run->client, &rcpt);
}

static void
say_message(struct run *run)
{
	struct mailin_span in = run->input->value, out;

	while (in.len > 0) {
		if (mailin_client_body(run->client, &in, &out) != MAILIN_OK) {
			CHECK(mailin_client_body_end(run->client) ==
			    MAILIN_ERROR_STATE);
			return;
		}
		note(run, out.ptr, out.len);
	}
	(void)mailin_client_body_end(run->client);
}

static void
say_attributes(struct run *run)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	int i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = run->input->value;
	(void)mailin_client_xforward(run->client, values);
}

/* Try all that may come next.  The client checks the order. */
static void
say_next(struct run *run, const struct mailin_client_reply *reply)
{
	switch (reply->of) {
	case MAILIN_CLIENT_GREETING:
	case MAILIN_CLIENT_XCLIENT:
		(void)mailin_client_hello(run->client);
		break;
	case MAILIN_CLIENT_HELLO:
		(void)mailin_client_starttls(run->client);
		(void)mailin_client_auth_plain(run->client, "user", "secret");
		break;
	case MAILIN_CLIENT_DATA:
		say_message(run);
		break;
	case MAILIN_CLIENT_MESSAGE:
		(void)mailin_client_rset(run->client);
		break;
	default:
		break;
	}
	say_attributes(run);
	say_mail(run);
	say_rcpt(run);
	if (reply->of == MAILIN_CLIENT_RCPT && reply->rcpt < 2)
		say_rcpt(run);
	(void)mailin_client_data(run->client);
	(void)mailin_client_noop(run->client);
	if (reply->of == MAILIN_CLIENT_NOOP)
		(void)mailin_client_quit(run->client);
}

/* ---- What the client has read ---- */

/* RFC 5321 4.2, read a second time: whole lines with one code, a "-" after it
 * in each but the last. */
static void
check_octets(const struct run *run, const char *at, const char *end, int code)
{
	size_t most = (run->input->flags & FLAG_RELAXED) != 0 ? 2048 : 512;
	bool is_last = false;
	int lines = 0;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		CHECK(!is_last && lf != NULL && lf - at >= 4);
		CHECK(lf[-1] == '\r' && (size_t)(lf + 1 - at) <= most);
		CHECK(memchr(at, '\r', (size_t)(lf - at)) == lf - 1);
		CHECK(memchr(at, '\0', (size_t)(lf - at)) == NULL);
		CHECK((at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0' ==
		    code);
		is_last = at[3] != '-';
		CHECK(!is_last || at[3] == ' ' || at + 3 == lf - 1);
		at = lf + 1;
		lines++;
	}
	CHECK(is_last && lines <= MAILIN_CLIENT_LINES);
}

static void
check_reply(const struct mailin_client_reply *reply)
{
	size_t i, len = strlen(reply->enhanced);

	CHECK(reply->text.len <= MAILIN_CLIENT_TEXT);
	CHECK(mailin_utf8_valid(reply->text));
	for (i = 0; i < reply->text.len; i++) {
		unsigned char octet = (unsigned char)reply->text.ptr[i];

		CHECK((octet >= 0x20 && octet != 0x7f) || octet == '\n');
	}
	CHECK(len == 0 || (len >= 5 && len <= 9));
	CHECK(len == 0 || reply->enhanced[0] == '0' + reply->code / 100);
	CHECK(reply->code >= 200 && reply->code < 560);
	CHECK(reply->code < 300 || reply->code >= 400 ||
	    (reply->code == 354 && reply->of == MAILIN_CLIENT_DATA));
	CHECK(reply->of != MAILIN_CLIENT_NONE || reply->code == 421);
}

static void
note_reply(struct run *run, const struct mailin_client_reply *reply)
{
	char head[64];
	int len = snprintf(head, sizeof head, "%s %zu %d %s ",
	    mailin_client_step_name(reply->of), reply->rcpt, reply->code,
	    reply->enhanced);

	note(run, head, (size_t)len);
	note(run, reply->text.ptr, reply->text.len);
}

/* Feed one piece.  Returns false after a fault. */
static bool
feed(struct run *run, struct mailin_span piece, const char *original)
{
	struct mailin_client_reply reply;
	enum mailin_client_event event;
	const char *fault;
	size_t len = piece.len;

	while ((event = mailin_client_feed(run->client, &piece, &reply)) ==
	    MAILIN_CLIENT_REPLY) {
		const char *end = original + (len - piece.len);

		check_reply(&reply);
		check_octets(run, run->since, end, reply.code);
		run->since = end;
		note_reply(run, &reply);
		say_next(run, &reply);
		send_output(run);
	}
	if (event == MAILIN_CLIENT_MORE) {
		CHECK(piece.len == 0);
		return true;
	}
	fault = mailin_client_fault_name(
	    mailin_client_fault_found(run->client));
	note(run, fault, strlen(fault));
	CHECK(mailin_client_output(run->client).len == 0);
	CHECK(mailin_client_noop(run->client) == MAILIN_ERROR_STATE);
	return false;
}

/* Returns the length of the next piece, which ends before the octet of a
 * handshake. */
static size_t
piece_len(struct mailin_span rest, size_t step)
{
	const char *tls = memchr(rest.ptr + 1, TLS_OCTET, rest.len - 1);

	if (tls != NULL)
		rest.len = (size_t)(tls - rest.ptr);
	return rest.len < step ? rest.len : step;
}

static bool
is_handshake(struct run *run, const char *at)
{
	if (*at != TLS_OCTET ||
	    mailin_client_tls_started(run->client) != MAILIN_OK)
		return false;
	run->since = at + 1;
	CHECK(mailin_client_hello(run->client) == MAILIN_OK);
	send_output(run);
	return true;
}

/* Feed the octets of the server in pieces, each in a block of its size. */
static void
run_client(struct run *run, const struct input *input, size_t step)
{
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
		.protocol = (input->flags & FLAG_LMTP) != 0 ?
		    MAILIN_PROTOCOL_LMTP :
		    MAILIN_PROTOCOL_SMTP,
		.syntax = (input->flags & FLAG_RELAXED) != 0 ?
		    MAILIN_SYNTAX_RELAXED :
		    MAILIN_SYNTAX_STRICT,
		.recipients = 3,
	};
	struct mailin_span rest = input->server;
	bool goes_on = true;

	run->input = input;
	run->client = mailin_client_new(&options);
	CHECK(run->client != NULL);
	run->since = input->server.ptr;
	run->len = 0;
	while (rest.len > 0 && goes_on) {
		bool is_tls = is_handshake(run, rest.ptr);
		size_t len = is_tls ? 1 : piece_len(rest, step);

		if (!is_tls) {
			char *copy = check_copy(rest.ptr, len);

			goes_on = feed(run, (struct mailin_span){ copy, len },
			    rest.ptr);
			free(copy);
		}
		rest.ptr += len;
		rest.len -= len;
	}
	mailin_client_eof(run->client);
	CHECK(mailin_client_quit(run->client) == MAILIN_ERROR_STATE);
	mailin_client_free(run->client);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole, parts;
	struct input input;
	size_t value_len;

	if (size < 3 || size > 1 << 14)
		return 0;
	value_len = data[2] < size - 3 ? data[2] : size - 3;
	input = (struct input){
		.flags = data[0],
		.step = (size_t)data[1] + 1,
		.value = { (const char *)data + 3, value_len },
		.server = { (const char *)data + 3 + value_len,
		    size - 3 - value_len },
	};
	run_client(&whole, &input, input.server.len + 1);
	run_client(&parts, &input, input.step);
	CHECK(whole.len == parts.len);
	CHECK(memcmp(whole.log, parts.log, whole.len) == 0);
	return 0;
}
