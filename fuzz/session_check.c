/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session_stream.h"

void
pile_add(struct pile *pile, const void *octets, size_t len)
{
	if (pile->room - pile->len < len) {
		pile->room = 2 * pile->room + len;
		pile->octets = realloc(pile->octets, pile->room);
		CHECK(pile->octets != NULL);
	}
	if (len > 0)
		memcpy(pile->octets + pile->len, octets, len);
	pile->len += len;
}

void
check_free(struct check *check)
{
	free(check->log.octets);
	free(check->out.octets);
	free(check->message.octets);
}

void
check_event(struct check *check, const char *name)
{
	CHECK(!check->closed);
	check->in_data = false;
	pile_add(&check->log, "\n", 1);
	pile_add(&check->log, name, strlen(name));
}

void
check_printable(struct check *check, struct mailin_span field)
{
	size_t i;

	CHECK(field.ptr != NULL || field.len == 0);
	for (i = 0; i < field.len; i++) {
		unsigned char octet = (unsigned char)field.ptr[i];

		CHECK(octet >= 0x20 && octet != 0x7f);
	}
	pile_add(&check->log, " ", 1);
	pile_add(&check->log, field.ptr, field.len);
}

/* A field has no control character, and UTF-8 only if allowed (property 38). */
void
check_field(struct check *check, struct mailin_span field, bool utf8)
{
	size_t i;

	check_printable(check, field);
	for (i = 0; i < field.len; i++)
		CHECK((unsigned char)field.ptr[i] < 0x80 || utf8);
	CHECK(mailin_utf8_valid(field));
}

void
check_parameters(struct check *check, struct mailin_span text)
{
	struct mailin_span keyword, value;

	while (mailin_parameter_next(&text, &keyword, &value)) {
		check_field(check, keyword, false);
		check_field(check, value, true);
	}
}

void
check_path(struct check *check, const struct mailin_path *path)
{
	check_field(check, path->text, path->utf8);
	check_field(check, path->local, path->utf8);
	check_field(check, path->domain, path->utf8);
	CHECK((path->kind == MAILIN_PATH_MAILBOX) == (path->domain.len > 0));
	CHECK(path->kind <= MAILIN_PATH_UNQUALIFIED);
}

void
check_decision(struct check *check)
{
	uint64_t token = mailin_session_decision(check->session);

	CHECK(token > check->token);
	check->token = token;
}

/* ---- The message --------------------------------------------------------- */

static const struct mailin_config *
config_of(const struct check *check)
{
	return mailin_session_config(check->session);
}

static bool
is_lmtp(const struct check *check)
{
	return mailin_config_policy(config_of(check), MAILIN_POLICY_PROTOCOL) ==
	    MAILIN_PROTOCOL_LMTP;
}

void
check_data_start(struct check *check)
{
	struct mailin_mail mail;

	/* MAIL and a RCPT were accepted before (property 15). */
	CHECK(mailin_session_rcpt_count(check->session) > 0);
	CHECK(mailin_session_mail(check->session, &mail));
	check->octets = 0;
	check->last_octet = '\0';
	check->ends = 0;
	check->message.len = 0;
	check_event(check, "data_start");
}

/* Bare CR or LF are only possible with PRESERVE or in binary data. */
static bool
may_be_bare(const struct check *check)
{
	struct mailin_mail mail;

	CHECK(mailin_session_mail(check->session, &mail));
	return mail.body == MAILIN_BODY_BINARYMIME ||
	    mailin_config_policy(config_of(check),
		MAILIN_POLICY_BARE_NEWLINE) == MAILIN_BARE_NEWLINE_PRESERVE;
}

void
check_data(struct check *check, struct mailin_span octets)
{
	uint64_t most = mailin_config_limit(config_of(check),
	    MAILIN_LIMIT_MESSAGE_SIZE);
	bool may = may_be_bare(check);
	size_t i;

	CHECK(!check->closed && !check->ended && check->ends == 0);
	CHECK(octets.len > 0);
	for (i = 0; i < octets.len && !may; i++) {
		CHECK((octets.ptr[i] == '\n') == (check->last_octet == '\r'));
		check->last_octet = octets.ptr[i];
	}
	check->octets += octets.len;
	CHECK(most == 0 || check->octets <= most);
	if (!check->in_data)
		check_event(check, "data ");
	check->in_data = true;
	pile_add(&check->log, octets.ptr, octets.len);
	pile_add(&check->message, octets.ptr, octets.len);
}

void
check_data_end(struct check *check, const struct mailin_rcpt *rcpt)
{
	struct mailin_facts facts = mailin_session_facts(check->session);
	char text[64];

	CHECK(!check->ended && check->last_octet != '\r');
	CHECK(facts.octets == check->octets);
	stream_message_end(check);
	CHECK((rcpt != NULL) == is_lmtp(check));
	CHECK(++check->ends <=
	    (rcpt == NULL ? 1 : mailin_session_rcpt_count(check->session)));
	snprintf(text, sizeof text, "data_end %d%d%d%d%d", facts.eight_bit,
	    facts.nul, facts.bare_cr, facts.bare_lf, facts.long_line);
	check_event(check, text);
	if (rcpt != NULL)
		check_path(check, &rcpt->path);
}

