/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/envelope.h"

/* The maximum memory that a session keeps for its next message: octets of
 * lines, and number of recipients. */
#define KEEP_LINES      512
#define KEEP_RECIPIENTS 8

static void
own_lines(struct mailin_envelope *envelope)
{
	envelope->lines = (struct mailin_buffer){ envelope->own_lines, 0,
		sizeof envelope->own_lines };
}

static void
own_recipients(struct mailin_envelope *envelope)
{
	envelope->recipients = envelope->own_recipients;
	envelope->room = sizeof envelope->own_recipients /
	    sizeof envelope->own_recipients[0];
}

/* Free memory that came from the allocator. */
static void
free_lines(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	if (envelope->lines.octets != envelope->own_lines)
		mailin_buffer_free(&envelope->lines, allocator);
}

static void
free_recipients(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	if (envelope->recipients != envelope->own_recipients)
		mailin_free(allocator, envelope->recipients);
}

void
mailin_envelope_init(struct mailin_envelope *envelope)
{
	own_lines(envelope);
	own_recipients(envelope);
}

bool
mailin_envelope_grow_recipients(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	size_t room = 2 * envelope->room;
	struct mailin_recipient *recipients = mailin_alloc(allocator,
	    room * sizeof *recipients);

	if (recipients == NULL)
		return false;
	memcpy(recipients, envelope->recipients,
	    envelope->count * sizeof *recipients);
	free_recipients(envelope, allocator);
	envelope->recipients = recipients;
	envelope->room = room;
	return true;
}

bool
mailin_envelope_grow_lines(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator, size_t room)
{
	struct mailin_buffer lines = { .len = 0 };

	if (envelope->lines.octets != envelope->own_lines)
		return mailin_buffer_grow(&envelope->lines, allocator, room);
	if (!mailin_buffer_grow(&lines, allocator, room))
		return false;
	mailin_buffer_append(&lines, envelope->lines.octets,
	    envelope->lines.len);
	envelope->lines = lines;
	return true;
}

void
mailin_envelope_set_mail(struct mailin_envelope *envelope,
    struct mailin_span line)
{
	mailin_buffer_append(&envelope->lines, line.ptr, line.len);
	envelope->mail_len = line.len;
}

void
mailin_envelope_add_rcpt(struct mailin_envelope *envelope,
    struct mailin_span line)
{
	envelope->recipients[envelope->count++] = (struct mailin_recipient){
		.start = envelope->lines.len,
		.len = line.len,
	};
	mailin_buffer_append(&envelope->lines, line.ptr, line.len);
}

static struct mailin_span
domain_of(const struct mailin_envelope *envelope,
    const struct mailin_recipient *recipient)
{
	return (struct mailin_span){ envelope->lines.octets +
		    recipient->domain_start,
		recipient->domain_len };
}

bool
mailin_envelope_has_domain(const struct mailin_envelope *envelope,
    struct mailin_span domain)
{
	size_t at;

	for (at = envelope->last_domain; at != 0;
	     at = envelope->recipients[at - 1].previous)
		if (mailin_span_iequal_span(
			domain_of(envelope, &envelope->recipients[at - 1]),
			domain))
			return true;
	return false;
}

void
mailin_envelope_count_domain(struct mailin_envelope *envelope,
    struct mailin_span line, struct mailin_span domain)
{
	struct mailin_recipient *recipient;

	if (mailin_envelope_has_domain(envelope, domain))
		return;
	recipient = &envelope->recipients[envelope->count - 1];
	recipient->domain_len = domain.len;
	recipient->domain_start = domain.len == 0 ?
	    0 :
	    recipient->start + (size_t)(domain.ptr - line.ptr);
	recipient->previous = envelope->last_domain;
	envelope->last_domain = envelope->count;
	envelope->domains++;
}

bool
mailin_envelope_mail(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, struct mailin_mail *mail)
{
	struct mailin_command command;

	if (!envelope_has_sender(envelope))
		return false;
	mailin_command_parse_as(&command, syntax, envelope->lines.octets,
	    envelope->mail_len);
	*mail = command.mail;
	return true;
}

bool
mailin_envelope_rcpt(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, size_t index, struct mailin_rcpt *rcpt)
{
	const struct mailin_recipient *recipient;
	struct mailin_command command;

	if (index >= envelope->count)
		return false;
	recipient = &envelope->recipients[index];
	mailin_command_parse_as(&command, syntax,
	    envelope->lines.octets + recipient->start, recipient->len);
	*rcpt = command.rcpt;
	return true;
}

void
mailin_envelope_clear(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	size_t i;

	for (i = 0; i < envelope->count; i++)
		mailin_free(allocator, envelope->recipients[i].verdict.custom);
	if (envelope->lines.room > KEEP_LINES) {
		free_lines(envelope, allocator);
		own_lines(envelope);
	}
	if (envelope->room > KEEP_RECIPIENTS) {
		free_recipients(envelope, allocator);
		own_recipients(envelope);
	}
	envelope->lines.len = 0;
	envelope->count = 0;
	envelope->mail_len = 0;
	envelope->domains = 0;
	envelope->last_domain = 0;
}

void
mailin_envelope_free(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	free_lines(envelope, allocator);
	free_recipients(envelope, allocator);
}
