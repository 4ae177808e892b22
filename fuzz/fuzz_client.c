/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: a client, and a server that sends any octets.  The first octet
 * of the input is a set of flags, the second one the length of the pieces, the
 * third one the length of a value.  Then comes the value; it is put into each
 * place of the envelope, and is also the message.  The rest of the input is
 * what the server sends.  Between two replies, three octets of it are not fed
 * to the client, but control the run:
 *
 *	0x16	the TLS handshake, if STARTTLS was accepted
 *	0x0e	from now on the last octet of the output is not sent, and
 *		messages are not ended
 *	0x0f	from now on the last octet is sent, and messages are ended
 *
 * After a reply whose code ends in 9 the client says nothing.
 */
#include "client_run.h"

#define TLS_OCTET  0x16
#define HOLD_OCTET 0x0e
#define SEND_OCTET 0x0f

static void
note_reply(struct run *run, const struct mailin_client_reply *reply)
{
	char head[64];
	int len = snprintf(head, sizeof head, "%s %zu %d %s ",
	    mailin_client_step_name(reply->of), reply->rcpt, reply->code,
	    reply->enhanced);

	run_note(run, head, (size_t)len);
	run_note(run, reply->text.ptr, reply->text.len);
}

/* Check a reply that the client has read.  end is the octet after it. */
static void
take_reply(struct run *run, const struct mailin_client_reply *reply,
    const char *end, bool is_unread)
{
	observer_reply(&run->observer, reply,
	    (struct mailin_span){ run->since, (size_t)(end - run->since) });
	run->since = end;
	note_reply(run, reply);
	observer_between(&run->observer, false);
	/* V62: the client has unread octets that came in clear, so the
	 * handshake must not begin. */
	CHECK(!is_unread ||
	    mailin_client_tls_started(run->client) == MAILIN_ERROR_STATE);
	if (reply->code == 421) {
		CHECK(mailin_client_output(run->client).len == 0);
		CHECK(mailin_client_quit(run->client) == MAILIN_ERROR_STATE);
	}
	run_next(run, reply);
	run_send(run);
}

/* Feed one piece.  Returns false after a fault. */
static bool
feed(struct run *run, struct mailin_span piece, const char *original)
{
	struct mailin_client_reply reply;
	enum mailin_client_event event;
	const char *fault;
	size_t len = piece.len;
	bool is_tls = run->observer.phase == OBSERVER_TLS;

	while ((event = mailin_client_feed(run->client, &piece, &reply)) ==
	    MAILIN_CLIENT_REPLY) {
		take_reply(run, &reply, original + (len - piece.len),
		    piece.len > 0);
		is_tls = run->observer.phase == OBSERVER_TLS && piece.len > 0;
	}
	if (event == MAILIN_CLIENT_MORE) {
		CHECK(piece.len == 0 && !is_tls);
		observer_between(&run->observer, run->since < original + len);
		return true;
	}
	CHECK(!is_tls ||
	    mailin_client_fault_found(run->client) ==
		MAILIN_CLIENT_FAULT_CLEAR);
	fault = mailin_client_fault_name(
	    mailin_client_fault_found(run->client));
	run_note(run, fault, strlen(fault));
	CHECK(mailin_client_output(run->client).len == 0);
	CHECK(mailin_client_noop(run->client) == MAILIN_ERROR_STATE);
	return false;
}

/* Returns true for a control octet, which is not fed to the client. */
static bool
is_control(char octet)
{
	return octet == TLS_OCTET || octet == HOLD_OCTET || octet == SEND_OCTET;
}

/* Returns the length of the next piece, which ends before a control octet. */
static size_t
piece_len(struct mailin_span rest, size_t step)
{
	size_t len = 1;

	while (len < rest.len && len < step && !is_control(rest.ptr[len]))
		len++;
	return len;
}

/* Carry out a control octet.  Returns false if the octet is no control octet,
 * or must be fed to the client. */
static bool
take_control(struct run *run, const char *at)
{
	if (at > run->since || !is_control(*at))
		return false;
	if (*at == TLS_OCTET) {
		if (mailin_client_tls_started(run->client) != MAILIN_OK)
			return false;
		observer_tls(&run->observer);
		run_hello(run);
	} else {
		run->is_held = *at == HOLD_OCTET;
	}
	run_send(run);
	run->since = at + 1;
	return true;
}

/* The server closes the connection.  This must be a fault if the client waits
 * for anything. */
static void
end_run(struct run *run, bool is_reading)
{
	bool is_missing = run->observer.count > 0 || is_reading ||
	    run->observer.phase == OBSERVER_BODY;
	enum mailin_client_fault fault = mailin_client_fault_found(run->client);

	if (fault == MAILIN_CLIENT_FAULT_NONE && is_missing)
		fault = MAILIN_CLIENT_FAULT_EOF;
	mailin_client_eof(run->client);
	CHECK(mailin_client_fault_found(run->client) == fault);
	CHECK(mailin_client_quit(run->client) == MAILIN_ERROR_STATE);
	mailin_client_free(run->client);
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
		.recipients = OBSERVER_RECIPIENTS,
	};
	struct mailin_span rest = input->server;
	bool goes_on = true;

	run->input = input;
	run->step = step;
	run->client = mailin_client_new(&options);
	CHECK(run->client != NULL);
	observer_start(&run->observer, run->client,
	    (input->flags & FLAG_LMTP) != 0,
	    (input->flags & FLAG_RELAXED) != 0);
	run->is_held = false;
	run->line_len = run->len = 0;
	run->since = input->server.ptr;
	while (rest.len > 0 && goes_on) {
		bool is_taken = take_control(run, rest.ptr);
		size_t len = is_taken ? 1 : piece_len(rest, step);
		if (!is_taken) {
			char *copy = check_copy(rest.ptr, len);

			goes_on = feed(run, (struct mailin_span){ copy, len },
			    rest.ptr);
			check_drop(copy, len);
		}
		rest.ptr += len;
		rest.len -= len;
	}
	end_run(run, run->since < rest.ptr);
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
	/* Property 57. */
	run_client(&parts, &input, input.step);
	CHECK(whole.len == parts.len);
	CHECK(memcmp(whole.log, parts.log, whole.len) == 0);
	return 0;
}
