/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "client_observer.h"
#include "client_octets.h"
#include "client_sasl.h"

#define BIT MAILIN_PARAMETER_BIT

void
observer_start(struct observer *observer, const struct mailin_client *client,
    bool lmtp, bool relaxed)
{
	*observer = (struct observer){ .client = client,
		.lmtp = lmtp,
		.relaxed = relaxed };
	observer->steps[0] = MAILIN_CLIENT_GREETING;
	observer->count = observer->sent = 1;
}

static void
begin_transaction(struct observer *observer)
{
	observer->phase = OBSERVER_MAIL;
	observer->smtputf8 = (observer->mail_parameters &
				 BIT(MAILIN_PARAMETER_SMTPUTF8)) != 0;
	observer->rcpts = observer->verdicts = observer->taken_count = 0;
}

/* ---- Commands ---- */

/* Returns true if the command of the step is allowed in the current phase. */
static bool
is_in_place(const struct observer *observer, enum mailin_client_step step)
{
	switch (step) {
	case MAILIN_CLIENT_HELLO:
	case MAILIN_CLIENT_NOOP:
		return observer->phase <= OBSERVER_MAIL;
	case MAILIN_CLIENT_RCPT:
		return observer->phase == OBSERVER_MAIL;
	case MAILIN_CLIENT_DATA:
		return observer->phase == OBSERVER_MAIL &&
		    observer->taken_count > 0;
	case MAILIN_CLIENT_MESSAGE:
		return observer->phase == OBSERVER_BODY;
	case MAILIN_CLIENT_RESPONSE:
	case MAILIN_CLIENT_CANCEL:
		return observer->phase == OBSERVER_CHALLENGE;
	case MAILIN_CLIENT_RSET:
		return observer->phase == OBSERVER_READY ||
		    observer->phase == OBSERVER_MAIL;
	case MAILIN_CLIENT_QUIT:
		return observer->phase <= OBSERVER_MAIL ||
		    observer->phase == OBSERVER_REFUSED;
	default:
		return observer->phase == OBSERVER_READY;
	}
}

/* Returns true if the second command may come before the reply to the first one
 * (RFC 2920 3.1). */
static bool
may_follow(enum mailin_client_step before, enum mailin_client_step step)
{
	bool is_inner = step == MAILIN_CLIENT_XFORWARD ||
	    step == MAILIN_CLIENT_MAIL || step == MAILIN_CLIENT_RCPT;

	return is_inner &&
	    (before == MAILIN_CLIENT_XFORWARD || before == MAILIN_CLIENT_RSET ||
		before == MAILIN_CLIENT_MAIL || before == MAILIN_CLIENT_RCPT);
}

void
observer_queued(struct observer *observer, enum mailin_client_step step)
{
	CHECK(observer->count < MAILIN_CLIENT_AWAITED);
	CHECK(is_in_place(observer, step));
	CHECK(observer->count == 0 ||
	    may_follow(observer->steps[observer->count - 1], step));
	observer->steps[observer->count++] = step;
	if (step == MAILIN_CLIENT_MAIL)
		begin_transaction(observer);
	if (step == MAILIN_CLIENT_RSET || step == MAILIN_CLIENT_MESSAGE)
		observer->phase = OBSERVER_READY;
}

/* ---- Lines ---- */

void
observer_message(struct observer *observer, struct mailin_span octets)
{
	CHECK(octets.len <= sizeof observer->message - observer->message_len);
	if (octets.len > 0)
		memcpy(observer->message + observer->message_len, octets.ptr,
		    octets.len);
	observer->message_len += octets.len;
}

/* Check a line of the message.  Returns true if it was the last line. */
static bool
ends_message(struct observer *observer, struct mailin_span line)
{
	char right[sizeof observer->message];
	size_t len;

	observer_message(observer, line);
	if (!mailin_span_equal(line, ".\r\n"))
		return false;
	len = octets_stuff(observer->value, right);
	CHECK(observer->message_len == len);
	CHECK(memcmp(observer->message, right, len) == 0);
	observer->message_len = 0;
	return true;
}

