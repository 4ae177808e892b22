/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "envelope.h"

/* What a used session may keep between messages. */
#define KEEP_LINES      512
#define KEEP_RECIPIENTS 8

static bool
reserve_recipient(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	size_t room = envelope->room == 0 ? 4 : 2 * envelope->room;
	struct mailin_recipient *recipients;

	if (envelope->count < envelope->room)
		return true;
	recipients = mailin_alloc(allocator, room * sizeof *recipients);
	if (recipients == NULL)
		return false;
	if (envelope->count > 0)
		memcpy(recipients, envelope->recipients,
		    envelope->count * sizeof *recipients);
	mailin_free(allocator, envelope->recipients);
	envelope->recipients = recipients;
	envelope->room = room;
	return true;
}

bool
mailin_envelope_reserve(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator, size_t line_len)
{
	return mailin_buffer_reserve(&envelope->lines, allocator,
	    envelope->lines.len + line_len) &&
	    reserve_recipient(envelope, allocator);
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
	return (struct mailin_span){
		envelope->lines.octets + recipient->domain_start,
		recipient->domain_len
	};
}

bool
mailin_envelope_has_domain(const struct mailin_envelope *envelope,
    struct mailin_span domain)
{
	size_t at;

	for (at = envelope->last_domain; at != 0;
	    at = envelope->recipients[at - 1].previous)
		if (mailin_span_same(domain_of(envelope,
		    &envelope->recipients[at - 1]), domain))
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
	recipient->domain_start = domain.len == 0 ? 0
	    : recipient->start + (size_t)(domain.ptr - line.ptr);
	recipient->previous = envelope->last_domain;
	envelope->last_domain = envelope->count;
	envelope->domains++;
}

bool
mailin_envelope_mail(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, struct mailin_mail *mail)
{
	struct mailin_command command;

	if (envelope->mail_len == 0)
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
	mailin_buffer_trim(&envelope->lines, allocator, KEEP_LINES);
	if (envelope->room > KEEP_RECIPIENTS) {
		mailin_free(allocator, envelope->recipients);
		envelope->recipients = NULL;
		envelope->room = 0;
	}
	envelope->count = 0;
	envelope->mail_len = 0;
	envelope->domains = 0;
	envelope->last_domain = 0;
}

void
mailin_envelope_free(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator)
{
	mailin_envelope_clear(envelope, allocator);
	mailin_buffer_free(&envelope->lines, allocator);
	mailin_free(allocator, envelope->recipients);
}