void
check_transaction_end(struct check *check, bool delivered)
{
	struct mailin_mail mail;

	CHECK(mailin_session_mail(check->session, &mail));
	CHECK(!check->ended && (!delivered || check->ends > 0));
	check->ended = true;
	check->in_transaction = false;
}

/* ---- Replies ------------------------------------------------------------- */

/* There must be one reply to each line and one to the end of a message; in
 * LMTP, the end of a message has one for each recipient (property 23). */
static void
check_replies(const struct check *check)
{
	size_t ends = is_lmtp(check) ? check->recipients : 1;

	if (check->memory_fails || !check->any_line)
		return;
	if (check->has_3xx)
		CHECK(check->replies == 1 + ends);
	else if (!check->is_response &&
	    (check->verb == MAILIN_VERB_BDAT ||
		check->verb == MAILIN_VERB_BURL))
		CHECK(check->replies == 1 || check->replies == ends);
	else
		CHECK(check->replies == 1);
}

void
check_line_in(struct check *check, struct mailin_span line)
{
	static const char verbs[][6] = { "DATA", "BDAT ", "BURL " };
	struct mailin_span word = line;
	struct mailin_mail mail;
	size_t i;

	CHECK(!check->closed);
	check_replies(check);
	check->is_response = check->is_challenge;
	stream_line(check, line);
	check->any_line = true;
	check->ended &= mailin_session_mail(check->session, &mail);
	check->verb = MAILIN_VERB_UNKNOWN;
	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		word.len = strlen(verbs[i]);
		if (line.len >= word.len && mailin_span_iequal(word, verbs[i]))
			check->verb = i == 0 ? MAILIN_VERB_DATA :
			    i == 1           ? MAILIN_VERB_BDAT :
					       MAILIN_VERB_BURL;
	}
	check->recipients = mailin_session_rcpt_count(check->session);
	check->replies = 0;
	check->has_3xx = false;
}

void
check_line_out(struct check *check, struct mailin_span line)
{
	CHECK(line.len >= 4 && line.len <= 510);
	stream_reply(check, line);
	if (line.ptr[3] != ' ')
		return;
	check->replies++;
	check->is_challenge = memcmp(line.ptr, "334", 3) == 0;
	if (check->verb == MAILIN_VERB_DATA && check->replies == 1 &&
	    line.ptr[0] == '3') {
		check->has_3xx = true;
		stream_message(check);
	}
}

static bool
is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

/* If text begins with an enhanced code, "d.d.d", its class must be that of the
 * reply (property 42).  Do not call this for texts of the handler, which may
 * look like a code. */
static void
check_enhanced(struct mailin_span text, char class)
{
	size_t i = 0, dots = 0;

	while (i < text.len &&
	    (is_digit(text.ptr[i]) || (i > 0 && text.ptr[i] == '.')))
		dots += text.ptr[i++] == '.';
	if (dots == 2 && i < text.len && text.ptr[i] == ' ')
		CHECK(text.ptr[0] == class && text.ptr[1] == '.');
}

/* Check the form of a line of a reply (property 40).  Returns its length. */
static size_t
check_reply_line(struct mailin_span out, const char *end, const char **code)
{
	size_t i, len = (size_t)(end - out.ptr) + 1;

	CHECK(len >= 6 && len <= 512 && end[-1] == '\r');
	for (i = 0; i < 3; i++)
		CHECK(is_digit(out.ptr[i]));
	CHECK(out.ptr[0] >= '2' && out.ptr[0] <= '5');
	CHECK(out.ptr[3] == ' ' || out.ptr[3] == '-');
	for (i = 4; i < len - 2; i++)
		CHECK(out.ptr[i] >= 0x20 && out.ptr[i] < 0x7f);
	CHECK(*code == NULL || memcmp(*code, out.ptr, 3) == 0);
	*code = out.ptr[3] == '-' ? out.ptr : NULL;
	return len;
}

void
check_output(const struct check *check)
{
	struct mailin_span out = { check->out.octets, check->out.len };
	const char *end, *code = NULL;
	size_t len;

	while (out.len > 0) {
		end = memchr(out.ptr, '\n', out.len);
		if (end == NULL && check->aborted)
			return;
		CHECK(end != NULL);
		len = check_reply_line(out, end, &code);
		if (!check->has_texts)
			check_enhanced(
			    (struct mailin_span){ out.ptr + 4, len - 6 },
			    out.ptr[0]);
		out.ptr += len;
		out.len -= len;
	}
	CHECK(code == NULL || check->aborted);
}

/* ---- The end ------------------------------------------------------------- */

void
check_close(struct check *check)
{
	CHECK(!check->closed && !check->in_transaction);
	check->closed = true;
}

/* The session must read no more input (property 13). */
void
check_ended(struct check *check)
{
	size_t len = check->log.len;
	uint64_t token = check->token;

	CHECK(check->closed);
	CHECK(mailin_session_want(check->session) == MAILIN_WANT_CLOSE);
	CHECK(mailin_session_feed(check->session, "QUIT\r\n", 6) == 0);
	CHECK(mailin_session_output(check->session).len == 0);
	CHECK(mailin_session_decision(check->session) == 0);
	CHECK(mailin_session_resume(check->session, token, MAILIN_REPLY_OK) ==
	    MAILIN_ERROR_STALE);
	CHECK(check->log.len == len);
}