static void
check_mail(const struct observer *observer, const struct mailin_mail *mail)
{
	/* clang-format off */
	static const struct { enum mailin_parameter one; char keyword[9]; }
	offers[] = {
		{ MAILIN_PARAMETER_SIZE,     "SIZE" },
		{ MAILIN_PARAMETER_ENVID,    "DSN" },
		{ MAILIN_PARAMETER_AUTH,     "AUTH" },
		{ MAILIN_PARAMETER_SMTPUTF8, "SMTPUTF8" },
	};
	/* clang-format on */
	uint32_t right = 0;
	size_t i;

	for (i = 0; i < sizeof offers / sizeof *offers; i++)
		if (octets_offer(observer->hello, offers[i].keyword))
			right |= BIT(offers[i].one);
	CHECK(mail->parameters == (observer->mail_parameters & right));
	CHECK(mailin_span_iequal_span(mail->path.local, observer->mail_local));
	CHECK(octets_are_domain(mail->path.domain, observer->mail_domain,
	    observer->relaxed));
	CHECK(!mail->path.utf8 || observer->smtputf8);
	CHECK(mail->path.route.len == 0);
}

static void
check_rcpt(const struct observer *observer, const struct mailin_rcpt *rcpt)
{
	uint32_t right = octets_offer(observer->hello, "DSN") ?
	    observer->rcpt_parameters :
	    0;

	CHECK(rcpt->parameters == right);
	CHECK(mailin_span_iequal_span(rcpt->path.local, observer->rcpt_local));
	CHECK(octets_are_domain(rcpt->path.domain, observer->rcpt_domain,
	    observer->relaxed));
	CHECK(!(rcpt->path.utf8 || rcpt->orcpt_utf8) || observer->smtputf8);
}

/* Check that the line is the command of this step, and no other. */
static void
check_command(const struct observer *observer, enum mailin_client_step step,
    struct mailin_span line)
{
	static const enum mailin_verb verbs[MAILIN_CLIENT_COUNT] = {
		[MAILIN_CLIENT_HELLO] = MAILIN_VERB_EHLO,
		[MAILIN_CLIENT_STARTTLS] = MAILIN_VERB_STARTTLS,
		[MAILIN_CLIENT_AUTH] = MAILIN_VERB_AUTH,
		[MAILIN_CLIENT_XFORWARD] = MAILIN_VERB_XFORWARD,
		[MAILIN_CLIENT_MAIL] = MAILIN_VERB_MAIL,
		[MAILIN_CLIENT_RCPT] = MAILIN_VERB_RCPT,
		[MAILIN_CLIENT_DATA] = MAILIN_VERB_DATA,
		[MAILIN_CLIENT_RSET] = MAILIN_VERB_RSET,
		[MAILIN_CLIENT_NOOP] = MAILIN_VERB_NOOP,
		[MAILIN_CLIENT_QUIT] = MAILIN_VERB_QUIT,
	};
	struct mailin_command command;
	enum mailin_verb verb = verbs[step];

	if (step == MAILIN_CLIENT_HELLO && observer->lmtp)
		verb = MAILIN_VERB_LHLO;
	CHECK(mailin_command_parse_as(&command,
		  observer->relaxed ? MAILIN_SYNTAX_RELAXED :
				      MAILIN_SYNTAX_STRICT,
		  line.ptr, line.len) == line.len);
	CHECK(command.error == MAILIN_REPLY_OK);
	CHECK(command.verb == verb);
	if (step == MAILIN_CLIENT_MAIL)
		check_mail(observer, &command.mail);
	else if (step == MAILIN_CLIENT_RCPT)
		check_rcpt(observer, &command.rcpt);
	else if (step == MAILIN_CLIENT_AUTH)
		CHECK(
		    mailin_span_equal(line, "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"));
	CHECK(line.len <= 512 ||
	    ((step == MAILIN_CLIENT_MAIL || step == MAILIN_CLIENT_RCPT) &&
		line.len <= 2400));
}

