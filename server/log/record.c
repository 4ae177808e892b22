/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "log/record.h"

/* The end of a line in which a field was left out. */
#define CUT " cut=1\n"

#define ROOM (RECORD_SIZE - sizeof CUT)

/* Room for one more octet of a message, escaped, and the closing quote. */
#define MESSAGE_END 5

static void
add_octet(struct record *record, char c)
{
	if (record->len < ROOM)
		record->text[record->len++] = c;
	else
		record->cut = true;
}

static void
add(struct record *record, const char *octets, size_t len)
{
	if (len <= ROOM - record->len) {
		memcpy(record->text + record->len, octets, len);
		record->len += len;
	} else {
		record->cut = true;
	}
}

static void
add_text(struct record *record, const char *text)
{
	add(record, text, strlen(text));
}

static void
add_hex(struct record *record, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	char text[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

	add(record, text, sizeof text);
}

/* The octets that are written unchanged, with one bit for each octet: printable
 * ASCII without the octets that have a meaning in a text between double quotes,
 * or in a value that is one word.  The comma is left out because it separates
 * values (record_more). */
#define BIT(c)    (UINT64_C(1) << ((c)&63))
#define BELOW_64  (~UINT64_C(0) << ' ')
#define BELOW_128 (~(BIT('\\') | BIT(0x7f)))

static const uint64_t plain_in_text[4] = { BELOW_64 & ~BIT('"'), BELOW_128 };
static const uint64_t plain_in_word[4] = { BELOW_64 &
	    ~(BIT(' ') | BIT('"') | BIT('\'') | BIT(',') | BIT('=')),
	BELOW_128 };

static bool
is_plain(char c, const uint64_t plain[4])
{
	return (plain[(unsigned char)c >> 6] & BIT(c)) != 0;
}

/* Write octets.  Those that are not plain are written as \xNN. */
static void
add_escaped(struct record *record, struct mailin_span value,
    const uint64_t plain[4])
{
	size_t i = 0, start;

	for (;; i++) {
		for (start = i; i < value.len && is_plain(value.ptr[i], plain);
		     i++)
			;
		if (i > start)
			add(record, value.ptr + start, i - start);
		if (i == value.len)
			break;
		add_hex(record, (unsigned char)value.ptr[i]);
	}
}

void
record_begin(struct record *record, enum log_level level, const char *event)
{
	record->cut = false;
	record->len = stamp_write(record->text, level);
	record->is_empty = event == NULL;
	if (event == NULL)
		return;
	add_text(record, "event=");
	add_text(record, event);
}

void
record_begin_fields(struct record *record)
{
	record->cut = record->is_empty = false;
	record->len = 0;
}

void
record_field(struct record *record, const char *name, struct mailin_span value)
{
	size_t before = record->len;
	bool was_cut = record->cut;

	record->cut = false;
	add_octet(record, ' ');
	add_text(record, name);
	add_octet(record, '=');
	add_escaped(record, value, plain_in_word);
	if (record->cut)
		record->len = before;
	record->cut |= was_cut;
}

/* Returns how many octets of the value take at most RECORD_VALUE octets when
 * they are written. */
static size_t
given_length(struct mailin_span value)
{
	size_t i, written = 0;

	for (i = 0; i < value.len; i++) {
		written += is_plain(value.ptr[i], plain_in_word) ? 1 : 4;
		if (written > RECORD_VALUE)
			break;
	}
	return i;
}

void
record_given_field(struct record *record, const char *name,
    struct mailin_span value)
{
	size_t len = given_length(value);

	record->cut |= len < value.len;
	value.len = len;
	record_field(record, name, value);
}

void
record_text_field(struct record *record, const char *name, const char *value)
{
	record_field(record, name, mailin_span_of(value));
}

void
record_number(struct record *record, const char *name, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	record_field(record, name,
	    (struct mailin_span){ digits + at, sizeof digits - at });
}

void
record_seconds(struct record *record, const char *name, uint64_t milliseconds)
{
	char text[32];

	snprintf(text, sizeof text, "%llu.%03u",
	    (unsigned long long)(milliseconds / 1000),
	    (unsigned)(milliseconds % 1000));
	record_text_field(record, name, text);
}

bool
record_more(struct record *record, struct mailin_span value, size_t most)
{
	size_t before = record->len;
	bool was_cut = record->cut, fits;

	record->cut = false;
	add_octet(record, ',');
	add_escaped(record, value, plain_in_word);
	fits = !record->cut && record->len <= most;
	if (!fits)
		record->len = before;
	record->cut = was_cut;
	return fits;
}

void
record_fields(struct record *record, const char *fields, bool cut)
{
	size_t len = strlen(fields), room = ROOM - record->len;

	record->cut |= cut || len > room;
	/* Each field begins with a blank, and has no other. */
	if (len > room)
		for (len = room; len > 0 && fields[len] != ' '; len--)
			;
	add(record, fields, len);
}

/* Add a text.  If it is too long, it is cut. */
void
record_message(struct record *record, const char *text)
{
	struct mailin_span one = { text, 1 };

	add_text(record, record->is_empty ? "msg=\"" : " msg=\"");
	for (; *one.ptr != '\0'; one.ptr++) {
		if (record->len > ROOM - MESSAGE_END) {
			record->cut = true;
			break;
		}
		add_escaped(record, one, plain_in_text);
	}
	add_octet(record, '"');
}

void
record_end(struct record *record)
{
	const char *end = record->cut ? CUT : "\n";

	memcpy(record->text + record->len, end, strlen(end));
	record->len += strlen(end);
}
