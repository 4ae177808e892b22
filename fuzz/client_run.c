/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "client_octets.h"
#include "client_run.h"

void
run_note(struct run *run, const char *octets, size_t len)
{
	if (len > sizeof run->log - run->len)
		len = sizeof run->log - run->len;
	if (len > 0)
		memcpy(run->log + run->len, octets, len);
	run->len += len;
}

/* ---- Output ---- */

/* Octets were sent: append them to the current line. */
static void
add_sent(struct run *run, const char *at, size_t len)
{
	const char *end = at + len;

	for (; at < end; at++) {
		CHECK(run->line_len < sizeof run->line);
		run->line[run->line_len++] = *at;
		if (*at != '\n')
			continue;
		CHECK(run->line_len >= 2);
		CHECK(run->line[run->line_len - 2] == '\r');
		observer_line(&run->observer,
		    (struct mailin_span){ run->line, run->line_len });
		run->line_len = 0;
	}
}

void
run_send(struct run *run)
{
	struct mailin_span out;

	while ((out = mailin_client_output(run->client)).len > run->is_held) {
		size_t len = out.len - run->is_held;
		char *copy = check_copy(out.ptr, len);

		CHECK(mailin_client_sent(run->client, out.len + 1) ==
		    MAILIN_ERROR_RANGE);
		run_note(run, copy, len);
		add_sent(run, copy, len);
		CHECK(mailin_client_sent(run->client, len) == MAILIN_OK);
		check_drop(copy, len);
	}
}

/* ---- Commands ---- */

/* Report a command to the observer, if the call that queues it has succeeded.
 * error is the result of that call. */
static void
queued(struct run *run, enum mailin_client_step step, enum mailin_error error)
{
	if (error == MAILIN_OK)
		observer_queued(&run->observer, step);
}

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
	enum mailin_error error;

	if ((run->input->flags & FLAG_ENVID) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ENVID);
	if ((run->input->flags & FLAG_AUTH) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	if ((run->input->flags & FLAG_UTF8) != 0)
		mail.parameters |= MAILIN_PARAMETER_BIT(
		    MAILIN_PARAMETER_SMTPUTF8);
	run->observer.mail_parameters = mail.parameters;
	run->observer.mail_local = mail.path.local;
	run->observer.mail_domain = mail.path.domain;
	error = mailin_client_mail(run->client, &mail);
	queued(run, MAILIN_CLIENT_MAIL, error);
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
	enum mailin_error error;

	if ((run->input->flags & FLAG_ORCPT) != 0)
		rcpt.parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ORCPT);
	run->observer.rcpt_parameters = rcpt.parameters;
	run->observer.rcpt_local = rcpt.path.local;
	run->observer.rcpt_domain = rcpt.path.domain;
	error = mailin_client_rcpt(run->client, &rcpt);
	queued(run, MAILIN_CLIENT_RCPT, error);
}

/* Give one piece of the message to the client, and record the output.  Returns
 * false if the client refuses a bare newline. */
static bool
say_piece(struct run *run, struct mailin_span piece)
{
	struct mailin_span out;

	while (piece.len > 0) {
		if (mailin_client_body(run->client, &piece, &out) != MAILIN_OK)
			return false;
		run_note(run, out.ptr, out.len);
		observer_message(&run->observer, out);
	}
	return true;
}

static void
say_message(struct run *run)
{
	struct mailin_span rest = run->input->value;
	bool is_right = true;

	run->observer.value = rest;
	while (rest.len > 0 && is_right) {
		size_t len = rest.len < run->step ? rest.len : run->step;

		is_right = say_piece(run,
		    (struct mailin_span){ rest.ptr, len });
		rest.ptr += len;
		rest.len -= len;
	}
	if (is_right && run->is_held)
		return;
	if (is_right && mailin_client_body_end(run->client) == MAILIN_OK) {
		observer_queued(&run->observer, MAILIN_CLIENT_MESSAGE);
		return;
	}
	CHECK(octets_are_bare(run->input->value));
	CHECK(mailin_client_body_end(run->client) == MAILIN_ERROR_STATE);
	run->observer.phase = OBSERVER_CLOSED;
}

static void
say_attributes(struct run *run)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	size_t before = mailin_client_awaited(run->client);
	int i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = run->input->value;
	if (mailin_client_xforward(run->client, values) != MAILIN_OK)
		return;
	/* The command may have several lines.  Each line has a reply. */
	while (before < mailin_client_awaited(run->client)) {
		observer_queued(&run->observer, MAILIN_CLIENT_XFORWARD);
		before++;
	}
}

void
run_hello(struct run *run)
{
	enum mailin_error error = MAILIN_ERROR_SYNTAX;

	if ((run->input->flags & FLAG_DOMAIN) != 0)
		error = mailin_client_hello_as(run->client, run->input->value);
	if (error != MAILIN_OK)
		error = mailin_client_hello(run->client);
	queued(run, MAILIN_CLIENT_HELLO, error);
}

/* Respond to a challenge of SCRAM with the value of the input.  If the value is
 * empty, cancel the exchange first. */
static void
say_response(struct run *run)
{
	if (run->input->value.len == 0)
		queued(run, MAILIN_CLIENT_CANCEL,
		    mailin_client_auth_cancel(run->client));
	queued(run, MAILIN_CLIENT_RESPONSE,
	    mailin_client_auth_respond(run->client, run->input->value));
}

void
run_next(struct run *run, const struct mailin_client_reply *reply)
{
	if (reply->code % 10 == 9)
		return;
	switch (reply->of) {
	case MAILIN_CLIENT_GREETING:
	case MAILIN_CLIENT_XCLIENT:
		run_hello(run);
		break;
	case MAILIN_CLIENT_HELLO:
		run->observer.value = run->input->value;
		queued(run, MAILIN_CLIENT_STARTTLS,
		    mailin_client_starttls(run->client));
		queued(run, MAILIN_CLIENT_SASL,
		    mailin_client_auth(run->client, "SCRAM-SHA-256",
			run->input->value));
		queued(run, MAILIN_CLIENT_AUTH,
		    mailin_client_auth_plain(run->client, "user", "secret"));
		break;
	case MAILIN_CLIENT_SASL:
	case MAILIN_CLIENT_RESPONSE:
		say_response(run);
		break;
	case MAILIN_CLIENT_DATA:
		if (reply->code == 354)
			say_message(run);
		break;
	case MAILIN_CLIENT_MESSAGE:
		queued(run, MAILIN_CLIENT_RSET,
		    mailin_client_rset(run->client));
		break;
	default:
		break;
	}
	say_attributes(run);
	say_mail(run);
	say_rcpt(run);
	if (reply->of == MAILIN_CLIENT_RCPT && reply->rcpt < 2)
		say_rcpt(run);
	queued(run, MAILIN_CLIENT_DATA, mailin_client_data(run->client));
	queued(run, MAILIN_CLIENT_NOOP, mailin_client_noop(run->client));
	if (reply->of == MAILIN_CLIENT_NOOP || reply->code == 503)
		queued(run, MAILIN_CLIENT_QUIT,
		    mailin_client_quit(run->client));
}