void
observer_line(struct observer *observer, struct mailin_span line)
{
	enum mailin_client_step step;

	CHECK(observer->sent < observer->count);
	step = observer->steps[observer->sent];
	if (step == MAILIN_CLIENT_MESSAGE) {
		if (!ends_message(observer, line))
			return;
	} else if (!sasl_line(step, observer->value, line)) {
		check_command(observer, step, line);
	}
	CHECK(
	    observer->sent == 0 || octets_offer(observer->hello, "PIPELINING"));
	observer->sent++;
}

/* ---- Replies ---- */

/* Returns true if a reply to the step may have this code (RFC 5321 4.3.2, RFC
 * 3207 4, RFC 4954 6, and Postfix's READMEs). */
static bool
is_code_right(enum mailin_client_step step, int code)
{
	if (code >= 400)
		return code < 560 &&
		    (step != MAILIN_CLIENT_NONE || code == 421);
	switch (step) {
	case MAILIN_CLIENT_NONE:
	case MAILIN_CLIENT_CANCEL:
		return false;
	case MAILIN_CLIENT_GREETING:
	case MAILIN_CLIENT_STARTTLS:
	case MAILIN_CLIENT_XCLIENT:
		return code == 220;
	case MAILIN_CLIENT_AUTH:
		return code == 235;
	case MAILIN_CLIENT_SASL:
	case MAILIN_CLIENT_RESPONSE:
		return code == 235 || code == 334;
	case MAILIN_CLIENT_DATA:
		return code == 354;
	case MAILIN_CLIENT_QUIT:
		return code < 300;
	default:
		return code < 300 && code != 221;
	}
}

static void
check_text(const struct observer *observer,
    const struct mailin_client_reply *reply, struct mailin_span octets)
{
	static struct octets_reply right;
	bool utf8 = observer->smtputf8 && !observer->relaxed &&
	    reply->of >= MAILIN_CLIENT_MAIL &&
	    reply->of <= MAILIN_CLIENT_MESSAGE;
	size_t i;

	octets_read_reply(&right, octets,
	    observer->relaxed || sasl_has_challenge(reply->of) ? 2048 : 512,
	    observer->relaxed,
	    reply->code >= 400 ||
		(reply->of != MAILIN_CLIENT_GREETING &&
		    reply->of != MAILIN_CLIENT_HELLO));
	CHECK(reply->code == right.code);
	CHECK(strcmp(reply->enhanced, right.enhanced) == 0);
	if (reply->code == 334) {
		sasl_challenge(reply->text,
		    (struct mailin_span){ right.text, right.text_len });
		return;
	}
	CHECK(reply->text.len == right.text_len);
	CHECK(memcmp(reply->text.ptr, right.text, right.text_len) == 0);
	CHECK(mailin_utf8_valid(reply->text));
	for (i = 0; i < reply->text.len; i++)
		CHECK(utf8 || (unsigned char)reply->text.ptr[i] < 0x80);
}

static void
rcpt_replied(struct observer *observer, const struct mailin_client_reply *reply)
{
	CHECK(observer->rcpts < OBSERVER_RECIPIENTS);
	CHECK(reply->rcpt == observer->rcpts);
	if (reply->code < 300)
		observer->taken[observer->taken_count++] = observer->rcpts;
	observer->rcpts++;
}

/* Count a reply to the message.  Returns true if it is the last one: LMTP has
 * one reply for each recipient that was accepted, SMTP has only one. */
static bool
message_replied(struct observer *observer,
    const struct mailin_client_reply *reply)
{
	if (!observer->lmtp) {
		CHECK(reply->rcpt == 0);
		return true;
	}
	CHECK(observer->verdicts < observer->taken_count);
	CHECK(reply->rcpt == observer->taken[observer->verdicts]);
	return ++observer->verdicts == observer->taken_count;
}

/* Returns the phase after a reply to the step. */
static enum observer_phase
next_phase(const struct observer *observer, enum mailin_client_step step,
    int code)
{
	bool yes = code < 400;

	if (code == 334)
		return OBSERVER_CHALLENGE;
	switch (step) {
	case MAILIN_CLIENT_GREETING:
		return yes ? OBSERVER_FRESH : OBSERVER_REFUSED;
	case MAILIN_CLIENT_HELLO:
		return yes ? OBSERVER_READY : OBSERVER_FRESH;
	case MAILIN_CLIENT_STARTTLS:
		return yes ? OBSERVER_TLS : observer->phase;
	case MAILIN_CLIENT_XCLIENT:
		return yes ? OBSERVER_FRESH : observer->phase;
	case MAILIN_CLIENT_RESPONSE:
	case MAILIN_CLIENT_CANCEL:
		return OBSERVER_READY;
	case MAILIN_CLIENT_MAIL:
		return yes ? observer->phase : OBSERVER_READY;
	case MAILIN_CLIENT_DATA:
		return yes ? OBSERVER_BODY : observer->phase;
	case MAILIN_CLIENT_RSET:
		return yes ? observer->phase : OBSERVER_REFUSED;
	case MAILIN_CLIENT_QUIT:
		return OBSERVER_CLOSED;
	default:
		return observer->phase;
	}
}

static void
remove_first(struct observer *observer)
{
	observer->count--;
	observer->sent--;
	memmove(observer->steps, observer->steps + 1,
	    observer->count * sizeof *observer->steps);
}

void
observer_reply(struct observer *observer,
    const struct mailin_client_reply *reply, struct mailin_span octets)
{
	enum mailin_client_step step = reply->of;
	bool is_last = true;

	CHECK(observer->phase != OBSERVER_TLS);
	CHECK(step ==
	    (observer->sent > 0 ? observer->steps[0] : MAILIN_CLIENT_NONE));
	CHECK(is_code_right(step, reply->code));
	check_text(observer, reply, octets);
	if (step == MAILIN_CLIENT_HELLO)
		observer->hello = reply->code < 300 ? octets :
						      (struct mailin_span){ 0 };
	if (step == MAILIN_CLIENT_RCPT)
		rcpt_replied(observer, reply);
	else if (step == MAILIN_CLIENT_MESSAGE)
		is_last = message_replied(observer, reply);
	else
		CHECK(reply->rcpt == 0);
	if (observer->phase < OBSERVER_REFUSED || step == MAILIN_CLIENT_QUIT)
		observer->phase = next_phase(observer, step, reply->code);
	if (reply->code == 421)
		observer->phase = OBSERVER_CLOSED;
	if (step != MAILIN_CLIENT_NONE && is_last)
		remove_first(observer);
}

void
observer_tls(struct observer *observer)
{
	unsigned i;

	CHECK(observer->phase == OBSERVER_TLS);
	observer->phase = OBSERVER_FRESH;
	observer->hello = (struct mailin_span){ 0 };
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		CHECK(!mailin_client_offers(observer->client,
		    (enum mailin_extension)i));
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		CHECK(!mailin_client_offers_mechanism(observer->client,
		    (enum mailin_mechanism)i));
}

/* mailin_client_ready() must return true if, and only if, no transaction is
 * open, no reply is awaited, and no part of a reply has been read. */
void
observer_between(const struct observer *observer, bool is_reading)
{
	if (mailin_client_fault_found(observer->client) !=
	    MAILIN_CLIENT_FAULT_NONE)
		return;
	CHECK(mailin_client_ready(observer->client) ==
	    (observer->phase == OBSERVER_READY && observer->count == 0 &&
		!is_reading));
	CHECK(mailin_client_awaits(observer->client) ==
	    (observer->count > 0 ? observer->steps[0] : MAILIN_CLIENT_NONE));
}
